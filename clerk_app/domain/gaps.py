"""Lücken: what is missing in a case, what was asked for, what has come. One list for letter, answer and the
next letter, so that both sides always look at the same one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from clerk_app.domain.case import AttachmentKey, HistoryEvent
from clerk_app.domain.deadlines import Deadline
from clerk_app.domain.ids import AttachmentId, EntryId, SubmissionId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.localized import Localized
from clerk_app.domain.search_form import folded


class GapState(StrEnum):
    """How far one missing item has come. The value is written to disk and never changes its meaning."""

    MISSING = "missing"  # a check point found it; nobody asked yet
    ASKED = "asked"  # in a document request that stands
    ARRIVED = "arrived"  # something came that seems to be it; a clerk has not looked yet
    SETTLED = "settled"  # a clerk says it is there
    WAIVED = "waived"  # a clerk does without it, with a reason


class GapOrigin(StrEnum):
    """Where an item comes from. The value is written to disk and never changes its meaning."""

    EVIDENCE = "evidence"  # a kind of evidence of the service; ``key`` is its key
    STATEMENT = "statement"  # a statement in the form; ``key`` is the check point's id
    TYPED = "typed"  # a clerk wrote it; ``key`` is made from its words


@dataclass(frozen=True)
class GapItem:
    """One thing that is missing. ``text`` is what the applicant reads (German), ``label`` what the clerk
    reads where the service has words of its own for it.

    ``asked_by`` are the requests that stand and named it, oldest first; ``attachments`` what seems to answer
    it; ``offered`` what may answer it and needs a person to say so. ``came_back``: the latest request that
    named it was returned. ``left_out``: an answer came since it was asked for, and it was not in it.
    ``decided_by`` a clerk ticked or waived it (otherwise the program matched it).
    """

    origin: GapOrigin
    key: str
    text: str
    state: GapState
    asked_by: tuple[EntryId, ...] = ()
    attachments: tuple[AttachmentKey, ...] = ()
    offered: tuple[AttachmentKey, ...] = ()
    reason: str = ""
    decided_by: str = ""
    came_back: bool = False
    left_out: bool = False
    label: Localized | None = None

    @property
    def gap_id(self) -> str:
        """Names the item in its case: ``evidence:liability``."""
        return gap_id(self.origin, self.key)

    @property
    def is_open(self) -> bool:
        """Whether the next request should name it."""
        return self.state in (GapState.MISSING, GapState.ASKED)

    @property
    def is_awaited(self) -> bool:
        """Whether it was asked for and no answer has come since."""
        return self.state is GapState.ASKED and not self.left_out

    def title(self, language: str = "de") -> str:
        """What the clerk reads."""
        return self.text if self.label is None else self.label.text(language)


def gap_id(origin: GapOrigin, key: str) -> str:
    """Names an item in its case."""
    return f"{origin.value}:{key}"


def same_words(text: str) -> str:
    """``text`` for comparing: requests from before items had keys are told apart by their words."""
    return " ".join(text.split()).casefold()


def typed_key(text: str) -> str:
    """The key of an item a clerk wrote: the same words give the same key."""
    return hashlib.sha256(same_words(text).encode("utf-8", "surrogatepass")).hexdigest()[:10]


@dataclass(frozen=True)
class GapPause:
    """Time during which the office's target waited for the applicant.

    The day of the request ran, the day of the answer runs again. ``until`` None: it still waits, for an
    answer or at the latest until ``latest`` (the day the answer is due). ``requests`` are the document
    requests it waited for.
    """

    since: date
    until: date | None
    latest: date
    requests: tuple[EntryId, ...]

    def days(self, today: date) -> int:
        """How many days the target has stood, up to ``today`` while it still waits."""
        return max((min(self.until or today, self.latest) - self.since).days, 0)


@dataclass(frozen=True)
class GapList:
    """Everything missing in a case, in the order of the service, typed items last.

    ``loose`` are attachments of answers that fit nothing: a person says what they are. ``answer_due_on`` is
    the day the latest unanswered request named, ``target`` the office's own target with its derivation; None
    once the case is decided. ``rest`` is what the service knows besides and nobody missed so far.
    """

    items: tuple[GapItem, ...] = ()
    pauses: tuple[GapPause, ...] = ()
    answer_due_on: date | None = None
    loose: tuple[AttachmentKey, ...] = ()
    target: Deadline | None = None
    rest: tuple[GapItem, ...] = ()

    @property
    def open_items(self) -> tuple[GapItem, ...]:
        """What the next request should name."""
        return tuple(item for item in self.items if item.is_open)

    @property
    def here(self) -> tuple[GapItem, ...]:
        """What has come or is done without."""
        return tuple(item for item in self.items if not item.is_open)

    @property
    def received(self) -> tuple[GapItem, ...]:
        """What was asked for and has come: the next letter says thank you for it."""
        there = (GapState.ARRIVED, GapState.SETTLED)
        return tuple(item for item in self.items if item.asked_by and item.state in there)

    def overdue(self, today: date) -> bool:
        """Whether the day to answer by is over."""
        return self.answer_due_on is not None and self.answer_due_on < today

    def called_for(self, today: date) -> bool:
        """Whether a letter is called for: something is missing that nobody waits for, or the answer is
        overdue."""
        overdue = self.overdue(today)
        return any(not item.is_awaited or overdue for item in self.open_items)

    @property
    def waiting(self) -> bool:
        """Whether the office's target waits for the applicant now."""
        return any(pause.until is None for pause in self.pauses)

    def item(self, name: str) -> GapItem | None:
        """The item with that id, or with that key when only one has it."""
        found = [item for item in self.items if name in (item.gap_id, item.key)]
        exact = [item for item in found if item.gap_id == name]
        return exact[0] if exact else found[0] if len(found) == 1 else None

    def worded(self, text: str) -> GapItem | None:
        """The item somebody means by these words: what the applicant reads, its id, its key, or what the
        clerk reads. Also finds what the service knows and nobody missed so far."""
        wanted = _loosely(text)
        every = (*self.items, *self.rest)
        for names in (_asked_as, _keyed_as, _titled_as):
            for item in every:
                if wanted in map(_loosely, names(item)):
                    return item
        return None

    def premature(self, items: Iterable[GapItem | None], today: date) -> bool:
        """Whether a request for these asks for nothing but what is awaited already, and the day to answer by
        is still to come. None is something nobody asked for."""
        if self.answer_due_on is None or self.answer_due_on < today:
            return False
        return all(item is not None and item.is_awaited for item in items)


