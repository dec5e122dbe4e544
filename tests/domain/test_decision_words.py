"""Whether an attached decision says what the letter says in words."""

from __future__ import annotations

from typing import Any

import pytest

from clerk_app.domain.decision_words import differences

TEXT = """Stadt Musterhausen
Rathausplatz 1
Aktenzeichen 32.1-00001/2026   Datum 24.11.2026

Bescheid über Sondernutzung
auf Ihren Antrag vom 2. November 2026 ergeht folgender
Bescheid:
1. Die Sondernutzung wird für die Zeit vom 1. Dezem\u00adber 2026
Seite 1 von 2
\fbis 31. Januar 2027 erlaubt.
2. Gebühr Sondernutzung 148,50 € Tarif 4, Auslagen 1.234,00 €
zusammen 1.382,50 €
Begründung
Ein früherer Antrag war abgelehnt worden.
"""
GOOD: dict[str, Any] = {
    "caseReference": "32.1-00001/2026",
    "outcome": "granted",
    "authority": {"name": "Stadt Musterhausen", "ars": "081110000000"},
    "issuedOn": "2026-11-24",
    "operative": ["Die Sondernutzung wird für die Zeit vom 1. Dezember 2026 bis 31. Januar 2027 erlaubt."],
    "fees": {
        "currency": "EUR",
        "items": [{"euros": "148.50", "basis": "Tarif 4"}, {"euros": "1234.00"}],
        "sum": "1382.50",
    },
}


def test_everything_stands_in_the_letter() -> None:
    assert differences(GOOD, TEXT) == ()


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("caseReference", "32.1-00002/2026"),
        ("outcome", "refused"),
        ("outcome", "partly-granted"),
        ("authority", {"name": "Stadt Neustadt"}),
        ("issuedOn", "2026-11-25"),
        ("dueOn", "2026-11-30"),
        ("fees", [{"euros": "48.50"}]),
        ("fees", [{"euros": "234.00"}]),
        ("fees", {"items": [{"euros": "148.50"}], "sum": "149.50"}),
        ("operative", ["Die Sondernutzung wird für die Zeit vom 1. Dezember 2026 an abgelehnt."]),
        ("provisions", ["Die Zufahrt ist freizuhalten."]),
    ],
)
def test_a_member_the_letter_does_not_bear_out(member: str, value: object) -> None:
    assert differences({**GOOD, member: value}, TEXT) == (member,)


def test_a_refusal_in_the_operative_part_contradicts_a_grant() -> None:
    refused = TEXT.replace("erlaubt.", "abgelehnt.")
    decision = {"outcome": "granted", "caseReference": "32.1-00001/2026"}
    assert differences(decision, refused) == ("outcome",)
    assert differences({**decision, "outcome": "refused"}, refused) == ()
    assert differences({**decision, "outcome": "partly-granted"}, refused) == ()


def test_older_letters_are_read_too() -> None:
    old = {"outcome": "granted", "case_reference": "32.1-00001/2026", "fee": {"amount": "148.50"}}
    assert differences(old, TEXT) == ()
    assert differences({**old, "fee": {"amount": "14.85"}}, TEXT) == ("fees",)


@pytest.mark.parametrize(
    "decision",
    [{}, {"title": "x"}, {"outcome": 3}, {"fees": []}, {"fees": "NaN"}, {"fees": [{"euros": "Infinity"}]},
     {"authority": []}, {"issuedOn": "irgendwann"}, {"operative": [None, 3, ""]}],
)  # fmt: skip
def test_nothing_known_is_nothing_compared(decision: dict[str, object]) -> None:
    assert differences(decision, TEXT) is None


def test_without_text_nothing_is_compared() -> None:
    assert differences(GOOD, " \f\n") is None


def test_a_huge_file_is_no_burden() -> None:
    decision = {"operative": [f"Punkt {at} steht nicht im Schreiben." for at in range(100_000)]}
    assert differences(decision, TEXT) == ("operative",)
