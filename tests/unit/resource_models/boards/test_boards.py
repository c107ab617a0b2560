"""The board catalogue and boards of a user's own."""

import dataclasses
from pathlib import Path

import pytest

from resource_models import BoardError
from resource_models.boards.board import Board, Calibration
from resource_models.boards.board_file import write_board
from resource_models.boards.catalogue import board, boards

NAMES = (
    "arduino-nano-33-ble",
    "nucleo-l4r5zi",
    "nucleo-f446re",
    "nucleo-f746zg",
    "nucleo-f767zi",
    "raspberry-pi-pico",
    "esp32-s3",
)


CALIBRATION = Calibration(
    runtime="tflm-cmsis-nn",
    like_core="Cortex-M4F",
    like_runtime="tflm-cmsis-nn",
    factors=(("conv", 1.25), ("dense", 0.75)),
    low=0.8,
    high=1.25,
    samples=3,
    median_error=0.04,
)


def own_board(**changes: object) -> Board:
    fields: dict[str, object] = {
        "id": "mine",
        "name": "Mine",
        "core": "Cortex-M4F",
        "clock_hz": 100_000_000,
        "ram_bytes": 65536,
        "flash_bytes": 262144,
    }
    return Board(**(fields | changes))  # type: ignore[arg-type]  # wrong values are what some tests are about


def test_catalogue_is_large_and_its_ids_are_distinct():
    assert len(boards()) >= 30
    assert len({item.id for item in boards()}) == len(boards())


@pytest.mark.parametrize("name", NAMES)
def test_names_that_scripts_use_are_there(name: str):
    assert board(name).id == name


@pytest.mark.parametrize("item", boards(), ids=lambda item: item.id)
def test_every_number_has_a_source_and_usable_is_part_of_the_total(item: Board):
    for field in ("clock_hz", "ram_bytes", "usable_ram_bytes", "flash_bytes", "usable_flash_bytes", "active_power_w"):
        assert item.source(field), field
        if getattr(item, field) is None:
            assert item.source(field).startswith("unknown"), field
    if item.ram_bytes is not None:
        assert item.usable_ram_bytes is not None
        assert 0 < item.usable_ram_bytes < item.ram_bytes
    if item.active_power_w is not None:
        assert item.active_power_range_w is not None
        low, high = item.active_power_range_w
        assert low <= item.active_power_w <= high


def test_default_runtime_follows_the_core():
    assert board("nucleo-f446re").default_runtime == "tflm-cmsis-nn"
    assert board("esp32-s3").default_runtime == "tflm-esp-nn"
    assert board("esp32-c3").default_runtime == "tflm-esp-nn"
    assert own_board(core="Some DSP").default_runtime == "tflm-reference"


@pytest.mark.parametrize("text", ["NUCLEO_F446RE", "nucleo f446re", "Nucleo-F446RE"])
def test_spelling_of_an_id_is_forgiven(text: str):
    assert board(text).id == "nucleo-f446re"


def test_unknown_board_names_near_misses():
    with pytest.raises(BoardError, match="did you mean nucleo-f446re") as caught:
        board("nucleo-f446")
    assert caught.value.near[0] == "nucleo-f446re"
    with pytest.raises(BoardError, match="resource_models boards"):
        board("zzzz")


def test_own_board_gets_usable_sizes_and_passes_through():
    mine = own_board()
    assert mine.usable_ram_bytes == 65536 - 8192
    assert mine.usable_flash_bytes == 262144
    assert board(mine) is mine


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"clock_hz": 0}, "clock_hz"),
        ({"ram_bytes": -1}, "ram_bytes"),
        ({"usable_ram_bytes": 70000}, "usable_ram_bytes"),
        ({"core": ""}, "core"),
        ({"active_power_w": -0.1}, "active_power_w"),
    ],
)
def test_impossible_board_is_refused(changes: dict[str, object], word: str):
    with pytest.raises(BoardError, match=word):
        own_board(**changes)


def test_board_file_in_json_with_units(tmp_path: Path):
    path = tmp_path / "garden.json"
    path.write_text(
        '{"core": "Cortex-M33", "clock_hz": "80 MHz", "ram_bytes": "64 KiB", "flash_bytes": "1 MiB",'
        ' "active_power_w": 0.02, "active_power_range_w": [0.018, 0.022], "sources": {"ram_bytes": "data sheet"}}'
    )
    mine = board(path)
    assert (mine.id, mine.clock_hz, mine.ram_bytes, mine.flash_bytes) == ("garden", 80_000_000, 65536, 1048576)
    assert mine.active_power_range_w == (0.018, 0.022)
    assert mine.source("ram_bytes") == "data sheet"


def test_power_in_a_board_file_may_have_its_unit(tmp_path: Path):
    path = tmp_path / "garden.json"
    path.write_text(
        '{"core": "Cortex-M33", "clock_hz": "80 MHz", "ram_bytes": "64 KiB", "flash_bytes": "1 MiB",'
        ' "active_power_w": "20 mW", "active_power_range_w": ["18 mW", "22,5 mW"]}'
    )
    mine = board(path)
    assert (mine.active_power_w, mine.active_power_range_w) == (0.02, (0.018, 0.0225))


