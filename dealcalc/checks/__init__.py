"""Many files judged: valid or not, claims true or false."""
