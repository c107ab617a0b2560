"""What a recipe's parts do to a training: augmentation, class weights, early ends, checkpoints, teachers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import data
from data import Split
from resource_models import Graph, GraphBuilder
from search.errors import TrainingError
from search.recipe import TEACHER_FILE, Augmentation, Distillation, Pruning, Recipe

pytestmark = pytest.mark.tf

DIGITS = data.load("digits", train_size=320, validation_size=100)


def small_graph(classes: int = 10) -> Graph:
    b = GraphBuilder()
    x = b.conv2d(b.input((8, 8, 1)), 6, (3, 3), activation="relu", batch_norm=True)
    x = b.conv2d(x, 8, (3, 3), strides=(2, 2), activation="relu")
    return b.build(b.dense(b.dense(b.flatten(x), 16, activation="relu"), classes))


def trainer(train: Split = DIGITS.train, teacher=None, **recipe):
    from search.training.trainer import KerasTrainer

    return KerasTrainer(train=train, validation=DIGITS.validation, recipe=Recipe(**recipe), teacher=teacher)


def augmented(augmentation: Augmentation, x: np.ndarray, *, seed: int = 0, step: int = 0) -> np.ndarray:
    import tensorflow as tf

    from search.training.augment import make_augment

    augment = make_augment(augmentation, x.shape[1:], batch=len(x), seed=seed)
    return augment(tf.constant(x), tf.constant(step)).numpy()


def test_shifts_mirror_the_edge() -> None:
    x = np.random.default_rng(0).random((64, 5, 6, 2)).astype("f")
    padded = np.pad(x, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="symmetric")
    seen = set()
    for before, after in zip(padded, augmented(Augmentation(shift=2), x), strict=True):
        cases = {(i, j) for i in range(5) for j in range(5) if np.array_equal(before[i : i + 5, j : j + 6], after)}
        assert cases
        seen |= cases
    assert len(seen) > 15


def test_half_of_the_images_are_flipped() -> None:
    x = np.random.default_rng(0).random((200, 4, 4, 1)).astype("f")
    after = augmented(Augmentation(flip=True), x)
    flipped = (after == x[:, :, ::-1]).all(axis=(1, 2, 3))
    assert ((after == x).all(axis=(1, 2, 3)) | flipped).all()
    assert 60 < flipped.sum() < 140


def test_a_share_is_rotated_about_the_centre() -> None:
    x = np.zeros((100, 9, 9, 1), "f")
    x[:, 4, :] = 1  # a horizontal bar
    after = augmented(Augmentation(rotation=0.2, rotation_share=0.3), x)
    changed = (after != x).any(axis=(1, 2, 3))
    assert changed.sum() == 30
    np.testing.assert_allclose(after[:, 4, 4], 1, atol=1e-5)
    ends = after[changed][:, :, 8, 0].argmax(axis=1)
    assert set(ends) <= {3, 4, 5}  # 4 pixels × tan 0.2 = 0.8 pixels up or down


def test_time_shifts_leave_the_bands_alone() -> None:
    x = np.random.default_rng(0).random((50, 12, 4, 1)).astype("f")
    padded = np.pad(x, ((0, 0), (5, 5), (0, 0), (0, 0)), mode="symmetric")
    for before, after in zip(padded, augmented(Augmentation(time_shift=5), x), strict=True):
        assert any(np.array_equal(before[i : i + 12], after) for i in range(11))


def test_augmentation_follows_from_seed_and_step() -> None:
    x = np.random.default_rng(0).random((8, 8, 8, 1)).astype("f")
    both = Augmentation(shift=2, rotation=0.2)
    assert np.array_equal(augmented(both, x, seed=3, step=7), augmented(both, x, seed=3, step=7))
    assert not np.array_equal(augmented(both, x, seed=3, step=7), augmented(both, x, seed=3, step=8))
    assert not np.array_equal(augmented(both, x, seed=3, step=7), augmented(both, x, seed=4, step=7))


EVERYTHING = Recipe(
    augmentation=Augmentation(shift=1, flip=True, rotation=0.2),
    pruning=Pruning(begin=0.1, end=0.5),
    class_weights=True,
    dropout=0.1,
)


def test_the_same_seed_gives_the_same_training() -> None:
    from search.training.trainer import KerasTrainer

    once = KerasTrainer(train=DIGITS.train, validation=DIGITS.validation, recipe=EVERYTHING)
    first, second = (once.train(small_graph(), epochs=3, seed=5, genes={"sparsity": 0.4}) for _ in range(2))
    assert first.history == second.history
    assert first.losses == second.losses
    assert all(np.array_equal(a, b) for a, b in zip(first.weights, second.weights, strict=True))
    assert once.train(small_graph(), epochs=3, seed=6, genes={"sparsity": 0.4}).losses != first.losses


def test_a_training_that_diverges_says_so_at_once() -> None:
    wild = trainer(optimiser="sgd", learning_rate=1e30)
    with pytest.raises(TrainingError, match="diverged: the loss is not a finite number in epoch 1"):
        wild.train(small_graph(), epochs=50, seed=0)


def test_patience_ends_a_training_that_gets_no_better() -> None:
    result = trainer(learning_rate=0.0, patience=2).train(small_graph(), epochs=30, seed=0)
    assert len(result.history) == len(result.losses) == 3
    assert len(trainer(learning_rate=0.0).train(small_graph(), epochs=4, seed=0).history) == 4


def test_class_weights_even_out() -> None:
    from search.training.losses import class_weights

    weights = class_weights(np.array([0, 0, 0, 1]), 3)
    np.testing.assert_allclose(weights[:2], [4 / 6, 2])
    assert np.isfinite(weights).all()
    rare = DIGITS.train.y < 5
    rare[np.flatnonzero(rare)[10:]] = False
    chosen = rare | (DIGITS.train.y >= 5)
    uneven = Split(DIGITS.train.x[chosen], DIGITS.train.y[chosen])
    plain, weighted = (trainer(uneven, class_weights=w).train(small_graph(), epochs=6, seed=0) for w in (False, True))
    assert weighted.losses != plain.losses


def test_bytes_train_as_their_floats_do() -> None:
    x = np.round(DIGITS.train.x * 255).astype(np.uint8)
    bytes_split, float_split = Split(x, DIGITS.train.y), Split(Split(x, DIGITS.train.y).as_float(), DIGITS.train.y)
    first, second = (trainer(s).train(small_graph(), epochs=1, seed=0) for s in (bytes_split, float_split))
    np.testing.assert_allclose(first.losses, second.losses, rtol=1e-5)  # the graph multiplies by 1 / 255


def test_a_checkpoint_goes_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    from search.training.arrays import read_checkpoint, write_checkpoint

    whole_recipe = {"augmentation": Augmentation(shift=1)}
    whole = trainer(**whole_recipe).train(small_graph(), epochs=5, seed=1)
    part = trainer(**whole_recipe).train(small_graph(), epochs=2, seed=1, schedule=5)
    assert part.history == whole.history[:2]
    write_checkpoint(tmp_path / "0.checkpoint.npz", part.checkpoint)
    resumed = read_checkpoint(tmp_path / "0.checkpoint.npz")
    rest = trainer(**whole_recipe).train(small_graph(), epochs=5, seed=1, resume=resumed)
    assert rest.history == whole.history
    assert rest.losses == whole.losses[2:]
    assert all(np.array_equal(a, b) for a, b in zip(whole.weights, rest.weights, strict=True))


def test_a_part_of_an_epoch_goes_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    from search.training.arrays import read_checkpoint, write_checkpoint

    some = trainer(batch_size=16)  # 20 steps an epoch
    whole = some.train(small_graph(), epochs=2.5, seed=3)
    assert len(whole.history) == len(whole.losses) == 3
    assert whole.epochs_spent == whole.checkpoint.epochs == 2.5
    first = some.train(small_graph(), epochs=0.35, seed=3, schedule=2.5)
    assert len(first.history) == 1
    write_checkpoint(tmp_path / "c.npz", first.checkpoint)
    second = some.train(small_graph(), epochs=1.4, seed=3, schedule=2.5, resume=read_checkpoint(tmp_path / "c.npz"))
    assert len(second.history) == 2
    assert second.history[0] == whole.history[0]
    third = some.train(small_graph(), epochs=2.5, seed=3, resume=second.checkpoint)
    assert third.history == whole.history
    assert third.losses == whole.losses[1:]
    assert (second.epochs_spent, third.epochs_spent) == (pytest.approx(1.05), pytest.approx(1.1))
    assert all(np.array_equal(a, b) for a, b in zip(third.weights, whole.weights, strict=True))


def test_checkpoints_of_earlier_versions_are_of_whole_epochs(tmp_path: Path) -> None:
    from search.training.arrays import read_checkpoint, write_arrays

    write_arrays(tmp_path / "c.npz", (np.array([0.5, 0.25]), np.zeros(3)))
    checkpoint = read_checkpoint(tmp_path / "c.npz")
    assert (checkpoint.history, checkpoint.epochs, len(checkpoint.arrays)) == ((0.5, 0.25), 2, 1)


def test_any_beginning_of_an_epoch_has_the_classes_in_their_shares() -> None:
    from search.training.trainer import stratified

    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [700, 200, 100])
    order = stratified(rng.permutation(1000), labels)
    assert sorted(order) == list(range(1000))
    for share in (0.1, 0.35, 0.8):
        counts = np.bincount(labels[order[: round(1000 * share)]])
        assert np.abs(counts - share * np.array([700, 200, 100])).max() <= 1
    again = stratified(np.random.default_rng(1).permutation(1000), labels)
    assert not np.array_equal(order, again)


def test_the_first_epoch_is_stratified_only_where_a_part_of_it_may_be_trained() -> None:
    few, many = trainer(batch_size=2), trainer(batch_size=1)  # 160 and 320 steps
    plain = np.random.default_rng(7).permutation(320)
    assert np.array_equal(few.order(160, 7).ravel(), plain)
    classes = DIGITS.train.y[many.order(30, 7).ravel()]
    assert np.abs(np.bincount(classes, minlength=10) - 3).max() <= 1
    assert set(many.order(320, 7).ravel()) == set(range(320))


def test_a_cooldown_ends_with_a_rate_of_zero() -> None:
    from search.training.optimiser import Rate

    recipe = Recipe(learning_rate=0.1, warmup=0, schedule="constant")
    import tensorflow as tf

    rate = Rate(recipe, steps_per_epoch=10, steps=300, cooldown=(20, 60))
    values = [float(rate(tf.constant(float(step)))) for step in (0, 20, 40, 59, 60)]
    np.testing.assert_allclose(values, [0.1, 0.1, 0.05, 0.0025, 0.0], atol=1e-7)
    short = trainer(batch_size=16, learning_rate=0.05)
    first = short.train(small_graph(), epochs=2, seed=0, schedule=30)
    cooled = short.train(small_graph(), epochs=4, seed=0, schedule=30, resume=first.checkpoint, cooldown=True)
    hot = short.train(small_graph(), epochs=4, seed=0, schedule=30, resume=first.checkpoint)
    assert cooled.history[:2] == hot.history[:2]
    assert cooled.losses != hot.losses


def test_a_worker_keeps_a_checkpoint_and_goes_on_from_it(tmp_path: Path) -> None:
    from search.runs.tasks import WEIGHTS, Tasks
    from search.settings import RunSettings
    from search.spaces import space
    from search.training.tasks import train_trial
    from search.trial import Trial

    cnn = space("cnn", (8, 8, 1), 10)
    settings = RunSettings(dataset="digits", train_size=96, validation_size=50, epochs=3)
    tasks = Tasks(settings, cnn, tmp_path)
    (tmp_path / WEIGHTS).mkdir()
    trial = Trial(3, cnn.smallest()[0], epochs=3)
    whole = train_trial(tasks.train(trial).values)
    assert not tasks.checkpoint(3).exists()
    train_trial(tasks.train(replace(trial, epochs=1), keep=True).values)
    assert train_trial(tasks.train(trial, resume=True).values)["history"] == whole["history"]
    tasks.checkpoint(3).write_bytes(b"torn")
    with pytest.raises(TrainingError, match="missing or damaged"):
        train_trial(tasks.train(trial, resume=True).values)


def test_a_pruned_network_stays_pruned_when_it_goes_on() -> None:
    pruned = {"pruning": Pruning(begin=0.0, end=0.3)}
    genes = {"sparsity": 0.5}
    part = trainer(**pruned).train(small_graph(), epochs=3, seed=1, genes=genes)
    rest = trainer(**pruned).train(small_graph(), epochs=4, seed=1, genes=genes, resume=part.checkpoint)
    assert sum(rest.channels.values()) == sum(part.channels.values()) < 24


def test_a_checkpoint_of_another_network_is_refused() -> None:
    other = trainer().train(small_graph(11), epochs=1, seed=0).checkpoint
    with pytest.raises(TrainingError, match="of another network"):
        trainer().train(small_graph(), epochs=2, seed=0, resume=other)


def test_the_loss_of_distillation() -> None:
    import tensorflow as tf

    from search.training.losses import distillation_loss

    rng = np.random.default_rng(0)
    teacher, student = rng.normal(size=(2, 4, 3)).astype("f")

    def soft(z: np.ndarray) -> np.ndarray:
        e = np.exp(z / 2.0)
        return e / e.sum(axis=1, keepdims=True)

    expected = 0.3 * 4 * (soft(teacher) * np.log(soft(teacher) / soft(student))).sum(axis=1)
    found = distillation_loss(tf.constant(teacher), tf.constant(student), Distillation(temperature=2.0))
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    single = tf.constant(student[:, :1])
    both = tf.concat([tf.zeros_like(single), single], axis=1)
    np.testing.assert_allclose(distillation_loss(both, single, Distillation()), 0, atol=1e-6)


@pytest.mark.parametrize("augmentation", [None, Augmentation(shift=1)])
def test_the_built_in_teacher_is_trained_once_and_kept(tmp_path: Path, augmentation: Augmentation | None) -> None:
    from search.training.teacher import make_teacher

    recipe = Recipe(distillation=Distillation(epochs=2), augmentation=augmentation, pruning=Pruning())
    teacher = make_teacher(DIGITS, recipe, tmp_path)
    before = (tmp_path / TEACHER_FILE).stat().st_mtime_ns
    result = trainer(
        teacher=teacher, distillation=recipe.distillation, augmentation=augmentation, pruning=recipe.pruning
    ).train(small_graph(), epochs=2, seed=0)
    assert result.channels is not None
    plain = trainer(augmentation=augmentation, pruning=recipe.pruning).train(small_graph(), epochs=2, seed=0)
    assert result.losses != plain.losses
    make_teacher(DIGITS, recipe, tmp_path)
    assert (tmp_path / TEACHER_FILE).stat().st_mtime_ns == before
    assert make_teacher(DIGITS, Recipe(), tmp_path) is None


def test_the_users_own_teacher(tmp_path: Path) -> None:
    import keras

    from search.training.teacher import make_teacher

    path = tmp_path / "own.keras"
    keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    ).save(path)
    teacher = make_teacher(DIGITS, Recipe(distillation=Distillation(teacher=str(path))), tmp_path)
    logits = teacher(None, np.arange(4)).numpy()
    np.testing.assert_allclose(np.exp(logits).sum(axis=1), 1, rtol=1e-4)

    keras.Sequential([keras.Input((9, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(10)]).save(path)
    with pytest.raises(TrainingError, match=r"maps \(9, 8, 1\) to \(10,\), but digits has"):
        make_teacher(DIGITS, Recipe(distillation=Distillation(teacher=str(path))), tmp_path)
    path.write_text("no model")
    with pytest.raises(TrainingError, match="cannot be read as a Keras model"):
        make_teacher(DIGITS, Recipe(distillation=Distillation(teacher=str(path))), tmp_path)
