"""Text to a scenario, or every problem with its place. Prices nothing."""
