"""The command line of the search: `python -m search --help`.

With `--json` the last line of stdout is the whole answer; everything else goes to stderr. Exit status: 0 done,
1 every training failed, 2 bad input, 130 interrupted (what was finished is kept).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

import data
from search.algorithms import DEFAULT
from search.budget import Budget
from search.cli import catalogue, console
from search.cli import sample as sampling
from search.cli.console import Format
from search.cli.failures import BAD_INPUT, FAILED, INTERRUPTED, heed_termination, leave, run_app
from search.errors import RunError, SettingsError, TrainingError
from search.presets import Preset, adjusted
from search.presets import preset as find_preset
from search.problem import Problem
from search.recipe import Recipe
from search.runs.events import RunState
from search.runs.finalise import DEFAULT_SEEDS
from search.runs.run import Run
from search.settings import DEFAULT_EPOCHS, DEFAULT_TRIALS, RunSettings

CLASSES = 10

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Search for neural networks that fit a microcontroller.",
)

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one line of JSON, the last of stdout.")]
CsvFlag = Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the run.")]


def _text(name: str, help_text: str, default: str = "none") -> Any:
    return typer.Option(name, help=help_text, show_default=default)


@app.command()
def run(
    out: Annotated[
        Path,
        typer.Option(
            metavar="DIR", help="Folder of the run; a run in it is continued, under another budget if one is given."
        ),
    ],
    dataset: Annotated[
        str | None, _text("--dataset", "Data set: see `python -m search datasets`.", "the preset's; else required")
    ] = None,
    preset: Annotated[
        str | None, _text("--preset", "Ready-made settings: see `python -m search presets`. Other options override it.")
    ] = None,
    board: Annotated[str | None, _text("--board", "Board id or file; fills in RAM and flash not given.")] = None,
    ram: Annotated[str | None, _text("--ram", "RAM, e.g. 16KiB.", "the preset's or board's, or none")] = None,
    flash: Annotated[
        str | None, _text("--flash", "Flash for the model, e.g. 64KiB.", "the preset's or board's, or none")
    ] = None,
    latency: Annotated[str | None, _text("--latency", "One inference, e.g. 20ms.")] = None,
    macs: Annotated[str | None, _text("--macs", "Multiply-accumulates, e.g. 1M.", "the preset's, or none")] = None,
    error: Annotated[
        str | None, _text("--error", "Target for the validation error, e.g. 0.05.", "the preset's, or none")
    ] = None,
    bounds: Annotated[str | None, _text("--bounds", "hard: over budget is never trained; soft: it is.", "hard")] = None,
    accounting: Annotated[
        str | None, _text("--accounting", "tflm: what fits the board; unas: as published.", "the preset's, or tflm")
    ] = None,
    runtime: Annotated[str | None, _text("--runtime", "Inference runtime.", "the board's own")] = None,
    space: Annotated[str, typer.Option(help="Search space.")] = "cnn",
    algorithm: Annotated[str, typer.Option(help="Name, or package.module:Class.")] = DEFAULT,
    train_size: Annotated[int | None, _text("--train-size", "Training examples.", "the data set's")] = None,
    validation_size: Annotated[int | None, _text("--validation-size", "Validation examples.", "the data set's")] = None,
    data_dir: Annotated[
        str | None, _text("--data-dir", "Folder with local copies of data sets.", "UNAS_DATA_DIR, or none")
    ] = None,
    epochs: Annotated[
        int | None, _text("--epochs", "Epochs of every training.", f"the preset's, or {DEFAULT_EPOCHS}")
    ] = None,
    augmentation: Annotated[
        str | None, _text("--augmentation", "on: changed images, as presets have it; none.", "the preset's, or none")
    ] = None,
    pruning: Annotated[
        str | None, _text("--pruning", "While training: structured, unstructured or none.", "the preset's, or none")
    ] = None,
    teacher: Annotated[
        str | None, _text("--teacher", "Distil from: cnn (trained first), a Keras model file, or none.")
    ] = None,
    workers: Annotated[int | None, _text("--workers", "Processes.", "as many as the machine allows")] = None,
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 0,
    trials: Annotated[
        int | None, _text("--trials", "End after so many.", f"{DEFAULT_TRIALS} without another limit")
    ] = None,
    minutes: Annotated[float | None, _text("--minutes", "End after so many.")] = None,
    cpu_seconds: Annotated[float | None, _text("--cpu-seconds", "End after so many, all processes.")] = None,
    options: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Option of the algorithm.", show_default="none"),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Search, or continue the search in DIR."""
    base = None if preset is None else find_preset(preset)
    if dataset is None and base is None:
        raise SettingsError("Name a data set with --dataset, or ready-made settings with --preset.")
    dataset = _either(dataset, base, "dataset")
    recipe = Recipe() if base is None else base.recipe(epochs)
    settings = RunSettings(
        dataset=dataset,
        board=board,
        runtime=runtime,
        accounting=console.accounting(_either(accounting, base, "accounting", "tflm")),
        space=space,
        algorithm=algorithm,
        options=console.algorithm_options(options or []),
        budget=Budget.parse(
            ram=_either(ram, base, "ram"),
            flash=_either(flash, base, "flash"),
            latency=latency,
            macs=_either(macs, base, "macs"),
            error=_either(error, base, "error"),
            bounds=bounds or "hard",
        ),
        board_fills=console.board_fills(ram=ram, flash=flash),
        recipe=adjusted(recipe, dataset=dataset, augmentation=augmentation, pruning=pruning, teacher=teacher),
        data_dir=data_dir,
        epochs=_either(epochs, base, "epochs", DEFAULT_EPOCHS),
        train_size=train_size,
        validation_size=validation_size,
        workers=workers,
        seed=seed,
        trials=trials,
        minutes=minutes,
        cpu_seconds=cpu_seconds,
    )
    given = {"ram": ram, "flash": flash, "latency": latency, "macs": macs, "error": error, "bounds": bounds}
    raise typer.Exit(_conduct(_open_or_create(settings, out, given), as_json=as_json))


