"""Numbers for people, and the columns, axes and bands that the pictures are drawn from."""
