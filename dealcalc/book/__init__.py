"""Several contracts as one subject: the seller's sites and their cash yield."""
