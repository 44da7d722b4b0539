"""What a contract can say: dates, values, words and types. Pure: imports nothing else of ours."""
