"""A report as a screen table, CSV, JSON, Markdown, page, picture or workbook."""
