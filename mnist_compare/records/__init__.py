"""The records of what was trained and measured: written atomically, read as tidy frames."""