def _loosely(text: str) -> str:
    return same_words(folded(text))


def _asked_as(item: GapItem) -> Iterable[str]:
    return (item.text,)


def _keyed_as(item: GapItem) -> Iterable[str]:
    return (item.gap_id, item.key)


def _titled_as(item: GapItem) -> Iterable[str]:
    return () if item.label is None else item.label.by_language.values()


@dataclass(frozen=True)
class AskedBefore:
    """What speaks against a request: ``here`` has come or is done without, and is asked for again;
    ``due_on`` is the day the answer is due when everything in it is awaited already."""

    here: tuple[GapItem, ...] = ()
    due_on: date | None = None


@dataclass(frozen=True)
class GapDraft:
    """The next request as it would be: every open item, until when, and the clerk's own words (none yet).

    ``called_for``: something is missing that nobody waits for, or the answer is overdue. ``reminder`` counts
    how often the applicant was asked for the same before.
    """

    items: tuple[GapItem, ...]
    received: tuple[GapItem, ...]
    note: str
    due_on: date
    reminder: int = 0
    called_for: bool = False


def reminder_level(items: Iterable[GapItem]) -> int:
    """How often one of the items was asked for before."""
    return max((len(item.asked_by) for item in items), default=0)


# -- the clerk's word ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GapWord:
    """What a clerk said of an item: SETTLED, WAIVED, or MISSING again. ``seen`` are the submissions that
    were there then: with MISSING none of them answers it. ``attachments`` is what the clerk says it is."""

    at: datetime
    actor: str
    state: GapState
    text: str
    reason: str = ""
    attachments: tuple[AttachmentKey, ...] = ()
    seen: frozenset[SubmissionId] = frozenset()