@app.command()
def front(folder: Folder, as_json: JsonFlag = False, as_csv: CsvFlag = False) -> None:
    """Print the front of the run in DIR."""
    form = Format.of(as_json, as_csv)
    rows = [o.metrics() for o in Run.open(folder).front()]
    console.print_rows(rows, form, empty="No trial is trained yet.")


@app.command()
def trials(folder: Folder, as_json: JsonFlag = False, as_csv: CsvFlag = False) -> None:
    """Print all trained and failed networks of the run in DIR."""
    form = Format.of(as_json, as_csv)
    rows = [{**o.metrics(), "status": o.status} for o in Run.open(folder).networks()]
    console.print_rows(rows, form, empty="No trial is over yet.")


@app.command()
def export(
    folder: Folder,
    trial: Annotated[int, typer.Argument(metavar="TRIAL", help="Number of a trained trial.")],
    to: Annotated[Path, typer.Option(metavar="OUT", help="Folder to write model.tflite in.")] = Path("export"),
    as_json: JsonFlag = False,
) -> None:
    """Write a trained trial as OUT/model.tflite, int8, and measure it."""
    result = Run.open(folder).export(trial, to / "model.tflite").result()
    console.print_export(result, as_json=as_json)


@app.command(name="finalise")
def finalise_run(
    folder: Folder,
    seeds: Annotated[int, typer.Option(min=1, help="Trainings of each network.")] = DEFAULT_SEEDS,
    as_json: JsonFlag = False,
) -> None:
    """Train the front of DIR again with several seeds, as int8 too, and measure it on the test split."""
    finals = Run.open(folder).finalise(seeds=seeds, tell=console.tell_finals)
    rows = [final.metrics() for final in finals]
    console.print_rows(rows, Format.of(as_json), empty="No trial is trained yet.")


