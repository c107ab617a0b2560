"""One search from its creation to its last word: what a user holds, the thread behind it, its replay and its end."""
