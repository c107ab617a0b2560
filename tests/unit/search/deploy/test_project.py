"""The forms of an export: the rules of the build systems, and that the same contents give the same bytes."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile

import numpy as np
import pytest

from data import Dataset, Split
from resource_models.model_file.tflite_file import read_file
from search.deploy.project.card import CARD
from search.deploy.project.contents import Contents, contents
from search.deploy.project.forms import FORMS, forms_of
from search.deploy.project.make import project_files
from search.deploy.proof.host import WARNINGS, host_compiler
from search.errors import DeployError
from tests.support.integer_operators import branchy


def dataset(classes: int = 3) -> Dataset:
    rng = np.random.default_rng(0)

    def split(count: int) -> Split:
        return Split(rng.integers(0, 256, (count, 6, 6, 2), np.uint8), np.arange(count, dtype=np.int64) % classes)

    return Dataset(
        name="My data",
        input_shape=(6, 6, 2),
        num_classes=classes,
        class_names=("one", "two", 'three "and" more'),
        train=split(6),
        validation=split(40),
        test=split(3),
        value_range=(0.0, 1.0),
        notes=(),
        description="",
        source="",
    )


@pytest.fixture(scope="module")
def found() -> Contents:
    return contents(branchy(), "My data 7", dataset(), accuracy={"float": 0.5}, source={"dataset": "My data"})


@pytest.fixture(scope="module")
def files(found: Contents) -> dict[str, bytes]:
    return project_files(found, forms_of("all"))


def test_same_contents_same_bytes(found: Contents, files: dict[str, bytes]) -> None:
    assert project_files(found, forms_of("all")) == files
    with zipfile.ZipFile(io.BytesIO(files["my_data_7.zip"])) as archive:
        inside = {name.removeprefix("my_data_7/"): archive.read(name) for name in archive.namelist()}
    assert inside == {name: content for name, content in files.items() if name not in (CARD, "my_data_7.zip")}


def test_the_card_says_what_was_measured(files: dict[str, bytes], found: Contents) -> None:
    card = json.loads(files[CARD])
    assert card["accuracy"]["n"] == 40
    assert card["accuracy"]["split"] == "validation"
    assert card["files"].keys() == files.keys() - {CARD}
    assert [entry["verified"] for entry in card["verified"]] == [record.verified for record in found.verified]
    assert card["classes"] == ["one", "two", 'three "and" more']
    assert {entry["name"]: entry["count"] for entry in card["operators"]}["CONV_2D"] == 2
    assert "my_data_7_set_pixels(pixels)" in files["README.md"].decode()


def test_the_arduino_library_keeps_the_rules(files: dict[str, bytes]) -> None:
    """Those of arduino-lint that apply: names, required fields, tabs, headers, an example named as its folder."""
    prefix = "arduino/my_data_7/"
    library = {name.removeprefix(prefix): text for name, text in files.items() if name.startswith(prefix)}
    lines = library["library.properties"].decode().splitlines()
    fields = dict(line.split("=", 1) for line in lines)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", fields["name"])
    assert not fields["name"].lower().startswith("arduino")
    assert re.fullmatch(r"\d+\.\d+\.\d+", fields["version"])
    assert fields["architectures"] == "*"
    assert fields["category"] == "Data Processing"
    assert fields["sentence"].strip()
    assert "depends" not in fields
    assert f"src/{fields['includes']}" in library
    assert {"README.md", "keywords.txt", "examples/Classify/Classify.ino"} <= library.keys()
    for line in library["keywords.txt"].decode().splitlines():
        assert re.fullmatch(r"\w+\t(KEYWORD1|KEYWORD2|LITERAL1)", line)
    assert not any(name.endswith((".exe", ".o", ".a")) for name in library)
    assert 'extern "C"' in library["src/my_data_7.h"].decode()


def test_the_tflm_project_registers_exactly_the_operators(files: dict[str, bytes], found: Contents) -> None:
    main = files["tflm/main.cc"].decode()
    adds = re.findall(r"resolver\.Add(\w+)\(", main)
    assert len(adds) == len({operator.name for operator in read_file(found.model)[0].operators})
    assert f"MicroMutableOpResolver<{len(adds)}>" in main
    values = re.findall(r"\d+", files["tflm/model_data.cc"].decode().split("{", 1)[1])
    assert bytes(map(int, values)) == found.model


@pytest.mark.skipif(host_compiler() is None, reason="no C compiler is installed")
@pytest.mark.parametrize("form", ["c", "arduino/my_data_7/src", "esp-idf/my_data_7", "platformio/my_data_7/src"])
def test_the_c_of_every_form_compiles(files: dict[str, bytes], form: str, tmp_path) -> None:
    for name, content in files.items():
        if name.startswith(f"{form}/") and name.endswith((".c", ".h")):
            (tmp_path / name.rsplit("/", 1)[1]).write_bytes(content)
    sources = [str(path) for path in tmp_path.glob("*.c")]
    command = [str(host_compiler()), *WARNINGS, "-DMY_DATA_7_TRACE", "-fsyntax-only", *sources]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_forms() -> None:
    assert forms_of("c") == ("c",)
    assert forms_of("arduino") == ("c", "arduino")
    assert set(forms_of("all")) == set(FORMS) - {"all"}
    with pytest.raises(DeployError, match=r"no form 'rust'; --as takes tflite, c, arduino"):
        forms_of("rust")
