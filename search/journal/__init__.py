"""What a run writes down, and what has happened in it by that: the file, its records, the history made of them."""

from search.journal.file import FILE_NAME, SCHEMA, Journal, read

__all__ = ["FILE_NAME", "SCHEMA", "Journal", "read"]