def test_board_file_in_toml(tmp_path: Path):
    path = tmp_path / "garden.toml"
    path.write_text('core = "Cortex-M4F"\nclock_hz = 64000000\nram_bytes = "256 KiB"\nflash_bytes = "1 MiB"\n')
    assert board(str(path)).default_runtime == "tflm-cmsis-nn"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "not valid JSON"),
        ("[1]", "one table"),
        ('{"core": "Cortex-M4F"}', "lacks clock_hz, ram_bytes, flash_bytes"),
        ('{"core": "x", "clock_hz": 1, "ram_bytes": 1, "flash_bytes": 1, "ram": 3}', "no field 'ram'"),
        ('{"core": "x", "clock_hz": 1, "ram_bytes": "12 parsecs", "flash_bytes": 1}', "12 parsecs"),
        ('{"core": "x", "clock_hz": "1,200 MHz", "ram_bytes": 1, "flash_bytes": 1}', "1200 MHz or 1.200 MHz"),
        ('{"core": "x", "clock_hz": NaN, "ram_bytes": 1, "flash_bytes": 1}', "clock_hz: nan is not a finite number"),
        ('{"core": "x", "clock_hz": 1, "ram_bytes": 1, "flash_bytes": 1, "active_power_w": "5 ms"}', "not a power"),
        (
            '{"core": "x", "clock_hz": 1, "ram_bytes": 1, "flash_bytes": 1, "active_power_w": true}',
            "not true or false",
        ),
        (
            '{"core": "x", "clock_hz": 1, "ram_bytes": 1, "flash_bytes": 1, "fpu": "no"}',
            "fpu: expected true or false",
        ),
        ('{"core": "x", "clock_hz": 1, "ram_bytes": 1, "flash_bytes": 1, "calibrations": [{}]}', "calibrations"),
        ('{"core": 5, "clock_hz": 1, "ram_bytes": 1, "flash_bytes": 1}', "core: expected text, not a whole number"),
        ('{"core": "x", "clock_hz": [1], "ram_bytes": 1, "flash_bytes": 1}', "clock_hz: expected .* not a list"),
        ('{"core": "x", "clock_hz": 1, "ram_bytes": -1, "flash_bytes": 1}', "ram_bytes"),
        ('{"core": "x", "clock_hz": 1, "ram_bytes": 1, "flash_bytes": 1, "name": "' + 300 * "x" + '"}', "name"),
        ('{"core": "x", "clock_hz": 1' + 5_000 * "0" + ', "ram_bytes": 1, "flash_bytes": 1}', "limit|digits"),
        ('{"core": "x", "clock_hz": 1' + 4_000 * "0" + ', "ram_bytes": 1, "flash_bytes": 1}', "clock_hz has more than"),
        ('{"core": "x", "clock_hz": 1e999, "ram_bytes": 1, "flash_bytes": 1}', "clock_hz: inf is not a finite number"),
        ("[" * 100_000, "nested too deeply"),
        (
            '{"note": ' + 20 * "[" + 20 * "]" + ', "core": "x", "clock_hz": 1, "ram_bytes": 1, "flash_bytes": 1}',
            "nested",
        ),
        ('{"core": "x", "clock_hz": 1, "ram_bytes": 1, "flash_bytes": 1, "sources": [1]}', "sources: expected a table"),
        ('{"core": "x", "clock_hz": 1, "ram_bytes": 1, "flash_bytes": 1, "active_power_range_w": [1]}', "length 2"),
        (" " * 2_000_000, "larger than"),
    ],
)
def test_wrong_board_file_is_refused_in_one_sentence(tmp_path: Path, text: str, word: str):
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(BoardError, match=word) as caught:
        board(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('core = "x"\nclock_hz = nan\nram_bytes = 1\nflash_bytes = 1\n', "clock_hz: nan is not a finite number"),
        ('core = "x"\nclock_hz = 1\nram_bytes = 2024-01-01\nflash_bytes = 1\n', "ram_bytes: expected"),
        ("note = " + 5_000 * "[", "nested too deeply|not valid TOML"),
    ],
)
def test_wrong_board_file_in_toml(tmp_path: Path, text: str, word: str):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(BoardError, match=word) as caught:
        board(path)
    assert len(str(caught.value)) < 500


def test_a_calibration_out_of_range_is_refused(tmp_path: Path):
    path = tmp_path / "mine.json"
    write_board(own_board(calibrations=(CALIBRATION,)), path)
    assert board(path).calibrations == (CALIBRATION,)
    path.write_text(path.read_text().replace('"samples": 3', '"samples": -3'))
    with pytest.raises(BoardError, match="calibrations"):
        board(path)


def test_missing_board_file(tmp_path: Path):
    with pytest.raises(BoardError, match="cannot be read"):
        board(tmp_path / "none.json")


def test_boards_are_immutable():
    with pytest.raises(dataclasses.FrozenInstanceError):
        board("nucleo-f446re").clock_hz = 1  # type: ignore[misc]  # that it fails is the test
