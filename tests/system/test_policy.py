"""The machine's policy: read whole or not at all, and what means nothing is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.system.policy import MachinePolicy, file_policy, policy_of
from clerk_app.system.policy_keys import BY_NAME, KEYS, Kind
from clerk_app.texts.policy_words import CHOICES, SECTIONS
from clerk_app.texts.policy_words import KEYS as WORDS
from clerk_app.ui.setting_rows import SETTINGS


def policy(tmp_path: Path, text: str | bytes) -> MachinePolicy:
    file = tmp_path / "policy.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file_policy(file)


def test_no_file_is_no_policy(tmp_path: Path) -> None:
    assert file_policy(tmp_path / "none.toml") == MachinePolicy()


def test_values_and_what_means_nothing(tmp_path: Path) -> None:
    found = policy(
        tmp_path,
        """
        [window]
        theme = "contrast"
        font_scale = 1.2
        odd = [1]
        [delivery]
        take_back_s = 901
        [office]
        mailboxes = ["7a2c8d1e-0f34-4b56-9a78-bc90de12f345"]
        [other]
        x = 1
        """,
    )
    assert found.values == {
        "window.theme": "contrast",
        "window.font_scale": 1.2,
        "office.mailboxes": ("7a2c8d1e-0f34-4b56-9a78-bc90de12f345",),
    }
    assert found.unknown == ("window.odd", "other")
    assert found.invalid == ("delivery.take_back_s",)
    assert (found.source, found.fault) == (str(tmp_path / "policy.toml"), "")
    assert found.changed_at is not None
    assert found.section("window") == {"theme": "contrast", "font_scale": 1.2}


@pytest.mark.parametrize(
    ("text", "line"),
    [("[window", None), (b"\xff\xfe", None), ("[a]\nx = 3y\n", 2), ("x = '" + "y" * 70_000 + "'", None)],
)
def test_a_broken_policy_locks_nothing_and_is_told(tmp_path: Path, text: str | bytes, line: int) -> None:
    found = policy(tmp_path, text)
    assert (found.values, found.fault, found.line) == ({}, "syntax", line)


def test_a_section_that_is_none_is_named(tmp_path: Path) -> None:
    assert policy(tmp_path, "window = 3").invalid == ("window",)


def test_a_policy_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    found = file_policy(tmp_path)  # a folder
    assert (found.values, found.fault) == ({}, "unreadable")


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_file_everybody_may_write_is_no_admins_word(tmp_path: Path) -> None:
    policy(tmp_path, '[window]\ntheme = "dark"\n')
    file = tmp_path / "policy.toml"
    assert file_policy(file).values
    file.chmod(0o666)
    assert (file_policy(file).values, file_policy(file).fault) == ({}, "writable")


def test_a_registry_says_the_same_in_its_own_types() -> None:
    tree = {
        "window": {"single_keys": 0, "font_scale": "1.5", "tray": "true"},
        "delivery": {"take_back_s": 120},
        "signing": {"pin_minutes": "15", "level": "B-T"},
        "secrets": {"environment": 0},
        "files": {"export_folders": ["C:\\Ausgabe", "D:\\Ablage"]},
        "office": {"mailboxes": "7a2c8d1e-0f34-4b56-9a78-bc90de12f345;"},
    }
    found = policy_of(tree, "registry")
    assert (found.unknown, found.invalid) == ((), ())
    assert found.switch("window.single_keys") is False
    assert found.switch("window.tray") is True
    assert found.values["window.font_scale"] == 1.5
    assert (found.whole("delivery.take_back_s"), found.whole("signing.pin_minutes")) == (120, 15)
    assert found.texts("files.export_folders") == ("C:\\Ausgabe", "D:\\Ablage")
    assert found.texts("office.mailboxes") == ("7a2c8d1e-0f34-4b56-9a78-bc90de12f345",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("delivery.take_back_s", -1),
        ("delivery.take_back_s", True),
        ("delivery.take_back_s", 1.5),
        ("review.four_eyes", "sometimes"),
        ("signing.level", "b-t"),
        ("secrets.environment", "perhaps"),
        ("office.mailboxes", []),
        ("office.mailboxes", ["no-uuid"]),
        ("office.mailboxes", [3]),
        ("network.proxy", "ftp://proxy.example"),
        ("updates.url", "http://updates.example/"),
        ("window.quiet_hours", "18:00-18:00"),
        ("window.quiet_hours", "24:00-07:00"),
        ("office.profile", "a\nb"),
        ("office.profile", ""),
    ],
)
def test_impossible_values_are_none(name: str, value: object) -> None:
    assert BY_NAME[name].read(value) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from([*SECTIONS, "x"]),
        st.dictionaries(st.sampled_from([key.short for key in KEYS]), JSON) | JSON,
    )
)
def test_whatever_stands_there_every_key_is_in_one_place(tree: dict[str, object]) -> None:
    found = policy_of(tree, "somewhere")
    told = [*found.values, *found.unknown, *found.invalid]
    assert len(told) == len(set(told))
    for section, members in tree.items():
        if isinstance(members, dict) and section in SECTIONS:
            assert {f"{section}.{short}" for short in members} <= set(told)
        else:
            assert section in told


def test_every_key_has_words_and_the_window_knows_its_own() -> None:
    assert list(WORDS) == [key.name for key in KEYS]
    assert list(SECTIONS) == list(dict.fromkeys(key.section for key in KEYS))
    own = {setting.name: setting for setting in SETTINGS}
    assert {key.short for key in KEYS if key.section == "window"} == set(own)
    for key in KEYS:
        if key.name in CHOICES:
            assert list(CHOICES[key.name]) == [str(choice) for choice in key.choices], key.name
        if key.section == "window" and key.kind is Kind.CHOICE:
            assert list(key.choices) == [choice.value for choice in own[key.short].choices()], key.name
