"""Errors of the search package.

SearchError
├── BudgetError      a budget that cannot be read or that no network can meet
├── SettingsError    a setting of a run that cannot work
├── JournalError     a run's journal that cannot be read or written
├── RunError         a run that cannot do what was asked of it
├── TrainingError    a training or an export that failed in its worker
└── DeployError      a network that cannot be brought to a board, or a file of it that cannot be written
"""


class SearchError(Exception):
    """Base of every error that this package raises on purpose; the message is one sentence for people."""


class BudgetError(SearchError):
    """A budget that cannot be read, or that no network of the space can meet."""


class SettingsError(SearchError):
    """A setting of a run that is unknown or cannot work."""


class JournalError(SearchError):
    """A journal that cannot be read or written; the file is left as it was."""


class RunError(SearchError):
    """A run was asked for something that it does not have or cannot do now."""


class TrainingError(SearchError):
    """A training or an export failed in its worker process."""


class DeployError(SearchError):
    """A network that cannot be brought to a board, or a file of it that cannot be written."""
