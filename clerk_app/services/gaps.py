"""Lücken of a case: what its service wants, what was asked for, what came, and what a clerk said of it.

Nothing is kept: the list follows from the case each time, so that no item can be forgotten by a step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from clerk_app.domain.case import CaseFile, HistoryEvent
from clerk_app.domain.case_dates import standing_decision
from clerk_app.domain.deadlines import DeadlineKind, counted_pauses, office_day
from clerk_app.domain.gaps import (
    GapItem,
    GapList,
    GapOrigin,
    GapPause,
    GapState,
    GapWord,
    RequestItem,
    gap_id,
    gap_words,
    request_items,
    same_words,
    typed_key,
)
from clerk_app.domain.ids import EntryId, SubmissionId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.localized import Localized
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState
from clerk_app.domain.service_package import CheckLevel, CheckResult, ServiceDescription
from clerk_app.services.deadlines import CaseDeadlines
from clerk_app.services.gap_matching import Brought, Matches, Sought, brought, match

_GONE = frozenset({OutboxState.WITHDRAWN, OutboxState.RETURNED})


@dataclass(frozen=True)
class GapMatter:
    """What the list follows from. ``checks`` are all results of the case, ``told`` the check points that a
    later submission's form passes, with those submissions; ``required`` the keys of evidence this
    application needs."""

    case: CaseFile
    description: ServiceDescription
    checks: tuple[CheckResult, ...]
    required: Collection[str]
    told: Mapping[str, frozenset[SubmissionId]] = field(hash=False)


@dataclass(frozen=True)
class _Asking:
    """A request that named an item."""

    entry: OutboxEntry
    text: str

    @property
    def stands(self) -> bool:
        return self.entry.state not in _GONE


@dataclass
class _Seed:
    """An item before its state is known."""

    origin: GapOrigin
    key: str
    text: str
    label: Localized | None = None
    needed: bool = False
    askings: list[_Asking] = field(default_factory=list)

    @property
    def gap_id(self) -> str:
        return gap_id(self.origin, self.key)

    @property
    def last(self) -> _Asking | None:
        """The latest request that stands."""
        return next((each for each in reversed(self.askings) if each.stands), None)


def gap_list(matter: GapMatter, deadlines: CaseDeadlines, today: date) -> GapList:
    """The list as it stands. An item that was ever asked for, or that a clerk said something about, is in
    it."""
    case = matter.case
    words = gap_words(case.history)
    every = _seeds(matter, words)
    seeds = [seed for seed in every if _belongs(seed, words)]
    sought = [_sought(seed, case, words) for seed in seeds]
    came = [each for answer in case.applications for each in brought(answer, matter.description.evidence)]
    matches = match(sought, came, case.first.submission_id)
    accepted = _accepted(case.history)
    items = tuple(_item(seed, matter, matches, words.get(seed.gap_id), accepted) for seed in seeds)
    taken = {key for item in items for key in item.attachments}
    decided = standing_decision(case) is not None
    found = () if decided else deadlines.of_case(case, matter.description)
    return GapList(
        items,
        () if decided else _pauses(case, matter.description, deadlines, today),
        next((each.due_on for each in found if each.kind is DeadlineKind.ANSWER), None),
        tuple(key for key in matches.loose if key not in taken),
        next((each for each in found if each.kind is DeadlineKind.PROCESSING), None),
        _rest(
            matter,
            [seed for seed in every if not _belongs(seed, words)],
            [each for each in came if each.key not in taken],
        ),
    )


def _rest(matter: GapMatter, seeds: list[_Seed], came: Iterable[Brought]) -> tuple[GapItem, ...]:
    """What nobody missed: it may be there unasked."""
    sought = [_sought(seed, matter.case, {}) for seed in seeds]
    matches = match(sought, came, matter.case.first.submission_id)
    return tuple(_item(seed, matter, matches, None, {}) for seed in seeds)


# -- which items there are -----------------------------------------------------------------------------------


def _seeds(matter: GapMatter, words: Mapping[str, GapWord]) -> list[_Seed]:
    """Everything the service knows, then what only a request or a clerk's word knows."""
    seeds = {seed.gap_id: seed for seed in _known(matter)}
    for entry in sorted(matter.case.outgoing, key=lambda each: each.created_at):
        if entry.kind is OutboxKind.DOCUMENT_REQUEST:
            for asked in _asked(matter.case.history, entry):
                seed = _seed_of(asked, seeds)
                seed.askings.append(_Asking(entry, asked.text))
    for name, word in words.items():
        if name not in seeds:
            origin, _, key = name.partition(":")
            seeds[name] = _Seed(GapOrigin(origin), key, word.text or key)
    return sorted(seeds.values(), key=lambda seed: seed.origin is GapOrigin.TYPED)


def _known(matter: GapMatter) -> Iterator[_Seed]:
    warned = [result for result in matter.checks if result.level is CheckLevel.WARN]
    named = {result.evidence for result in warned}
    for kind in matter.description.evidence:
        needed = kind.key in matter.required or kind.key in named
        yield _Seed(GapOrigin.EVIDENCE, kind.key, str(kind.request_text), kind.title, needed)
    missing = {result.check_id: result for result in warned}
    for point in matter.description.check_points:
        if point.ask is not None and not point.evidence:
            result = missing.get(point.check_id)
            label = point.ask if result is None else result.text
            needed = result is not None
            yield _Seed(GapOrigin.STATEMENT, point.check_id, str(point.ask), label, needed)


