"""Tournaments: several algorithms, several seeds, the same compute; in a table of trained networks, or live.

`python -m search.tournament --help` is the command line. From Python:

>>> from search.budget import Budget
>>> from search.tournament import TableRules, conduct, entrants
>>> rules = TableRules(table="digits", budget=Budget.parse(ram="8 KiB"), equivalents=20)
>>> results = conduct(rules, entrants(["random", "aging_evolution"]), seeds=10)  # doctest: +SKIP
"""

from search.tournament.conduct import conduct
from search.tournament.entrant import Entrant, entrants
from search.tournament.frame import curves, finals
from search.tournament.in_table import TableRules
from search.tournament.live import LiveRules
from search.tournament.result import Result
from search.tournament.statistics import Comparison, compare

__all__ = [
    "Comparison",
    "Entrant",
    "LiveRules",
    "Result",
    "TableRules",
    "compare",
    "conduct",
    "curves",
    "entrants",
    "finals",
]
