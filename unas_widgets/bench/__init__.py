"""The Workbench's deeds, one file for each kind: searching, replaying, and what is done when a search is over."""