@app.command()
def sample(
    dataset: Annotated[
        str | None, _text("--dataset", "Data set: see `python -m search datasets`.", "none; needed without --input")
    ] = None,
    input_shape: Annotated[str | None, _text("--input", "Shape of the inputs, e.g. 28x28x1.", "the data set's")] = None,
    classes: Annotated[int | None, _text("--classes", "Classes.", f"the data set's, or {CLASSES}")] = None,
    space: Annotated[str, typer.Option(help="Search space.")] = "cnn",
    board: Annotated[str | None, _text("--board", "Board id or file; fills in RAM and flash not given.")] = None,
    ram: Annotated[str | None, _text("--ram", "RAM, e.g. 16KiB.", "the board's, or none")] = None,
    flash: Annotated[str | None, _text("--flash", "Flash for the model, e.g. 64KiB.", "the board's, or none")] = None,
    latency: Annotated[str | None, _text("--latency", "One inference, e.g. 20ms.")] = None,
    macs: Annotated[str | None, _text("--macs", "Multiply-accumulates, e.g. 1M.")] = None,
    accounting: Annotated[str, typer.Option(help="tflm: what fits the board; unas: as published.")] = "tflm",
    runtime: Annotated[str | None, _text("--runtime", "Inference runtime.", "the board's own")] = None,
    data_dir: Annotated[
        str | None, _text("--data-dir", "Folder with local copies of data sets.", "UNAS_DATA_DIR, or none")
    ] = None,
    count: Annotated[int, typer.Option(min=1, help="Networks.")] = 10,
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 0,
    to: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder to write in; files of the same names are replaced.")
    ] = Path("samples"),
    tflite: Annotated[
        bool,
        typer.Option("--tflite", help="Also write each as an int8 .tflite with random weights.", show_default="no"),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Write random networks that are within the budget, for benchmarks on boards."""
    if (dataset is None) == (input_shape is None):
        raise SettingsError("Name either a data set with --dataset, or the shape of the inputs with --input.")
    if dataset is not None and classes is not None:
        raise SettingsError("--classes goes with --input; a data set has its own.")
    settings = RunSettings(
        dataset=dataset or f"input {input_shape}",
        board=board,
        runtime=runtime,
        accounting=console.accounting(accounting),
        space=space,
        budget=Budget.parse(ram=ram, flash=flash, latency=latency, macs=macs),
        board_fills=console.board_fills(ram=ram, flash=flash),
        data_dir=data_dir,
        seed=seed,
    )
    shape = None if input_shape is None else sampling.parse_input(input_shape)
    problem = sampling.sampling_problem(settings, shape=shape, classes=CLASSES if classes is None else classes)
    sampling.prepare_folder(to)
    convert = _converter(problem, from_data=dataset is not None) if tflite else None
    rows: list[dict[str, Any]] = []
    drawn = 0
    for one in sampling.draw(problem, count=count, seed=seed, tell=_tell_draws):
        drawn = one.drawn
        files: dict[str, Any] = {"file": str(sampling.write_sample(one, problem, to))}
        if convert is not None:
            files |= convert(one, to / f"{one.name}.tflite")
        rows.append({**one.metrics(), **files})
        print(f"sample {one.number} of {count} written", file=sys.stderr, flush=True)
    if as_json:
        print(json.dumps({"count": len(rows), "drawn": drawn, "networks": rows}))
        return
    print(f"{len(rows)} networks within the budget ({problem.budget}) among {drawn} random ones; folder {to}")
    console.print_rows(rows, Format.TABLE, empty="There is none.")


@app.command()
def algorithms(as_json: JsonFlag = False) -> None:
    """List the search algorithms."""
    console.print_rows(catalogue.algorithm_rows(), Format.of(as_json), empty="There is none.")


@app.command()
def datasets(as_json: JsonFlag = False) -> None:
    """List the data sets."""
    console.print_rows(catalogue.dataset_rows(), Format.of(as_json), empty="There is none.")


@app.command()
def spaces(as_json: JsonFlag = False) -> None:
    """List the search spaces."""
    console.print_rows(catalogue.space_rows(), Format.of(as_json), empty="There is none.")


@app.command()
def presets(as_json: JsonFlag = False) -> None:
    """List the ready-made configurations."""
    console.print_rows(catalogue.preset_rows(), Format.of(as_json), empty="There is no preset yet.")


def _tell_draws(drawn: int, found: int) -> None:
    print(f"{drawn} random networks, {found} of them within the budget", file=sys.stderr, flush=True)


def _converter(problem: Problem, *, from_data: bool) -> Callable[[sampling.Sample, Path], dict[str, Any]]:
    """What writes a sample with random weights as an int8 file and says where, and how large it is.

    Args:
        problem: what is sampled.
        from_data: calibrate with examples of the data set's training split, not with random ones.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before TensorFlow loads; it is talkative
    from search.training import runtime
    from search.training.arrays import write_bytes
    from search.training.build import build_keras
    from search.training.quantise import CALIBRATION_EXAMPLES, to_int8

    runtime.configure()
    settings = problem.settings
    if from_data:
        examples = data.load(settings.dataset, data_dir=settings.data_dir).train.as_float()[:CALIBRATION_EXAMPLES]
    else:
        shape = (CALIBRATION_EXAMPLES, *problem.space.input_shape)
        examples = np.random.default_rng(settings.seed).random(shape, dtype=np.float32)

    def convert(sample: sampling.Sample, path: Path) -> dict[str, Any]:
        rng = np.random.default_rng((settings.seed, sample.number))
        model = build_keras(sample.graph)
        model.set_weights([sampling.random_weights(w.name, w.shape, rng) for w in model.weights])
        content = to_int8(model, examples)
        write_bytes(path, content)
        runtime.forget_models()
        return {"tflite": str(path), "tflite_bytes": len(content)}

    return convert


def _either(given: Any, base: Preset | None, name: str, default: Any = None) -> Any:
    """What was given, else the preset's value of that name, else the default."""
    if given is not None:
        return given
    return default if base is None else getattr(base, name)


def _open_or_create(settings: RunSettings, folder: Path, bounds: Mapping[str, str | None]) -> Run:
    """A new run, or the one in `folder` with the limits of `settings` and with those bounds that were given."""
    existing = Run.open(folder) if Run.exists(folder) else None
    if existing is None or existing.untouched:
        return Run.create(settings, folder)
    before = existing.settings.budget
    existing.extend(replace(settings, budget=before))
    existing.change_budget(before.changed(**bounds))
    console.tell_budget(before, existing.settings.budget)
    return existing


def _conduct(search: Run, *, as_json: bool) -> int:
    """Run to the end or to an interruption; returns the exit status.

    A search that fails before it has trained anything could not work with these settings.
    """
    heed_termination()
    search.subscribe(console.watcher(search))
    try:
        search.start(own_cpu_offset=0.0)
        while search.wait(timeout=0.5).active:  # in short pieces, so that Ctrl-C is heard on every system
            pass
    except RunError:
        pass  # told below, with what was found before
    except KeyboardInterrupt:
        search.stop()
        search.wait()
    console.print_run(search, as_json=as_json)
    progress = search.progress()
    if search.state == RunState.STOPPED:
        return INTERRUPTED
    if search.state == RunState.FAILED:
        return FAILED if progress.failed or progress.trained else BAD_INPUT
    return FAILED if progress.failed and not progress.trained else 0


def main(arguments: list[str] | None = None) -> int:
    """Run the command in `arguments` (by default the process's own); returns the exit status.

    Bad input ends with one sentence on stderr.
    """
    return run_app(app, arguments, failures=(TrainingError,))


if __name__ == "__main__":
    leave(main)
