"""What a run asks its workers to do, as plain values; the work itself is named by dotted path, never imported here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.errors import RunError
from search.settings import RunSettings
from search.spaces import SearchSpace
from search.trial import Observation, Trial

WEIGHTS = "weights"


@dataclass(frozen=True, slots=True)
class Tasks:
    """Makes the tasks of one run.

    Attributes:
        settings: of the run.
        space: of the run.
        folder: of the run; weights are kept in it.
        warm_up_path, train_path, export_path: functions that workers call.
    """

    settings: RunSettings
    space: SearchSpace
    folder: Path
    warm_up_path: str = "search.training.tasks:warm_up"
    train_path: str = "search.training.tasks:train_trial"
    export_path: str = "search.training.tasks:export_trial"

    def warm_up(self) -> dict[str, Any]:
        """Load what every training needs."""
        s = self.settings
        sizes = {"train_size": s.train_size, "validation_size": s.validation_size}
        dataset = {"name": s.dataset, "data_dir": s.data_dir, **sizes}
        return {"dataset": dataset, "recipe": s.recipe.to_json(), "folder": str(self.folder)}

    def train(self, trial: Trial, *, keep: bool = False, resume: bool = False) -> dict[str, Any]:
        """Train `trial`; its seed follows from the run's seed and its number.

        Args:
            trial: with the epochs to reach.
            keep: write a checkpoint, from which a longer training of the trial can go on.
            resume: go on from the checkpoint of a shorter training of the trial.
        """
        return {
            **self.warm_up(),
            "space": self.settings.space,
            "architecture": self.space.to_json(trial.architecture),
            "epochs": trial.epochs,
            "seed": (self.settings.seed * 1_000_003 + trial.id) % 2**31,
            "genes": dict(trial.genes),
            "weights": str(self.weights(trial.id)),
            "checkpoint": str(self.checkpoint(trial.id)),
            "keep": keep,
            "resume": resume,
        }

    def export(self, observation: Observation, to: Path) -> dict[str, Any]:
        """Write the network of a trained trial to `to`.

        Raises:
            RunError: the trial was not trained.
        """
        if observation.status != "trained":
            raise RunError(f"Trial {observation.trial_id} was not trained, so there is nothing to export.")
        channels = None if observation.channels is None else dict(observation.channels)
        task = self.train(observation.trial)
        return {**task, "channels": channels, "val_error": observation.val_error, "to": str(to)}

    def weights(self, trial_id: int) -> Path:
        """Where the weights of a trial are."""
        return self.folder / WEIGHTS / f"{trial_id}.npz"

    def checkpoint(self, trial_id: int) -> Path:
        """Where the checkpoint of a trial is, if one was kept."""
        return self.folder / WEIGHTS / f"{trial_id}.checkpoint.npz"
