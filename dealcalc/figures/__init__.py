"""What is asked of a priced deal: figures, cash, unit prices and warnings."""
