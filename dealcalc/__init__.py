"""dealcalc: what a capacity contract pays, month by month, and how much of it is firm."""
