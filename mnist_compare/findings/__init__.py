"""What the records say, a file for each chapter."""
