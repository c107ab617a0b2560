"""What a data set holds, before anything is trained on it: counts, duplicates, warnings, and a fingerprint of it."""

from data.check.checking import DataCheck, check_data
from data.check.duplicates import Duplicates, Pair
from data.check.fingerprint import Fingerprint, PartPrint, fingerprint

__all__ = ["DataCheck", "Duplicates", "Fingerprint", "Pair", "PartPrint", "check_data", "fingerprint"]
