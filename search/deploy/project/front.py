"""The whole front at once: every network exported in memory, and compared byte for byte."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from data import Dataset
from resource_models import ResourceModelError
from search.deploy.project.contents import Tell, silent
from search.deploy.project.make import gathered, load_dataset
from search.deploy.project.verified import VerifiedTrial, write_verified
from search.errors import DeployError, TrainingError

if TYPE_CHECKING:  # a run has this as its method
    from search.runs.run import WritableRun


def verify_front(run: WritableRun, *, tell: Tell = silent) -> tuple[VerifiedTrial, ...]:
    """Verify every network of a run's front, and write what came of it into the run's folder.

    A network that cannot be exported, or whose weights are gone, says so in its `problem`; the others go on.

    Args:
        run: whose front.
        tell: is told in a few words what is done next, in the thread that called.

    Returns:
        One for each network, in the order of the front.

    Raises:
        DataError: the data set cannot be loaded.
        JournalError: the file of earlier ones is damaged, or cannot be written.
        RunError: code of a stranger's would have to be imported.
    """
    front = run.front()
    if not front:
        return ()
    dataset = load_dataset(run)
    found = []
    for number, observation in enumerate(front, start=1):
        tell(f"Trial {observation.trial_id}, {number} of {len(front)}")
        found.append(_verified(run, observation.trial_id, dataset, tell))
    write_verified(run.folder, found)
    return tuple(found)


def _verified(run: WritableRun, trial_id: int, dataset: Dataset, tell: Tell) -> VerifiedTrial:
    try:
        measured, found = gathered(run, trial_id, dataset, tell=tell)
    except (DeployError, TrainingError, ResourceModelError) as error:
        return VerifiedTrial(trial_id, problem=str(error))
    return VerifiedTrial(
        trial=trial_id,
        sha256=hashlib.sha256(found.model).hexdigest(),
        int8_val_error=1 - found.accuracy["int8_board"],
        litert_val_error=measured.litert_val_error,
        ram_bytes=found.written.plan.bytes,
        weight_bytes=found.written.weight_bytes,
        arena_bytes=found.arena_bytes,
        verified=tuple(record.against for record in found.verified if record.verified),
        not_verified=tuple(record.words for record in found.verified if record.reason),
    )
