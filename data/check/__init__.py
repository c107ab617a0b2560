"""What a data set holds, before anything is trained on it: counts, duplicates and warnings."""

from data.check.checking import DataCheck, check_data
from data.check.duplicates import Duplicates, Pair

__all__ = ["DataCheck", "Duplicates", "Pair", "check_data"]
