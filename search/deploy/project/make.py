"""From a trained network of a run to its folder."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import data
from data import Dataset
from search.deploy.project.card import CARD, model_card, readme
from search.deploy.project.contents import Contents, Tell, contents, silent
from search.deploy.project.folder import refuse_changed, write_folder
from search.deploy.project.forms import form_files, form_words, forms_of
from search.deploy.proof.cortex_m.simulate import CORES
from search.recipes.named import AS_SEARCHED
from search.runs.export_result import ExportResult
from search.spaces import space as find_space

if TYPE_CHECKING:  # a run has these as its methods
    from search.runs.run import WritableRun

ALL = "all"
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Exported:
    """A folder that was written: its path, its zip, what the worker measured, and what is in it."""

    path: Path
    archive: Path
    measured: ExportResult
    contents: Contents

    def to_json(self) -> dict[str, Any]:
        """What the command prints as JSON."""
        found = self.contents
        return {
            "path": str(self.path),
            "archive": str(self.archive),
            "name": found.written.name,
            "model_bytes": len(found.model),
            "ram_bytes": found.written.plan.bytes,
            "weight_bytes": found.written.weight_bytes,
            "int8_val_error": 1 - found.accuracy["int8_board"],
            "litert_val_error": self.measured.litert_val_error,
            "float_val_error": self.measured.float_val_error,
            "validation_size": self.measured.validation_size,
            "verified": [record.to_json() for record in found.verified],
        }


def export_project(
    run: WritableRun,
    trial_id: int,
    to: Path | str,
    *,
    form: str = ALL,
    recipe: str = AS_SEARCHED,
    name: str | None = None,
    tell: Tell = silent,
) -> Exported:
    """Write a trained network as a folder: the model, the C in one form or all, a self-test, and cards.

    Returns when the folder is written, which takes some ten seconds: the network is converted and measured in a worker
    process, run as C and, where these are installed, by TensorFlow Lite Micro and on simulated cores.

    Args:
        run: that trained it.
        trial_id: its number.
        to: the folder; new, empty, or of an earlier export that nobody changed.
        form: one of `FORMS`.
        recipe: whose weights, as for `Run.export`.
        name: of the program; by default the data set's name and the trial's number.
        tell: is told in a few words what is done next, in the thread that called.

    Raises:
        DeployError: there is no such form, the folder has other files, the network cannot be exported, or the C does
            not give the same bytes. Then nothing is written.
        RunError, SettingsError, TrainingError: as `Run.export` raises them.
    """
    forms, to = forms_of(form), Path(to)
    refuse_changed(to)
    measured, found = gathered(run, trial_id, load_dataset(run), recipe=recipe, name=name, tell=tell)
    write_folder(to, project_files(found, forms))
    return Exported(to.resolve(), to.resolve() / f"{found.written.name}.zip", measured, found)


def load_dataset(run: WritableRun) -> Dataset:
    """The data set of a run, split as there."""
    s = run.settings
    return data.load(s.dataset, data_dir=s.data_dir, train_size=s.train_size, validation_size=s.validation_size)


def gathered(
    run: WritableRun,
    trial_id: int,
    dataset: Dataset,
    *,
    recipe: str = AS_SEARCHED,
    name: str | None = None,
    tell: Tell = silent,
) -> tuple[ExportResult, Contents]:
    """What the worker measured, and what an export of the network is made of, verified; as `export_project`."""
    tell("Writing the int8 file and measuring it")
    with tempfile.TemporaryDirectory(prefix="unas-") as folder:
        measured = run.export(trial_id, Path(folder) / "model.tflite", recipe=recipe).result()
        model = measured.path.read_bytes()
    litert = measured.litert_val_error
    accuracy = {"float": 1 - measured.float_val_error, "int8_litert": None if litert is None else 1 - litert}
    found = contents(
        model,
        name or f"{dataset.name} {trial_id}",
        dataset,
        accuracy=accuracy,
        source=_source(run, trial_id, recipe, dataset),
        cores=CORES,
        tell=tell,
    )
    return measured, found


def project_files(found: Contents, forms: tuple[str, ...]) -> dict[str, bytes]:
    """All files of a folder by path: the same contents give the same bytes."""
    files = {"model.tflite": found.model}
    for form in forms:
        files.update(form_files(found, form))
    files["README.md"] = readme(found, {form: form_words(form) for form in forms}).encode()
    files[f"{found.written.name}.zip"] = _zipped(files, found.written.name)
    files[CARD] = model_card(found, files).encode()
    return files


def _zipped(files: Mapping[str, bytes], name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"{name}/{path}", _EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _source(run: WritableRun, trial_id: int, recipe: str, dataset: Dataset) -> dict[str, Any]:
    trial = run.observation(trial_id).trial
    space = find_space(run.settings.space, dataset.input_shape, dataset.num_classes)
    return {
        "dataset": dataset.name,
        "trial": trial_id,
        "recipe": recipe,
        "space": run.settings.space,
        "architecture": space.to_json(trial.architecture),
        "seed": run.settings.seed,
        "board": run.settings.board,
        "budget": run.settings.budget.to_json(),
        "estimates": asdict(run.observation(trial_id).costs),
        "versions": {package: _version(package) for package in ("unas-workbench", "numpy", "keras", "ai-edge-litert")},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
