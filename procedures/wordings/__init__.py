"""What papers say: the lines of each procedure, days and numbers in words."""
