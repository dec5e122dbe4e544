"""Whose name stands in the ledger."""

from __future__ import annotations

import os
import sys

import pytest

from clerk_app.bootstrap.premises import actor_name

VARIABLES = ("LOGNAME", "USER", "LNAME", "USERNAME")


@pytest.fixture
def borrowed(monkeypatch: pytest.MonkeyPatch) -> str:
    """A colleague's name in every variable a name is usually taken from."""
    for variable in VARIABLES:
        monkeypatch.setenv(variable, "colleague")
    return "colleague"


@pytest.mark.skipif(sys.platform == "win32", reason="the account is asked for otherwise")
def test_in_an_office_nobody_becomes_a_second_clerk_by_setting_a_variable(borrowed: str) -> None:
    import pwd

    assert actor_name(practice=False) == pwd.getpwuid(os.getuid()).pw_name
    assert actor_name(practice=False) != borrowed


def test_in_a_practice_office_one_person_may_play_two(borrowed: str) -> None:
    assert actor_name(practice=True) == borrowed
