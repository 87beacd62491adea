"""The formats that the database has had, one a module of `versions/`."""

HEAD = "0006"
"""The newest, which this Mien reads and writes."""
