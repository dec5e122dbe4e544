"""Entering, ending and looking back on a Vertretung. Works offline; the team hears of it later."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from clerk_app.domain.case import CaseFile
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.decision import Finding, FindingLevel
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.stand_in import StandIn, may_sign
from clerk_app.domain.wording import tidy
from clerk_app.usecases.ports import CaseReads, Clock, Ledger


@dataclass(frozen=True)
class DoneMeanwhile:
    """What a stand-in did in one case. ``acts``: how often, by kind of act."""

    case_id: CaseId
    case_reference: str
    service: str
    acts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class StandingIn:
    """Vertretung, from the clerk's side."""

    reads: CaseReads
    ledger: Ledger
    today: Callable[[], date]

    def all(self) -> Sequence[StandIn]:
        """Every stand-in ever entered, newest first."""
        return self.reads.stand_ins()

    def in_force(self) -> Sequence[StandIn]:
        """Those that hold today."""
        return [each for each in self.all() if each.holds(self.today())]

    def enter(
        self,
        absent: str,
        stand_in: str,
        from_on: date,
        until_on: date,
        services: Sequence[str] = (),
        *,
        may_sign: bool = True,
    ) -> str:
        """Enters one; its id. Raises ClerkError STAND_IN_WRONG."""
        away, here = tidy(absent), tidy(stand_in)
        if not away or not here or away == here or until_on < from_on or until_on < self.today():
            raise ClerkError(ErrorCode.STAND_IN_WRONG, {}, Disposition.ASK_CLERK)
        stand_in_id = str(uuid.uuid4())
        payload = {
            "stand_in_id": stand_in_id,
            "absent": away,
            "stand_in": here,
            "from_on": from_on.isoformat(),
            "until_on": until_on.isoformat(),
            "services": sorted(set(services)),
            "may_sign": may_sign,
        }
        with self.ledger.transaction("stand-in set") as transaction:
            transaction.append(Act(ActKind.STAND_IN_SET, None, None, payload))
        return stand_in_id

    def end(self, stand_in_id: str) -> None:
        """Ends one before its time. Raises ClerkError STAND_IN_UNKNOWN."""
        found = self.find(stand_in_id)
        if found.is_over(self.today()):
            raise ClerkError(ErrorCode.STAND_IN_UNKNOWN, {}, Disposition.ASK_CLERK)
        with self.ledger.transaction("stand-in ended") as transaction:
            transaction.append(Act(ActKind.STAND_IN_ENDED, None, None, {"stand_in_id": found.stand_in_id}))

    def find(self, text: str) -> StandIn:
        """The one whose id begins with ``text``. Raises ClerkError STAND_IN_UNKNOWN."""
        wanted = text.strip().lower()
        found = [each for each in self.all() if wanted and each.stand_in_id.startswith(wanted)]
        if len(found) != 1:
            raise ClerkError(ErrorCode.STAND_IN_UNKNOWN, {}, Disposition.ASK_CLERK)
        return found[0]

    def summary(self, stand_in: StandIn) -> Sequence[DoneMeanwhile]:
        """What the stand-in did meanwhile in cases of the absent: what is told when they are back."""
        done: dict[CaseId, Counter[str]] = {}
        for case_id, at, kind in self.reads.done_by(stand_in.stand_in, stand_in.absent):
            if stand_in.from_on <= at.date() <= stand_in.until_on and not _after(at, stand_in.ended_at):
                done.setdefault(case_id, Counter())[kind] += 1
        found = []
        for case_id, kinds in done.items():
            row = self.reads.row(case_id)
            if row is not None and stand_in.covers(row.leika_key):
                acts = tuple(sorted(kinds.items()))
                found.append(DoneMeanwhile(case_id, row.case_reference, row.service, acts))
        return sorted(found, key=lambda each: each.case_reference)

    def back(self, who: str, since: date) -> Sequence[StandIn]:
        """Stand-ins for ``who`` that ended from ``since`` on: there is something to look back on."""
        today = self.today()
        return [
            each
            for each in self.all()
            if each.absent == who and each.is_over(today) and each.until_on >= since
        ]


def stand_in_findings(case: CaseFile, actor: str, all_: Sequence[StandIn], clock: Clock) -> Sequence[Finding]:
    """What stands against signing by somebody who works in the case only as a stand-in."""
    row = case.row
    if may_sign(actor, row.assigned_to, row.leika_key, all_, office_day(clock.now())):
        return []
    return [Finding("stand-in-may-not-sign", FindingLevel.BLOCK, (("who", row.assigned_to or ""),))]


def _after(at: datetime, ended_at: datetime | None) -> bool:
    return ended_at is not None and at > ended_at
