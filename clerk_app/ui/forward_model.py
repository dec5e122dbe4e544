"""What the forwarding dialog shows and asks for. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clerk_app.domain.competence import Competence, OfficeAddress
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.decision import Finding, FindingLevel
from clerk_app.domain.forwarding import DraftForwarding
from clerk_app.domain.ids import CaseId
from clerk_app.texts import _
from clerk_app.texts.competence_words import competence_words, reason_words
from clerk_app.ui import labels
from clerk_app.usecases.desk import Desk

MOST_FOUND = 50


@dataclass(frozen=True)
class Choice:
    """An authority that may be chosen. ``why`` is empty for one that only the search found."""

    office: OfficeAddress
    why: str = ""

    @property
    def words(self) -> str:
        """Its name, and below why or where."""
        office = self.office
        place = ", ".join(
            part for part in (office.street, f"{office.postcode} {office.city}".strip()) if part
        )
        return f"{office.name}\n{self.why or place}" if self.why or place else office.name


@dataclass(frozen=True)
class ForwardFrame:
    """What the dialog begins with. ``arrived_on``: a day of first receipt is not after it."""

    case_id: CaseId
    own: str
    competence: Competence
    directory: Sequence[OfficeAddress]
    arrived_on: date

    @property
    def heading(self) -> str:
        """What the form says of it."""
        return _("Zuständig: {who}").format(who=competence_words(self.competence, self.own))

    def choices(self, found: Sequence[OfficeAddress]) -> tuple[Choice, ...]:
        """Proposals first as far as the search found them, then the rest of what it found."""
        wanted = set(found)
        proposed = {each.office: reason_words(each) for each in self.competence.proposals}
        first = tuple(Choice(office, why) for office, why in proposed.items() if office in wanted)
        rest = tuple(Choice(office) for office in found if office not in proposed)
        return (*first, *rest)[:MOST_FOUND]


@dataclass(frozen=True)
class ForwardWish:
    """What is chosen and typed. ``first_received_on`` None: it came here first."""

    case_id: CaseId
    office: OfficeAddress
    reason: str
    first_received_on: date | None = None

    @property
    def missing(self) -> str:
        """What is still to be said, as a sentence; empty when nothing is."""
        return "" if self.reason.strip() else _("Bitte den Grund der Abgabe eintragen.")


@dataclass(frozen=True)
class PreparedForwarding:
    """The notice as it would go out, made from this wish."""

    wish: ForwardWish
    draft: DraftForwarding
    pdf: bytes
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> str:
        """The first thing that stands against it, as a sentence."""
        first = next((each for each in self.findings if each.level is FindingLevel.BLOCK), None)
        return labels.finding(first) if first is not None else ""


def load_frame(desk: Desk, case_id: CaseId) -> ForwardFrame:
    """Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE."""
    found = desk.forwarding.competence(case_id)
    case = desk.reads.case_file(case_id)
    arrived_on = office_day(case.first.submitted_at if case is not None else desk.deciding.clock.now())
    return ForwardFrame(case_id, desk.office.name, found, desk.forwarding.offices(), arrived_on)


def prepare(desk: Desk, wish: ForwardWish) -> PreparedForwarding:
    """Raises what stands against forwarding at all."""
    draft = desk.forwarding.draft(wish.case_id, wish.office, wish.reason, wish.first_received_on)
    return PreparedForwarding(wish, draft, desk.forwarding.preview(draft), desk.forwarding.preflight(draft))


def hints(prepared: PreparedForwarding) -> tuple[tuple[str, str], ...]:
    """(level, words) of everything found."""
    levels = {FindingLevel.BLOCK: "bad", FindingLevel.WARN: "warn"}
    return tuple((levels[each.level], labels.finding(each)) for each in prepared.findings)
