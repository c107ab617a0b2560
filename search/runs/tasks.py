"""What a run asks its workers to do, as plain values; the work itself is named by dotted path, never imported here."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
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
        warm_up_path, train_path, export_path, finalise_path: functions that workers call.
    """

    settings: RunSettings
    space: SearchSpace
    folder: Path
    warm_up_path: str = "search.training.tasks:warm_up"
    train_path: str = "search.training.tasks:train_trial"
    export_path: str = "search.training.tasks:export_trial"
    finalise_path: str = "search.training.tasks:finalise_trial"

    def warm_up(self) -> dict[str, Any]:
        """Load what every training needs."""
        s = self.settings
        sizes = {"train_size": s.train_size, "validation_size": s.validation_size}
        dataset = {"name": s.dataset, "data_dir": s.data_dir, **sizes}
        return {"dataset": dataset, "recipe": s.recipe.to_json(), "folder": str(self.folder)}

    def train(
        self, trial: Trial, *, network: int | None = None, keep: bool | None = None, resume: bool = False
    ) -> dict[str, Any]:
        """Train `trial`; its seed follows from the run's seed and the number of its network.

        Every trial writes files of its own, so a promotion that is cut off leaves those that it began from alone.

        Args:
            trial: with the epochs to reach.
            network: number of the first trial of the network; by default the trial's own.
            keep: write a checkpoint, from which a longer training can go on; by default as the trial asks.
            resume: go on from the checkpoint of the trial that this one promotes, or else from its own.
        """
        origin = trial.id if trial.promotes is None else trial.promotes
        return {
            **self.warm_up(),
            "space": self.settings.space,
            "architecture": self.space.to_json(trial.architecture),
            "epochs": trial.epochs,
            "schedule": self.settings.epochs,
            "seed": (self.settings.seed * 1_000_003 + (trial.id if network is None else network)) % 2**31,
            "genes": dict(trial.genes),
            "weights": str(self.weights(trial.id)),
            "checkpoint": str(self.checkpoint(trial.id)),
            "keep": trial.keep if keep is None else keep,
            "resume": str(self.checkpoint(origin)) if resume else None,
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

    def finalise(self, trial: Trial, seed: int) -> dict[str, Any]:
        """Train the network of `trial` anew, for the run's full number of epochs, and measure it on every split.

        Args:
            trial: of the network.
            seed: counts the repetitions; none is the seed of the search.
        """
        repeated = (self.settings.seed * 1_000_003 + trial.id + 500_009 * (seed + 1)) % 2**31
        return {**self.train(trial, keep=False), "epochs": self.settings.epochs, "seed": repeated}

    def discard_checkpoints(self, trial_ids: Iterable[int]) -> None:
        """Remove the checkpoints of trials that have been promoted; a file that cannot be removed stays."""
        for trial_id in trial_ids:
            with contextlib.suppress(OSError):
                self.checkpoint(trial_id).unlink(missing_ok=True)

    def weights(self, trial_id: int) -> Path:
        """Where the weights of a trial are."""
        return self.folder / WEIGHTS / f"{trial_id}.npz"

    def checkpoint(self, trial_id: int) -> Path:
        """Where the checkpoint of a trial is, if one was kept."""
        return self.folder / WEIGHTS / f"{trial_id}.checkpoint.npz"
