"""Every error code has a sentence in German and in English that survives missing and hostile params."""

from __future__ import annotations

from datetime import date
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.outbox import OutboxState
from clerk_app.texts import _, set_language
from clerk_app.texts.error_sentences import SENTENCES, VALUE_LABELS
from clerk_app.texts.errors import placeholders, sentence, sentence_for
from clerk_app.texts.statuses import outbox_state_label

TEMPLATES = [
    (code, template)
    for code, parts in SENTENCES.items()
    for part in parts
    for template in ((part,) if isinstance(part, str) else part)
]


def test_no_code_is_without_a_sentence() -> None:
    assert set(SENTENCES) == set(ErrorCode)


@pytest.mark.parametrize("code", ErrorCode)
def test_each_code_says_what_why_and_what_now_in_both_languages(code: ErrorCode) -> None:
    german = sentence(ClerkError(code))
    set_language("en")
    english = sentence(ClerkError(code))
    for text in (german, english):
        assert text.count(". ") + text.count("? ") >= 1, "at least two sentences"
        assert text.endswith((".", "?", ")"))
        assert "{" not in text
    assert german != english


@pytest.mark.parametrize("code", ErrorCode)
def test_no_part_stays_german_in_english(code: ErrorCode) -> None:
    names = {name for at, template in TEMPLATES if at is code for name in placeholders(template)}
    params = dict.fromkeys(names, "X1")
    german = sentence_for(code, params)
    set_language("en")
    english = sentence_for(code, params)
    shared = set(german.split(". ")) & set(english.split(". "))
    assert not shared
    assert "X1" in english or not names


def test_placeholders_are_plain_names() -> None:
    for _code, template in TEMPLATES:
        for _text, name, spec, conversion in Formatter().parse(template):
            assert name is None or (name.isidentifier() and not spec and not conversion)


def test_params_fill_the_most_specific_sentence() -> None:
    params = {"key": "authority.asr", "path": "/etc/p.toml", "line": 4, "suggestion": "authority.ars"}
    text = sentence(ClerkError(ErrorCode.PROFILE_KEY_UNKNOWN, params))
    for part in ("„authority.asr“", "/etc/p.toml", "Zeile 4", "„authority.ars“"):
        assert part in text
    assert "Tippfehler" not in text


def test_codes_among_the_params_become_words() -> None:
    text = sentence(ClerkError(ErrorCode.PREVIEW_REFUSED, {"reason": "encrypted"}))
    assert "mit einem Kennwort verschlüsselt" in text
    set_language("en")
    assert "encrypted with a password" in sentence(
        ClerkError(ErrorCode.PREVIEW_REFUSED, {"reason": "encrypted"})
    )
    value = sentence(ClerkError(ErrorCode.PROFILE_VALUE_WRONG, {"key": "authority.ars", "expected": "ars"}))
    assert "12 digits" in value


@pytest.mark.parametrize("on", [date(2020, 1, 1), "2020-01-01"])
def test_days_are_written_as_people_write_them_wherever_they_come_from(on: object) -> None:
    for code in (ErrorCode.DUE_IN_PAST, ErrorCode.HEARING_MISSING):
        assert "01.01.2020" in sentence(ClerkError(code, {"due_on": on}))
    assert "Die Frist bald " in sentence(ClerkError(ErrorCode.DUE_IN_PAST, {"due_on": "bald"}))


def test_every_expectation_of_the_profile_has_words() -> None:
    from pathlib import Path

    import clerk_app.system.profile as profile
    import clerk_app.system.profile_values as values

    source = "".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in (profile, values))
    import re

    used = set(re.findall(r'expected="(\w+)"', source)) | set(
        re.findall(r'\.wrong\([^,]+, "(\w+)"\)', source)
    )
    assert used
    assert used <= set(VALUE_LABELS[None, "expected"])


def test_other_names_for_the_same_thing_are_understood() -> None:
    for name in ("case", "case_id", "case_reference"):
        assert "2026-7KQ4" in sentence(ClerkError(ErrorCode.CASE_UNKNOWN, {name: "2026-7KQ4"}))


def test_empty_params_count_as_missing() -> None:
    assert sentence(ClerkError(ErrorCode.SIGNING_KEY_MISSING, {"key": ""})).startswith("Es ist kein")


def test_a_code_from_a_newer_version_is_named() -> None:
    assert "BRAND_NEW" in sentence_for("BRAND_NEW")


@given(
    st.sampled_from(ErrorCode),
    st.dictionaries(
        st.sampled_from(
            ["key", "path", "line", "reason", "case", "host", "detail", "expected", "entry", "limit"]
        ),
        st.none() | st.text() | st.integers() | st.lists(st.text()) | st.binary(),
    ),
    st.sampled_from(["de", "en", "hsb"]),
)
def test_no_params_can_break_a_sentence(code: ErrorCode, params: dict[str, object], lang: str) -> None:
    set_language(lang)
    text = sentence(ClerkError(code, params))
    set_language("de")
    assert text
    assert "\n" not in text
    assert text.isprintable()


def test_long_params_are_cut_and_braces_are_not_interpreted() -> None:
    text = sentence(ClerkError(ErrorCode.CASE_UNKNOWN, {"case": "{path}" + "x" * 5000}))
    assert "{path}" in text
    assert len(text) < 1000


def test_states_and_parts_of_a_letter_are_said_in_words() -> None:
    state = sentence(ClerkError(ErrorCode.ENTRY_NOT_WITHDRAWABLE, {"entry": "e", "state": "POSTED"}))
    assert "zur Post gegeben" in state
    assert "POSTED" not in state
    part = sentence(ClerkError(ErrorCode.LETTER_INCOMPLETE, {"missing": "authority"}))
    assert "die zuständige Stelle mit Anschrift" in part


def test_who_cannot_mark_a_letter_as_posted_learns_how_to_correct_the_day() -> None:
    told = sentence(ClerkError(ErrorCode.ENTRY_NOT_TO_POST, {"entry": "e", "state": "POSTED"}))
    assert "„Versandtag berichtigen …“" in told
    assert "outbox posted ID --on DATUM" in told


def test_every_state_of_the_outbox_reads_the_same_in_an_error() -> None:
    assert {state: _(word) for state, word in VALUE_LABELS[None, "state"].items()} == {
        state.value: outbox_state_label(state) for state in OutboxState
    }
