"""What a clerk wants to write: kept whole, read back whole."""

from __future__ import annotations

import json
from datetime import date

import pytest

from clerk_app.domain.correspondence import CORRESPONDENCE_KINDS, Correspondence
from clerk_app.domain.letter import LetterKind

WHOLE = Correspondence(
    LetterKind.FORWARDING_NOTICE, "Text", date(2026, 12, 9), "Landratsamt", ("Plan", "Merkblatt"), "hsb"
)


@pytest.mark.parametrize("wanted", [WHOLE, *(Correspondence(kind) for kind in CORRESPONDENCE_KINDS)])
def test_what_was_kept_is_read_back_whole(wanted: Correspondence) -> None:
    assert Correspondence.from_payload(json.loads(json.dumps(wanted.payload()))) == wanted


@pytest.mark.parametrize("kind", ["decision-granted", "document-request", "later", None, 5])
def test_a_kind_that_is_none_of_ours_is_no_draft(kind: object) -> None:
    assert Correspondence.from_payload({"letter": kind, "text": "x"}) is None


def test_what_cannot_be_read_is_left_out() -> None:
    strange = {"letter": "receipt", "text": None, "due_on": "bald", "enclosures": "Plan", "language": 5}
    assert Correspondence.from_payload(strange) == Correspondence(LetterKind.RECEIPT)


def test_a_day_counts_for_the_applicant_only_where_something_is_asked() -> None:
    day = date(2026, 12, 9)
    asking = {k for k in CORRESPONDENCE_KINDS if Correspondence(k, due_on=day).answer_due_on is not None}
    assert asking == {LetterKind.HEARING, LetterKind.NOTIFICATION}


def test_control_characters_and_blank_items_are_dropped() -> None:
    wanted = Correspondence(LetterKind.RECEIPT, "\x00 Text\x1b ", enclosures=(" ", "Plan\x07"))
    assert wanted.tidied() == Correspondence(LetterKind.RECEIPT, "Text", enclosures=("Plan",))
