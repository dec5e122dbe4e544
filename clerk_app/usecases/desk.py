"""Schreibtisch: everything one clerk needs on one thread, in one place. Window and command line share it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clerk_app.usecases.case_versions import CaseVersions
from clerk_app.usecases.case_work import CaseWork
from clerk_app.usecases.corresponding import Corresponding
from clerk_app.usecases.county import County
from clerk_app.usecases.dates import KeepingDates
from clerk_app.usecases.deciding import Deciding
from clerk_app.usecases.filing import Filing
from clerk_app.usecases.fixed_drafts import FixedDrafts
from clerk_app.usecases.forwarding import Forwarding
from clerk_app.usecases.gaps import Gaps
from clerk_app.usecases.handing_over import HandingOver
from clerk_app.usecases.inspecting import Inspecting
from clerk_app.usecases.journal import Journal
from clerk_app.usecases.outbox_watch import OutboxWatch
from clerk_app.usecases.outbox_work import OutboxWork
from clerk_app.usecases.packages import Packages
from clerk_app.usecases.ports import Assessor, Attachments, CaseDocuments, CaseReads, Ledger, LetterOffice
from clerk_app.usecases.post_work import PostWork
from clerk_app.usecases.printing import Printing
from clerk_app.usecases.proving import Proving
from clerk_app.usecases.requesting import Requesting
from clerk_app.usecases.reviewing import Reviewing
from clerk_app.usecases.signature_folder import SignatureFolder
from clerk_app.usecases.standing_in import StandingIn
from clerk_app.usecases.taking_over import TakingOver
from clerk_app.usecases.two_decisions import Comparing
from clerk_app.usecases.verifying import Verifying
from clerk_app.usecases.wording_help import WordingHelp


@dataclass(frozen=True)
class OfficeFacts:
    """What the screens say about the office. ``practice`` marks a practice office everywhere it shows."""

    name: str
    ars: str
    land: str
    actor: str
    practice: bool
    take_back_s: int
    signing_needs_password: bool
    county: bool = False  # a county's desk: distributes the cases of its offices and has none of its own
    accessibility_contact: str = ""  # who hears of barriers; empty: not said
    enforcement_body: str = ""  # who helps when no answer comes


@dataclass(frozen=True)
class Desk:
    """One clerk's tools. Belongs to the thread that opened it; ``close`` when done."""

    office: OfficeFacts
    reads: CaseReads
    ledger: Ledger
    journal: Journal
    cases: CaseWork
    gaps: Gaps
    requesting: Requesting
    corresponding: Corresponding
    deciding: Deciding
    drafts: FixedDrafts
    folder: SignatureFolder
    reviewing: Reviewing
    outbox: OutboxWork
    dates: KeepingDates
    filing: Filing
    inspecting: Inspecting
    printing: Printing
    forwarding: Forwarding
    handing_over: HandingOver
    watch: OutboxWatch
    county: Callable[[], County]
    standing_in: StandingIn
    comparing: Comparing
    taking_over: TakingOver
    post: PostWork
    proving: Proving
    attachments: Attachments
    documents: CaseDocuments
    letters: LetterOffice
    assessor: Assessor
    packages: Packages
    versions: CaseVersions
    verifying: Verifying
    wording: WordingHelp
    close: Callable[[], None]
