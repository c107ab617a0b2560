"""One trial: its figures in tabs, its row in the table, where it comes from and how it learnt."""
