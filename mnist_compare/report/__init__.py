"""The research report: how its numbers, figures and documents come from the records."""
