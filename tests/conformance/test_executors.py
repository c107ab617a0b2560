"""Executors keep what the kit asks for: the one of the project, and one that has nothing in common with it."""

import pytest

from search.executors import LocalExecutor
from search.testing import check_executor
from tests.support.pipe_executor import PipeExecutor


@pytest.mark.parametrize("make", [LocalExecutor, PipeExecutor])
def test_an_executor_conforms(make: type) -> None:
    check_executor(make)
