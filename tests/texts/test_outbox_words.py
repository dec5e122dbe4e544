"""The outbox in words: for every state a word, why it is so, what comes next; never more than is known."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clerk_app.domain.case import Arrival
from clerk_app.domain.deadlines import Deadline, DeadlineKind
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.ids import CaseId, EntryId, SubmissionId
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState, Receipt, RemoteRef
from clerk_app.texts import set_language
from clerk_app.texts.ages import countdown, duration, since
from clerk_app.texts.outbox_words import entry_words, is_held_back, pressing_words

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
AT = NOW - timedelta(hours=2, minutes=30)
S = OutboxState
EVENTS = "https://schema.fitko.de/fit-connect/events/"
PROBLEMS = "https://schema.fitko.de/fit-connect/events/problems/"


def receipt(event: str) -> Receipt:
    return Receipt(EVENTS + event, "jti-1", AT, "e.y.J")


def entry(state: OutboxState, **changes: Any) -> OutboxEntry:
    made = OutboxEntry(
        entry_id=EntryId("e"),
        case_id=CaseId("c"),
        kind=OutboxKind.DECISION,
        channel="idBundDeMailbox",
        portal="service-bw",
        state=state,
        created_at=AT,
        changed_at=AT,
        hold_until=AT,
        remote=None if state in (S.QUEUED, S.TO_POST) else RemoteRef("remote-7", "case-7"),
    )
    return replace(made, **changes)


def everything() -> Iterator[OutboxEntry]:
    """Every state with every fact it may carry."""
    receipts: dict[OutboxState, list[Receipt | None]] = {
        S.SUBMITTED: [None, receipt("submit-submission")],
        S.DELIVERED: [receipt("accept-submission"), receipt("accept-reply")],
        S.RETURNED: [None, receipt("reject-submission")],
    }
    problems: dict[OutboxState, list[tuple[str, ...]]] = {
        S.RETURNED: [
            (),
            (PROBLEMS + "hash-mismatch",),
            ("PORTAL_REFUSED",),
            ("HELD_CASE_CHANGED",),
            ("BRAND_NEW_CODE",),
        ]
    }
    for state, error, channel in itertools.product(
        S, [None, *ErrorCode], ["idBundDeMailbox", "fitConnect", None]
    ):
        if error is not None and channel is None:
            continue
        for proof, why in itertools.product(receipts.get(state, [None]), problems.get(state, [()])):
            yield entry(
                state,
                receipt=proof,
                problems=why,
                channel=channel,
                last_error=error.value if error else None,
                attempts=1 if error else 0,
                next_try_at=NOW + timedelta(minutes=10) if error else None,
                posted_on=date(2026, 11, 23) if state is S.POSTED else None,
            )


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    yield
    set_language("de")


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_state_has_a_word_a_reason_and_a_next_step(language: str) -> None:
    set_language(language)
    for each in everything():
        words = entry_words(each, NOW)
        for text in (words.word, words.why, words.what_next):
            assert text.strip(), each
            assert "{" not in text, (each.state, text)
            assert language == "en" or "None" not in text, (each.state, text)
        assert words.why.rstrip()[-1] in ".?!", words.why
        assert words.what_next.rstrip()[-1] in ".?!", words.what_next


def test_nothing_is_called_delivered_without_its_event_nor_handed_over_without_the_portals_word() -> None:
    for each in everything():
        words = entry_words(each, NOW)
        assert (words.word == "zugestellt") is (each.state is S.DELIVERED and not is_held_back(each))
        assert (words.word == "übergeben") is (each.state is S.SUBMITTED and not is_held_back(each))
        said = f"{words.word} {words.why}"
        if each.state not in (S.DELIVERED, S.SUBMITTED, S.QUEUED):
            assert "Quittung" not in said
            assert "Beleg" not in said
        if "Beleg" in words.why:
            assert each.receipt is not None
            assert "24.11.2026, 09:30" in words.why
        if each.state is S.SUBMITTED and each.receipt is None:
            assert "noch nicht zu lesen" in words.why


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_event_names_and_no_numbers_of_the_portal_are_told_to_a_clerk(language: str) -> None:
    set_language(language)
    for each in everything():
        words = entry_words(each, NOW)
        said = f"{words.word} {words.why} {words.what_next}"
        for technical in ("accept-", "submit-", "reject-", "jti-1", "remote-7", "(Ereignis", "(event"):
            assert technical not in said, (each.state, said)


def test_what_is_delivered_is_told_with_the_day_of_its_proof() -> None:
    mailbox = entry_words(entry(S.DELIVERED, receipt=receipt("accept-submission")), NOW)
    assert mailbox.why == "Es liegt im Postfach, mit Beleg des Portals vom 24.11.2026, 09:30."
    service = entry_words(entry(S.DELIVERED, receipt=receipt("accept-reply"), channel="fitConnect"), NOW)
    assert "mit Beleg des Portals vom 24.11.2026, 09:30." in service.why


def test_what_the_portal_may_have_is_never_called_failed() -> None:
    failed = ("zurückgekommen", "zurückgewiesen", "nicht hinausgegangen", "Eingereicht ist es dort nicht")
    for each in everything():
        words = entry_words(each, NOW)
        if each.state in (S.IN_DOUBT, S.SUBMITTED, S.DELIVERED, S.UPLOADED, S.ANNOUNCED):
            assert not any(part in f"{words.word} {words.why}" for part in failed), (each.state, words)


def test_the_facts_stand_in_the_sentences() -> None:
    waiting = entry(S.QUEUED, hold_until=NOW + timedelta(seconds=42))
    assert entry_words(waiting, NOW).word == "wartet noch 42 Sek."
    assert "24.11.2026, 12:00" in entry_words(waiting, NOW).why
    stuck = entry(S.QUEUED, last_error="PORTAL_UNREACHABLE", attempts=3, next_try_at=NOW)
    words = entry_words(stuck, NOW)
    assert words.age == "seit 2 Std."
    assert "3 Versuche" in words.why
    assert "nicht erreichbar" in words.why
    assert words.what_next == "Nächster Versuch: 24.11.2026, 12:00."
    doubt = entry_words(entry(S.IN_DOUBT), NOW)
    assert "24.11.2026, 09:30" in doubt.why
    assert "Doppelt gesendet wird nichts" in doubt.what_next
    posted = entry(S.POSTED, posted_on=date(2026, 11, 23))
    assert entry_words(posted, NOW).age == "23.11.2026"
    assert "Am 23.11.2026 zur Post gegeben, vermerkt am 24.11.2026, 09:30." in entry_words(posted, NOW).why
    refused = entry(S.RETURNED, receipt=receipt("reject-submission"), problems=(PROBLEMS + "hash-mismatch",))
    assert entry_words(refused, NOW).word == "zurückgewiesen"
    assert "hash-mismatch" in entry_words(refused, NOW).why
    assert "https://" not in entry_words(refused, NOW).why


def test_a_letter_says_why_it_goes_by_post() -> None:
    letter = entry(S.TO_POST, channel=None)
    words = entry_words(letter, NOW, post_reason="consent-refused")
    assert words.why.startswith("Der elektronische Bescheid wurde ausdrücklich nicht gewünscht.")


def test_what_arrived_since_is_named_with_its_moment() -> None:
    news = (
        Arrival(SubmissionId("s1"), NOW - timedelta(hours=1), 2),
        Arrival(SubmissionId("s2"), None, 0),
    )
    held = entry(S.RETURNED, problems=("HELD_CASE_CHANGED",))
    words = entry_words(held, NOW, arrivals=news)
    assert words.word == "zurückgehalten"
    assert "24.11.2026, 11:00 (2 Anlagen)" in words.why
    assert "nicht gelesen werden kann" in words.why
    assert "Seitdem" not in entry_words(entry(S.DELIVERED), NOW, arrivals=news).why


def test_a_pressing_date_is_named() -> None:
    words = pressing_words([Deadline(DeadlineKind.PROCESSING, date(2026, 11, 25), ())])
    assert "Bearbeitung bis 25.11.2026" in words
    assert pressing_words([]) == ""


@pytest.mark.parametrize(
    ("lasted", "words"),
    [
        (0, "0 Sek."),
        (59, "59 Sek."),
        (60, "1 Min."),
        (3599, "59 Min."),
        (3600, "1 Std."),
        (86_399, "23 Std."),
        (86_400, "1 Tag"),
        (172_800, "2 Tage"),
        (-5, "0 Sek."),
    ],
)
def test_durations_are_short(lasted: int, words: str) -> None:
    assert duration(timedelta(seconds=lasted)) == words


def test_ages() -> None:
    assert since(NOW - timedelta(days=3, hours=5), NOW) == "seit 3 Tagen"
    assert since(NOW - timedelta(minutes=5), NOW) == "seit 5 Min."
    assert since(NOW + timedelta(minutes=5), NOW) == "seit 0 Sek."


@pytest.mark.parametrize(
    ("left", "german", "english"),
    [
        (-3, "0 Sek.", "0 s"),
        (41.2, "42 Sek.", "42 s"),
        (59.5, "1 Min. 00 Sek.", "1 min 00 s"),
        (125, "2 Min. 05 Sek.", "2 min 05 s"),
    ],
)
def test_a_countdown_never_reads_as_a_time_of_day(left: float, german: str, english: str) -> None:
    waiting = entry(S.QUEUED, hold_until=NOW + timedelta(seconds=left))
    assert countdown(timedelta(seconds=left)) == german
    if left > 0:
        assert entry_words(waiting, NOW).word == f"wartet noch {german}"
    set_language("en")
    assert countdown(timedelta(seconds=left)) == english
    if left > 0:
        assert english in entry_words(waiting, NOW).word
