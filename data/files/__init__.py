"""Files: where they are, how they are fetched, and the formats that are read."""
