"""The trainer beside plain `model.fit`: seconds per candidate, and what both learn from the very same batches."""

import gc
import time
from dataclasses import dataclass, field

import numpy as np
import pytest

import data
from resource_models import Graph, costs
from search.errors import SearchError
from search.executors import LocalExecutor, local
from search.problem import Problem
from search.recipe import Recipe
from search.runs.tasks import WEIGHTS, Tasks
from search.settings import RunSettings
from search.spaces import Architecture, SearchSpace, space
from search.trial import Trial

NETWORKS = 20
RAM_BYTES, MODEL_BYTES, MACS = 64 * 1024, 128 * 1024, 2_000_000
MOST = 0.65
REPEATS = {1: 6, 5: 1}  # trainings of each network by epochs; accuracies after one epoch differ most by chance
RECIPE = Recipe()


@dataclass
class Figures:
    """Seconds and validation accuracy of every network."""

    seconds: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)


def architectures(cnn: SearchSpace) -> list[Architecture]:
    """Random networks within a microcontroller's budget."""
    rng, found = np.random.default_rng(0), []
    while len(found) < NETWORKS:
        architecture = cnn.sample(rng)
        needs = costs(cnn.lower(architecture))
        if needs.ram_bytes <= RAM_BYTES and needs.model_bytes <= MODEL_BYTES and needs.macs <= MACS:
            found.append(architecture)
    return found


def networks(shape: tuple[int, int, int], classes: int) -> list[Graph]:
    """The graphs of those networks."""
    cnn = space("cnn", shape, classes)
    return [cnn.lower(architecture) for architecture in architectures(cnn)]


def fit(graph: Graph, dataset: data.Dataset, epochs: int, seed: int, order: np.ndarray | None = None) -> float:
    """Validation accuracy after Keras' own training with the same optimiser and schedule.

    `order` holds the examples of each batch, shape (epochs, steps, batch); None leaves the shuffle to Keras, which is
    the faster way for it.
    """
    import keras

    from search.training.build import build_keras

    class Ordered(keras.utils.PyDataset):
        epoch = 0

        def __len__(self):
            return order.shape[1]

        def __getitem__(self, step):
            batch = order[self.epoch, step]
            return x[batch], dataset.train.y[batch]

        def on_epoch_end(self):
            self.epoch = min(self.epoch + 1, epochs - 1)

    keras.utils.set_random_seed(seed)
    x = dataset.train.as_float()
    model = build_keras(graph)
    steps = len(dataset.train) // RECIPE.batch_size
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps * epochs - RECIPE.warmup, warmup_target=RECIPE.learning_rate, warmup_steps=RECIPE.warmup
    )
    optimiser = keras.optimizers.AdamW(schedule, weight_decay=RECIPE.weight_decay)
    optimiser.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimiser, loss, metrics=["accuracy"])
    validation = (dataset.validation.as_float(), dataset.validation.y)
    examples = (
        {"x": x, "y": dataset.train.y, "batch_size": RECIPE.batch_size}
        if order is None
        else {"x": Ordered(), "shuffle": False}
    )
    history = model.fit(
        **examples,
        epochs=epochs,
        validation_data=validation,
        validation_batch_size=256,
        verbose=0,
    )
    return float(history.history["val_accuracy"][-1])


@pytest.mark.bench
@pytest.mark.tf
def test_seconds_per_candidate():
    from search.training import runtime
    from search.training.trainer import KerasTrainer

    runtime.configure()
    try:
        dataset = data.load("mnist", train_size=8000, validation_size=2000)
    except data.DataError as missing:
        pytest.skip(str(missing))
    trainer = KerasTrainer(train=dataset.train, validation=dataset.validation, recipe=RECIPE)
    graphs = networks(dataset.input_shape, dataset.num_classes)
    for epochs, repeats in REPEATS.items():
        ours, theirs = Figures(), Figures()
        for seed, graph in enumerate(repeats * graphs):
            began = time.process_time()
            ours.accuracy.append(1 - trainer.train(graph, epochs=epochs, seed=seed).history[-1])
            between = time.process_time()
            fit(graph, dataset, epochs, seed)
            ours.seconds.append(between - began)
            theirs.seconds.append(time.process_time() - between)
            theirs.accuracy.append(fit(graph, dataset, epochs, seed, trainer.order(epochs, seed)))
            runtime.forget_models()
            gc.collect()  # models and data of `model.fit` hold one another
        report(epochs, ours, theirs)


