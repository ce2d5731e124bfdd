"""Numbers, tables and sentences as the prose has them, in every language."""
