"""Names for C, files and build systems."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.deploy.c.identifiers import LONGEST, identifier


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("digits", "digits"),
        ("My Network 2", "my_network_2"),
        ("trial-7", "trial_7"),
        ("7", "net_7"),
        ("int", "net_int"),
        ("Class", "net_class"),
        ("string", "net_string"),  # string.h of ours would hide the library's
        ("_x__y_", "x_y"),
        ("a/b\\c.tflite", "a_b_c_tflite"),
    ],
)
def test_names(name: str, found: str) -> None:
    assert identifier(name) == found


def test_what_has_no_such_form_keeps_apart() -> None:
    found = {identifier(name) for name in ("", "…", "数字", "数学", "é", "e", "x" * 200, "x" * 201)}
    assert len(found) == 8
    assert identifier("Größe der Zahl").startswith("groe_der_zahl_") or identifier("Größe").startswith("gro")


@given(st.text(max_size=60))
def test_every_name_is_an_identifier(name: str) -> None:
    found = identifier(name)
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", found), found
    assert len(found) <= LONGEST
    assert found[0] in string.ascii_lowercase
    assert identifier(found) == found
