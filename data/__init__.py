"""Data sets: labelled arrays with fixed, seeded splits. Needs no machine learning framework."""

from data.catalogue import DatasetInfo, datasets, describe, kind_of, load
from data.dataset import Dataset, Split
from data.errors import DataError, DatasetSizeError, DatasetUnavailableError, UnknownDatasetError
from data.example_kinds import Kind
from data.phase import Phase, telling
from data.recorded import recorded_run, recorded_runs
from data.splits import stratified_split

__all__ = [
    "DataError",
    "Dataset",
    "DatasetInfo",
    "DatasetSizeError",
    "DatasetUnavailableError",
    "Kind",
    "Phase",
    "Split",
    "UnknownDatasetError",
    "datasets",
    "describe",
    "kind_of",
    "load",
    "recorded_run",
    "recorded_runs",
    "stratified_split",
    "telling",
]
