"""What a clerk adds to a letter: kept whole, read back whole, and older drafts stay readable."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from clerk_app.domain.decision import FeeItem, Wording

WHOLE = Wording(
    reasons="Eins\n\nZwei",
    template="parkausweis",
    provisions=("Die Bewilligung gilt bis 31.12.2027.",),
    fees=(FeeItem("Bewohnerparkausweis", Decimal("30.70"), "§ 1 Satzung"),),
    enclosures=("Merkblatt",),
    language="hsb",
    no_hearing_reason="Gefahr im Verzug",
)


@pytest.mark.parametrize("wording", [Wording(), WHOLE, Wording(fees=())])
def test_what_was_kept_is_read_back_whole(wording: Wording) -> None:
    assert Wording.from_payload(json.loads(json.dumps(wording.payload()))) == wording


def test_a_draft_kept_before_there_was_more_than_reasons_stays_readable() -> None:
    assert Wording.from_payload({"outcome": "refused", "reasons": "Alt"}) == Wording(reasons="Alt")


def test_what_cannot_be_read_is_left_out() -> None:
    strange = {
        "reasons": 5,
        "template": ["x"],
        "provisions": "eins",
        "fees": [{"text": "Gebühr", "euros": "viel"}, "x", {"text": "Ja", "euros": "1.00"}],
        "enclosures": [1, "Merkblatt"],
        "language": None,
    }
    assert Wording.from_payload(strange) == Wording(
        fees=(FeeItem("Ja", Decimal("1.00")),), enclosures=("Merkblatt",)
    )


def test_items_nobody_filled_in_and_control_characters_are_dropped() -> None:
    wording = Wording(
        reasons="\x00 Eins ",
        provisions=(" ", "Auflage\x1b"),
        fees=(FeeItem(" ", Decimal(1)), FeeItem("Gebühr\x07", Decimal(2))),
        enclosures=("", "Plan"),
        no_hearing_reason=" \x00",
    )
    assert wording.tidied() == Wording(
        reasons="Eins", provisions=("Auflage",), fees=(FeeItem("Gebühr", Decimal(2)),), enclosures=("Plan",)
    )
