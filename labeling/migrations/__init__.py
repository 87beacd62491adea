"""The formats that the database has had, one a module of `versions/`."""

HEAD = "0008"
"""The newest, which this Mien reads and writes."""