WORD_STATES = frozenset({GapState.SETTLED, GapState.WAIVED, GapState.MISSING})


def gap_words(history: Iterable[HistoryEvent]) -> Mapping[str, GapWord]:
    """The latest word on each item, by ``gap_id``. What cannot be read is left out."""
    found: dict[str, GapWord] = {}
    for event in history:
        if event.kind != ActKind.GAP_SETTLED.value:
            continue
        details = event.details
        try:
            origin, state = GapOrigin(str(details["origin"])), GapState(str(details["state"]))
            key = str(details["key"])
        except (KeyError, ValueError):
            continue
        if state not in WORD_STATES:
            continue
        found[gap_id(origin, key)] = GapWord(
            event.at,
            event.actor,
            state,
            str(details.get("text", "")),
            str(details.get("reason", "")),
            tuple(_attachment_keys(details.get("attachments"))),
            frozenset(SubmissionId(str(each)) for each in _listed(details.get("seen"))),
        )
    return found


def _attachment_keys(value: object) -> Iterable[AttachmentKey]:
    for each in _listed(value):
        if isinstance(each, Mapping):
            yield AttachmentKey(
                SubmissionId(str(each.get("submission_id"))), AttachmentId(str(each.get("attachment_id")))
            )


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else ()


def evidence_said(
    history: Iterable[HistoryEvent],
) -> tuple[frozenset[str], Mapping[str, frozenset[SubmissionId]]]:
    """Kinds of evidence a clerk says are there; and of those a clerk says are not, the submissions that do
    not hold them. Asked for again, a kind is no longer there."""
    there: set[str] = set()
    wrong: dict[str, frozenset[SubmissionId]] = {}
    for event in history:
        if event.kind == ActKind.QUEUED.value:
            items = request_items(event.details.get("structured"))
            there -= {item.key for item in items if item.origin is GapOrigin.EVIDENCE}
        elif event.kind == ActKind.GAP_SETTLED.value:
            for name, word in gap_words((event,)).items():
                origin, _, key = name.partition(":")
                if origin == GapOrigin.EVIDENCE:
                    there.discard(key)
                    wrong.pop(key, None)
                    there |= {key} if word.state is GapState.SETTLED else set()
                    wrong |= {key: word.seen} if word.state is GapState.MISSING else {}
    return frozenset(there), wrong


def all_settled_at(
    items: Iterable[RequestItem], since: datetime, words: Mapping[str, GapWord]
) -> datetime | None:
    """When a clerk had ticked off or waived everything a request of that time named; None while something is
    left."""
    latest: datetime | None = None
    for item in items:
        word = words.get(gap_id(item.origin, item.key or typed_key(item.text)))
        if word is None or word.state is GapState.MISSING or word.at < since:
            return None
        latest = word.at if latest is None else max(latest, word.at)
    return latest


# -- what was asked ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RequestItem:
    """One item of a document request as it was frozen. ``key`` is empty in requests from before items had
    keys, and for what a clerk typed."""

    text: str
    origin: GapOrigin = GapOrigin.TYPED
    key: str = ""

    @staticmethod
    def of(item: GapItem) -> RequestItem:
        """The item as a request names it."""
        return RequestItem(item.text, item.origin, item.key)

    def frozen(self) -> dict[str, object]:
        """As JSON. What a clerk typed is its words and nothing else."""
        if self.origin is GapOrigin.TYPED:
            return {"text": self.text}
        return {"text": self.text, "origin": self.origin.value, "key": self.key}


def request_items(structured: object) -> tuple[RequestItem, ...]:
    """The items of a request's machine-readable form. What cannot be read is left out."""
    items = structured.get("items") if isinstance(structured, Mapping) else None
    found = []
    for each in _listed(items):
        text = each.get("text") if isinstance(each, Mapping) else None
        if not isinstance(each, Mapping) or not isinstance(text, str) or not text.strip():
            continue
        origin = next((one for one in GapOrigin if one.value == each.get("origin")), GapOrigin.TYPED)
        key = each.get("key")
        keyed = isinstance(key, str) and key and origin is not GapOrigin.TYPED
        found.append(RequestItem(text, origin, str(key)) if keyed else RequestItem(text))
    return tuple(found)