def _asked(history: tuple[HistoryEvent, ...], entry: OutboxEntry) -> tuple[RequestItem, ...]:
    for event in history:
        if event.kind == ActKind.QUEUED.value and event.details.get("entry_id") == entry.entry_id:
            return request_items(event.details.get("structured"))
    return ()


def _seed_of(asked: RequestItem, seeds: dict[str, _Seed]) -> _Seed:
    """The item a request named: by its key, else by its words."""
    if not asked.key:
        wanted = same_words(asked.text)
        for seed in seeds.values():
            if wanted in (same_words(seed.text), *(same_words(each.text) for each in seed.askings)):
                return seed
    key = asked.key or typed_key(asked.text)
    origin = asked.origin if asked.key else GapOrigin.TYPED
    return seeds.setdefault(gap_id(origin, key), _Seed(origin, key, asked.text))


def _belongs(seed: _Seed, words: Mapping[str, GapWord]) -> bool:
    return seed.needed or bool(seed.askings) or seed.gap_id in words


# -- how far each has come -----------------------------------------------------------------------------------


def _sought(seed: _Seed, case: CaseFile, words: Mapping[str, GapWord]) -> Sought:
    last, word = seed.last, words.get(seed.gap_id)
    past: set[SubmissionId] = set()
    if last is not None:
        later = {each.submission_id for each in case.answers_to(last.entry)}
        past |= {each.submission_id for each in case.applications} - later
    if word is not None and word.state is GapState.MISSING:
        past |= word.seen
    texts = {same_words(seed.text), *(same_words(each.text) for each in seed.askings)}
    return Sought(
        seed.gap_id, frozenset(texts), seed.key if seed.origin is GapOrigin.EVIDENCE else "", frozenset(past)
    )


def _item(
    seed: _Seed,
    matter: GapMatter,
    matches: Matches,
    word: GapWord | None,
    accepted: Mapping[str, tuple[str, str]],
) -> GapItem:
    found = matches.found.get(seed.gap_id, ())
    last = seed.last
    latest = seed.askings[-1] if seed.askings else None
    left_out = last is not None and bool(matter.case.answers_to(last.entry))
    state, reason, decided_by = GapState.MISSING, "", ""
    stands = word is not None and (last is None or word.at >= last.entry.created_at)
    if word is not None and stands and word.state is not GapState.MISSING:
        state, reason, decided_by = word.state, word.reason, word.actor
        found = word.attachments or found
    elif found or _is_told(seed, matter, word):
        state = GapState.ARRIVED
    elif last is not None:
        state = GapState.ASKED
    elif word is None and (said := _said(seed, matter, accepted)) is not None:
        state = GapState.WAIVED
        reason, decided_by = said
    asked = state is GapState.ASKED
    return GapItem(
        seed.origin,
        seed.key,
        seed.text,
        state,
        tuple(EntryId(each.entry.entry_id) for each in seed.askings if each.stands),
        found,
        matches.offered.get(seed.gap_id, ()),
        reason,
        decided_by,
        came_back=latest is not None and latest.entry.state is OutboxState.RETURNED,
        left_out=asked and left_out,
        label=seed.label,
    )


def _is_told(seed: _Seed, matter: GapMatter, word: GapWord | None) -> bool:
    """Whether a later form holds the statement."""
    if seed.origin is not GapOrigin.STATEMENT:
        return False
    told = matter.told.get(seed.key, frozenset())
    if seed.last is not None:
        told &= {each.submission_id for each in matter.case.answers_to(seed.last.entry)}
    return bool(told - (word.seen if word is not None and word.state is GapState.MISSING else frozenset()))


def _accepted(history: tuple[HistoryEvent, ...]) -> Mapping[str, tuple[str, str]]:
    """Check points a clerk accepted, with the reason and who."""
    found: dict[str, tuple[str, str]] = {}
    for event in history:
        if event.kind == ActKind.CHECKED.value:
            check_id = str(event.details.get("check_id", ""))
            found.pop(check_id, None)
            if event.details.get("accepted") is True:
                found[check_id] = (str(event.details.get("reason", "")), event.actor)
    return found


def _said(seed: _Seed, matter: GapMatter, accepted: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    """Reason and clerk, when every check point that misses the item was accepted."""
    missing = [
        result.check_id
        for result in matter.checks
        if result.level is CheckLevel.WARN
        and (
            result.evidence == seed.key
            if seed.origin is GapOrigin.EVIDENCE
            else result.check_id == seed.key and seed.origin is GapOrigin.STATEMENT
        )
    ]
    if not missing or not all(check_id in accepted for check_id in missing):
        return None
    return accepted[missing[-1]]


# -- when the clock stood ------------------------------------------------------------------------------------


def _pauses(
    case: CaseFile, description: ServiceDescription, deadlines: CaseDeadlines, today: date
) -> tuple[GapPause, ...]:
    waits = deadlines.waits(case, description)
    arrived_on = office_day(case.first.submitted_at)
    counted = counted_pauses(
        arrived_on, description.processing_days, [wait.pause for wait in waits], description.pause
    )
    found = []
    for pause in (each.pause for each in counted):
        inside = [
            wait
            for wait in waits
            if pause.from_on <= wait.pause.from_on and wait.pause.until_on <= pause.until_on
        ]
        stands = today < pause.until_on and any(not wait.answered for wait in inside)
        found.append(
            GapPause(
                pause.from_on,
                None if stands else pause.until_on,
                pause.until_on,
                tuple(wait.entry_id for wait in inside),
            )
        )
    return tuple(found)
