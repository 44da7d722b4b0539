"""What each command answers, as a report, and what several of them say. Nothing here prints."""
