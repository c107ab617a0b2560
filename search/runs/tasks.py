"""What a run asks its workers to do, as plain values; the work itself is named by dotted path, never imported here."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data import kind_of
from data.fingerprint import Fingerprint
from search.errors import RunError
from search.executors import LOGS, Task
from search.journal.records import FinalRecord
from search.recipe import BUILT_IN_TEACHER, TEACHER_FILE, Recipe
from search.recipes.catalogue import named_recipe
from search.recipes.named import NamedRecipe, Plan, Situation
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
        data: what the run was trained on before, where nothing else will do; None where anything will.
        warm_up_path, train_path, export_path, finalise_path: functions that workers call.
    """

    settings: RunSettings
    space: SearchSpace
    folder: Path
    data: Fingerprint | None = None
    warm_up_path: str = "search.training.tasks:warm_up"
    train_path: str = "search.training.tasks:train_trial"
    export_path: str = "search.training.tasks:export_trial"
    finalise_path: str = "search.training.tasks:finalise_trial"

    def warm_up(self, number: int | None = None) -> Task:
        """Load what every training needs.

        Args:
            number: of the worker, which then says in its file of `loading` how far it is.
        """
        s = self.settings
        sizes = {"train_size": s.train_size, "validation_size": s.validation_size}
        dataset = {"name": s.dataset, "data_dir": s.data_dir, **sizes}
        document = {"dataset": dataset, "recipe": s.recipe.to_json(), "folder": str(self.folder)}
        if self.data is not None:
            document["data"] = asdict(self.data)
        if number is not None:
            document["loading"] = str(self.loading(number))
        return self._task(self.warm_up_path, document)

    def train(
        self, trial: Trial, *, network: int | None = None, keep: bool | None = None, resume: bool = False
    ) -> Task:
        """Train `trial`; its seed follows from the run's seed and the number of its network.

        Every trial writes files of its own, so a promotion that is cut off leaves those that it began from alone.

        Args:
            trial: with the epochs to reach.
            network: number of the first trial of the network; by default the trial's own.
            keep: write a checkpoint, from which a longer training can go on; by default as the trial asks.
            resume: go on from the checkpoint of the trial that this one promotes, or else from its own.
        """
        origin = trial.id if trial.promotes is None else trial.promotes
        weights, checkpoint, before = self.weights(trial.id), self.checkpoint(trial.id), self.checkpoint(origin)
        keep = trial.keep if keep is None else keep
        document = {
            **self.warm_up().values,
            "space": self.settings.space,
            "architecture": self.space.to_json(trial.architecture),
            "epochs": trial.epochs,
            "schedule": self.settings.epochs,
            "cooldown": trial.cooldown,
            "seed": (self.settings.seed * 1_000_003 + (trial.id if network is None else network)) % 2**31,
            "genes": dict(trial.genes),
            "weights": str(weights),
            "checkpoint": str(checkpoint),
            "keep": keep,
            "resume": str(before) if resume else None,
        }
        reads, writes = [before] if resume else [], [weights, checkpoint] if keep else [weights]
        return self._task(self.train_path, document, reads, writes)

    def export(self, observation: Observation, to: Path, *, final: FinalRecord | None = None) -> Task:
        """Write the network of a trained trial to `to`.

        Args:
            observation: of the trial.
            to: the file.
            final: the training of it whose weights are meant; None for that of the search.

        Raises:
            RunError: the trial was not trained.
        """
        if observation.status != "trained":
            raise RunError(f"Trial {observation.trial_id} was not trained, so there is nothing to export.")
        trained = observation if final is None else final
        weights = self.weights(observation.trial_id)
        if final is not None:
            weights = self.final_weights(named_recipe(final.recipe), final.id, final.seed)
        channels = None if trained.channels is None else dict(trained.channels)
        task = self.train(observation.trial).changed(
            weights=str(weights), channels=channels, val_error=trained.val_error, to=str(to)
        )
        return self._task(self.export_path, task.values, [weights], [to])

    def plan(self, named: NamedRecipe) -> Plan:
        """What a named recipe comes to for this run."""
        s = self.settings
        return named.plan(Situation(s.recipe, s.epochs, kind_of(s.dataset), self.space.input_shape))

    def lacks_teacher(self, recipe: Recipe) -> bool:
        """Whether a recipe asks for the built-in teacher, and the run has none yet."""
        built_in = recipe.distillation is not None and recipe.distillation.teacher == BUILT_IN_TEACHER
        return built_in and not (self.folder / TEACHER_FILE).exists()

    def finalise(self, trial: Trial, seed: int, named: NamedRecipe) -> Task:
        """Train the network of `trial` anew by a named recipe, and measure it on every split.

        Args:
            trial: of the network.
            seed: counts the repetitions; none is the seed of the search.
            named: the recipe; where it keeps weights, they are written too.
        """
        plan = self.plan(named)
        repeated = (self.settings.seed * 1_000_003 + trial.id + 500_009 * (seed + 1)) % 2**31
        kept = self.final_weights(named, trial.id, seed) if named.keeps else None
        task = self.train(trial, keep=False).changed(
            epochs=plan.epochs, recipe=plan.recipe.to_json(), seed=repeated, keep_weights=kept and str(kept)
        )
        return self._task(self.finalise_path, task.values, writes=[] if kept is None else [kept])

    def _task(
        self, path: str, document: Mapping[str, Any], reads: Iterable[Path] = (), writes: Iterable[Path] = ()
    ) -> Task:
        s, teacher = self.settings, self.folder / TEACHER_FILE
        distils = document["recipe"]["distillation"] is not None
        return Task(
            path,
            (dict(document),),
            reads=(*reads, teacher) if distils else tuple(reads),
            writes=(*writes, teacher) if distils else tuple(writes),
            folder=self.folder,
            places=() if s.data_dir is None else (s.data_dir,),
        )

    def discard_checkpoints(self, trial_ids: Iterable[int]) -> None:
        """Remove the checkpoints of trials that have been promoted; a file that cannot be removed stays."""
        for trial_id in trial_ids:
            with contextlib.suppress(OSError):
                self.checkpoint(trial_id).unlink(missing_ok=True)

    def keep_best(self, named: NamedRecipe, best: FinalRecord, seeds: Iterable[int]) -> None:
        """Of the weights that a trial got by a named recipe, remove those of all these seeds but the best one."""
        for seed in seeds:
            if seed != best.seed:
                with contextlib.suppress(OSError):
                    self.final_weights(named, best.id, seed).unlink(missing_ok=True)

    def weights(self, trial_id: int) -> Path:
        """Where the weights of a trial are."""
        return self.folder / WEIGHTS / f"{trial_id}.npz"

    def loading(self, number: int) -> Path:
        """Where one of the workers that begin, counted from 0, says how far it is, until the data are loaded."""
        return self.folder / LOGS / f"loading-{number + 1}.json"

    def final_weights(self, named: NamedRecipe, trial_id: int, seed: int) -> Path:
        """Where the weights are that a trial got by a named recipe with a seed, if they were kept."""
        return self.folder / WEIGHTS / f"{trial_id}.{named.slug}-{seed}.npz"

    def checkpoint(self, trial_id: int) -> Path:
        """Where the checkpoint of a trial is, if one was kept."""
        return self.folder / WEIGHTS / f"{trial_id}.checkpoint.npz"
