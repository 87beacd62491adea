"""The formats that the database has had, one a module of `versions/`."""

HEAD = "0007"
"""The newest, which this Mien reads and writes."""
