"""What is missing and when the clock stood, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from clerk_app.domain.deadlines import Deadline, DeadlineKind
from clerk_app.domain.gaps import GapItem, GapList, GapOrigin, GapPause, GapState
from clerk_app.texts.gap_words import gap_detail, gap_state_label, gap_summary, pause_lines

ITEM = GapItem(GapOrigin.TYPED, "k", "Ausweis", GapState.MISSING)
HERE = replace(ITEM, state=GapState.ARRIVED)


def test_the_summary_counts_what_is_there_missing_and_awaited() -> None:
    left = replace(ITEM, state=GapState.ASKED, left_out=True)
    awaited = replace(ITEM, state=GapState.ASKED)
    assert gap_summary(GapList((HERE, HERE, HERE, left))) == "3 von 4 da; 1 fehlt noch"
    assert gap_summary(GapList((HERE, awaited, ITEM, left))) == "1 von 4 da; 2 fehlen noch; 1 angefordert"
    assert gap_summary(GapList((HERE,))) == gap_summary(GapList()) == "Es fehlt nichts."


def test_a_pause_is_told_while_it_lasts_and_afterwards_with_the_new_target() -> None:
    stands = GapPause(date(2026, 3, 3), None, date(2026, 3, 20), ())
    target = Deadline(DeadlineKind.PROCESSING, date(2026, 4, 1), ())
    (line,) = pause_lines(GapList(pauses=(stands,), target=target), date(2026, 3, 17))
    first, second = line.split("; ")
    assert first == "Frist ruht seit 03.03.2026 (14 Tage)"
    assert second == "läuft weiter, sobald geantwortet wurde, spätestens am 20.03.2026"
    over = replace(stands, until=date(2026, 3, 4), latest=date(2026, 3, 4))
    assert pause_lines(GapList(pauses=(over, stands)), date(2026, 3, 17))[0] == (
        "Frist lief vom 03.03.2026 bis 04.03.2026 nicht: 1 Tag"
    )
    assert pause_lines(GapList(pauses=(over,), target=target), date(2026, 3, 17)) == (
        "Frist lief vom 03.03.2026 bis 04.03.2026 nicht: 1 Tag; neues Ziel 01.04.2026",
    )


def test_every_state_has_its_words() -> None:
    shown = {gap_state_label(replace(ITEM, state=state)) for state in GapState}
    assert len(shown) == len(GapState)
    assert "kam zurück" in gap_state_label(replace(ITEM, came_back=True))
    assert gap_detail(replace(ITEM, state=GapState.WAIVED, reason="weil")) == "Verzichtet: weil"
