"""Which folders are parts and which are classes."""

from __future__ import annotations

import json

import pytest

from data import DataError
from data.class_folders.labelled_files import find_classes
from data.class_folders.split_folders import WHOLE, find_layout, part_of_folder
from data.files.folder_or_archive import open_tree
from tests.support.data_files import write_folder


def names_in(*folders, count=4):
    return [f"{folder}/{i}.png" for folder in folders for i in range(count)]


def found(names):
    return sorted({f"{part or 'whole'}:{label}" for part, label in find_layout(names, "x").placed.values()})


@pytest.mark.parametrize(
    ("part", "folders"),
    [
        (
            "train",
            "train Train TRAIN training Training training_set train_set trainset seg_train train-images TrainSet",
        ),
        ("train", "train_data traindata train2017 Training_Data"),
        ("test", "test Test testing Testing test_set seg_test holdout hold_out testset test1 TestImages"),
        ("validation", "val valid validation Validation dev Dev val_set valset seg_val validation_images"),
        ("eval", "eval evaluation eval_set"),
        (None, "cat contest trained latest value device trainer test_tube evaluate_me images data pred"),
    ],
)
def test_names_of_parts(part, folders):
    assert {name: part_of_folder(name) for name in folders.split()} == dict.fromkeys(folders.split(), part)


@pytest.mark.parametrize(
    ("train", "test"),
    [
        ("Training", "Testing"),
        ("seg_train/seg_train", "seg_test/seg_test"),
        ("training_set", "test_set"),
        ("train_set", "eval"),
        ("TRAIN", "holdout"),
        ("archive/train", "archive/test"),
        ("a/b/train", "a/b/test"),
        ("train/images", "test/images"),
        ("training_set/training_set", "test_set/test_set"),
    ],
)
def test_parts_above_classes(train, test):
    names = names_in(f"{train}/cat", f"{train}/dog", f"{test}/cat", f"{test}/dog")
    assert found(names) == ["test:cat", "test:dog", "train:cat", "train:dog"]


@pytest.mark.parametrize("validation", ["val", "valid", "Validation", "dev", "eval"])
def test_validation_beside_test(validation):
    names = names_in(*(f"{part}/{label}" for part in ("train", validation, "test") for label in ("a", "b")))
    assert {part for part, _ in find_layout(names, "x").placed.values()} == {"train", "validation", "test"}


def test_classes_above_parts():
    assert found(names_in("cat/train", "cat/test", "dog/Train")) == ["test:cat", "train:cat", "train:dog"]


def test_what_is_left_out_is_said():
    layout = find_layout([*names_in("train/a", "train/b", "test", "seg_pred/seg_pred"), "readme.png"], "x")
    assert {part for part, _ in layout.placed.values()} == {"train"}
    assert layout.notes == (
        "test/ and train/ are taken for parts",
        "1 of 1 files of readme.png are left out, for they are in no part",
        "4 of 4 files of seg_pred are left out, for they are in no part",
        "4 of 4 files of test are left out, for they are in no folder of a class",
    )


def test_a_test_part_of_unknown_classes_and_a_copy_of_everything_are_left_out():
    names = names_in("x/train/a", "x/train/b", "x/test/unknown", "x/x/train/a", "x/x/train/b")
    assert found(names) == ["train:a", "train:b"]


def test_background_noise_is_no_class():
    layout = find_layout(names_in("yes", "no", "_background_noise_"), "x")
    assert {label for _, label in layout.placed.values()} == {"yes", "no"}
    assert layout.notes == ("4 files in _background_noise_/ are left out; that is no class",)


def test_labels_in_front_of_names_as_edge_impulse_has_them():
    names = [
        f"{part}/{label}.{i}f3a.wav" for part in ("training", "testing") for label in ("low", "high") for i in "1234"
    ]
    assert found(names) == ["test:high", "test:low", "train:high", "train:low"]


@pytest.mark.parametrize(
    "folders",
    [("training", "testing"), ("train", "test", "val"), ("train", "validation"), ("test", "val"), ("dev", "eval")],
)
def test_where_all_folders_are_parts_it_is_asked(folders):
    with pytest.raises(DataError, match="look like parts of a data set, not like classes"):
        find_layout(names_in(*folders), "x")


def test_a_train_among_vehicles_is_a_class():
    layout = find_layout(names_in("train", "bus", "car"), "x")
    assert {part for part, _ in layout.placed.values()} == {WHOLE}
    assert layout.notes == ("train/ is taken for a class, like the folders beside it",)


def test_classes_that_differ_only_in_case_or_blanks_are_said(tmp_path):
    tree = open_tree(
        write_folder(tmp_path / "x", dict.fromkeys(names_in("Cat", "cat", "big dog", "big_dog", "ant"), b""))
    )
    notes = find_classes(tree, lambda _: True, "images").notes
    assert notes == (
        "classes 'Cat' and 'cat' differ only in case or blanks, and are kept apart",
        "classes 'big dog' and 'big_dog' differ only in case or blanks, and are kept apart",
    )


def export(tmp_path, files, **labels):
    """An export of Edge Impulse, whose names do not tell the labels."""
    entries = [
        {"path": path, "category": category, "label": {"type": "label", "label": label}, **labels}
        for path, (category, label) in files.items()
    ]
    contents = dict.fromkeys(files, b"") | {"info.labels": json.dumps({"version": 1, "files": entries}).encode()}
    return open_tree(write_folder(tmp_path / "export", contents))


EXPORTED = {
    f"{category}/{label[::-1]}{i}.wav": (category, label)
    for category in ("training", "testing")
    for label in ("yes", "no")
    for i in range(3)
}


def test_labels_of_an_export_of_edge_impulse(tmp_path):
    tree = export(tmp_path, EXPORTED)
    (tree.path / "training" / "more.wav").write_bytes(b"")
    files = find_classes(open_tree(tree.path), lambda name: name.endswith(".wav"), "wav files")
    assert files.classes == ("no", "yes")
    assert {part: len(labelled) for part, labelled in files.parts.items()} == {"test": 6, "train": 6}
    assert (
        dict(zip(files.parts["train"].names, files.parts["train"].labels.tolist(), strict=True))["training/on1.wav"]
        == 0
    )
    assert files.notes[1] == "1 of 13 files have no label there (training/more.wav)"


def test_an_export_with_several_labels_or_a_damaged_list_is_refused(tmp_path):
    with pytest.raises(DataError, match="several labels or boxes"):
        find_classes(export(tmp_path, EXPORTED, boundingBoxes=[{"label": "yes"}]), lambda _: True, "files")
    (tmp_path / "export" / "info.labels").write_text("{")
    with pytest.raises(DataError, match=r"info\.labels of .* is no JSON"):
        find_classes(open_tree(tmp_path / "export"), lambda name: name.endswith("wav"), "files")