@pytest.mark.bench
@pytest.mark.tf
def test_two_workers(tmp_path):
    """How much faster two workers train the same networks than one; needs a machine with nothing else to do."""
    settings = RunSettings(dataset="mnist", train_size=8000, validation_size=2000, epochs=1)
    try:
        problem = Problem.of(settings)
    except SearchError as missing:
        pytest.skip(str(missing))
    tasks = Tasks(settings, problem.space, tmp_path)
    (tmp_path / WEIGHTS).mkdir()
    trials = [Trial(i, a, 1) for i, a in enumerate(architectures(problem.space))]
    seconds = {}
    for workers in (1, 2, 1, 2):
        executor = LocalExecutor(workers)
        for warm in [executor.submit(tasks.warm_up()) for _ in range(workers)]:
            warm.result()
        began = time.monotonic()
        for done in [executor.submit(tasks.train(trial)) for trial in trials]:
            done.result()
        seconds.setdefault(workers, []).append(time.monotonic() - began)
        executor.kill()
    print(f"\n{NETWORKS} networks, 1 epoch: one worker {seconds[1]} s, two {seconds[2]} s, ", end="")
    print(f"ratio {sum(seconds[1]) / sum(seconds[2]):.2f}")


@pytest.mark.bench
@pytest.mark.tf
@pytest.mark.parametrize("name", ["digits", "mnist"])
def test_onednn(name, tmp_path, monkeypatch):
    """Processor time of the same trainings in a worker with oneDNN's kernels and with TensorFlow's own."""
    settings = RunSettings(dataset=name, train_size=1000, validation_size=300, epochs=9)
    try:
        problem = Problem.of(settings)
    except SearchError as missing:
        pytest.skip(str(missing))
    tasks = Tasks(settings, problem.space, tmp_path)
    (tmp_path / WEIGHTS).mkdir()
    seconds = {}
    for switch in ("0", "1", "0", "1"):
        monkeypatch.setitem(local._ENVIRONMENT, "TF_ENABLE_ONEDNN_OPTS", switch)
        executor = LocalExecutor(1)
        executor.submit(tasks.warm_up()).result()
        began = executor.cpu_seconds()
        for number, architecture in enumerate(architectures(problem.space)):
            executor.submit(tasks.train(Trial(number, architecture, 9))).result()
        seconds.setdefault(switch, []).append(executor.cpu_seconds() - began)
        executor.kill()
    print(
        f"\n{name}, {NETWORKS} networks, 9 epochs of 1,000: with oneDNN {seconds['1']} CPU-s, without {seconds['0']}, ",
        end="",
    )
    print(f"ratio {sum(seconds['1']) / sum(seconds['0']):.2f}")


def report(epochs: int, ours: Figures, theirs: Figures) -> None:
    """Print the ratio of the sums, the mean accuracies, and their paired difference with its standard error."""
    gain = 100 * (np.array(ours.accuracy) - np.array(theirs.accuracy))
    error = gain.std() / len(gain) ** 0.5
    ratio = sum(ours.seconds) / sum(theirs.seconds)
    print(
        f"\n{epochs} epochs: {np.mean(ours.seconds):.2f} s against {np.mean(theirs.seconds):.2f} s of model.fit, "
        f"ratio {ratio:.2f} (at most {MOST}); accuracy {100 * np.mean(ours.accuracy):.1f} % against "
        f"{100 * np.mean(theirs.accuracy):.1f} %, difference {gain.mean():+.1f} ± {error:.1f} points"
    )
