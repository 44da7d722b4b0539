"""One module per command: what it answers, as a report. Nothing here prints."""
