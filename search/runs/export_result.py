"""What an export gives."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from search.journal.answers import Exported, read_answer
from search.journal.records import LITERT


@dataclass(frozen=True, slots=True)
class ExportResult:
    """An exported model.

    Attributes:
        path: the `.tflite` file.
        model_bytes: its size.
        int8_val_error, float_val_error: validation error of the file and of the float network it was made from.
        validation_size: examples that both were measured on.
        litert_val_error: of the file, run by LiteRT.
        arithmetic: that `int8_val_error` was measured in: the board's, unless the model has operators that it lacks.
    """

    path: Path
    model_bytes: int
    int8_val_error: float
    float_val_error: float
    validation_size: int
    litert_val_error: float | None = None
    arithmetic: str = LITERT

    @property
    def int8_drop(self) -> float:
        """Accuracy that quantisation cost, as a share of the validation set; negative where it gained."""
        return self.int8_val_error - self.float_val_error


def pass_on(source: Future[Any], target: Future[ExportResult], path: Path) -> None:
    """Hand what a worker found on as an `ExportResult`.

    Called where nobody catches anything: what goes wrong here is handed on too, so that nobody waits for ever.
    """
    try:
        found = ExportResult(path=path, **asdict(read_answer(Exported, source.result(), what="the export")))
    except Exception as error:  # noqa: BLE001 - the one who waits for `target` raises it
        target.set_exception(error)
    else:
        target.set_result(found)
