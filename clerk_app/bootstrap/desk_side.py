"""Builds a clerk's desk on the calling thread."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from clerk_app.bootstrap.filing_side import filing_for, inspecting_for, proving_for
from clerk_app.bootstrap.forwarding_side import forwarding_for, forwarding_rules
from clerk_app.bootstrap.letters_side import letter_office
from clerk_app.bootstrap.packages_side import descriptions_for, packages_for
from clerk_app.bootstrap.portal_side import office_config
from clerk_app.bootstrap.premises import Premises, office_facts
from clerk_app.bootstrap.verifying_side import desk_verifying
from clerk_app.domain.application import Application
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, SubmissionId
from clerk_app.portal.attachments import decryption_keys, open_attachment
from clerk_app.portal.keys import DecryptionKeys
from clerk_app.portal.office import PortalOffice, build_office
from clerk_app.services.catalogue import Descriptions
from clerk_app.services.cover_sheet import CoverSheets
from clerk_app.services.form_view import ValueWords
from clerk_app.services.letter_matter import LetterHead
from clerk_app.services.office_rules import OfficeRules
from clerk_app.services.state_profile import HolidayCalendar
from clerk_app.signing.bundle import PrintPress
from clerk_app.system.profile import Profile
from clerk_app.texts import formats, language
from clerk_app.usecases.case_versions import CaseVersions
from clerk_app.usecases.case_work import CaseWork
from clerk_app.usecases.corresponding import Corresponding
from clerk_app.usecases.county import County
from clerk_app.usecases.dates import KeepingDates
from clerk_app.usecases.deciding import Deciding
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.draft_rules import FourEyesRule
from clerk_app.usecases.fixed_drafts import FixedDrafts
from clerk_app.usecases.gaps import Gaps
from clerk_app.usecases.handing_over import HandingOver
from clerk_app.usecases.outbox_watch import OutboxWatch
from clerk_app.usecases.outbox_work import OutboxWork
from clerk_app.usecases.ports import CaseReads
from clerk_app.usecases.post_work import PostWork
from clerk_app.usecases.printing import Printing
from clerk_app.usecases.requesting import Requesting
from clerk_app.usecases.reviewing import Reviewing
from clerk_app.usecases.sending import TakeBack
from clerk_app.usecases.signature_folder import SignatureFolder
from clerk_app.usecases.standing_in import StandingIn
from clerk_app.usecases.taking_over import TakingOver
from clerk_app.usecases.two_decisions import Comparing
from clerk_app.usecases.wording_help import WordingHelp


def open_desk(premises: Premises) -> Desk:
    """A desk for this thread. No network is touched; key files are read when they are first needed."""
    profile, store = premises.profile, premises.store
    portal = PortalSide(premises)
    reads = store.reads(premises.actor)
    ledger = store.ledger(premises.actor)
    journal = store.journal(premises.actor)
    documents = store.documents()
    letters = letter_office(premises)
    shelf = store.packages()
    rules = office_rules(profile, descriptions_for(premises, shelf))
    take_back = TakeBack(profile.delivery.take_back_s)
    deliverable = portal.deliverable
    deciding = Deciding(
        reads, ledger, documents, letters, rules, deliverable, premises.clock, take_back,
        FourEyesRule(profile.review.four_eyes, rules.four_eyes),
    )  # fmt: skip
    drafts = FixedDrafts(reads, ledger, documents, deciding)

    county = CountySide(premises)

    def close() -> None:
        county.close()
        reads.close()
        shelf.close()
        journal.close()
        ledger.close()  # the writer last: it moves the write-ahead log into the database
        portal.close()
        letters.close()

    attachments = KeptAttachments(premises, reads, portal)
    dates = KeepingDates(reads, ledger, rules, premises.clock, letters, rules)
    corresponding = Corresponding(
        reads, ledger, documents, letters, rules, rules, deliverable, premises.clock, take_back
    )
    filing = filing_for(premises, reads, ledger, attachments)
    press = PrintPress(letters.render)
    competent = forwarding_rules(premises.profile, rules)
    versions = CaseVersions(reads, ledger, shelf, rules, premises.clock)
    return Desk(
        office=office_facts(premises),
        reads=reads,
        ledger=ledger,
        journal=journal,
        cases=CaseWork(reads, ledger, dates.target_on),
        gaps=Gaps(reads, ledger, rules, rules, premises.clock),
        requesting=Requesting(
            reads, ledger, documents, letters, rules, rules, deliverable, premises.clock, take_back, rules
        ),
        corresponding=corresponding,
        deciding=deciding,
        drafts=drafts,
        folder=SignatureFolder(drafts, deciding, letters),
        reviewing=Reviewing(drafts),
        outbox=OutboxWork(reads, ledger, premises.clock),
        dates=dates,
        filing=filing,
        inspecting=inspecting_for(reads, ledger, filing, rules, letters, premises.clock),
        forwarding=forwarding_for(reads, ledger, corresponding, competent, premises.clock, take_back),
        handing_over=HandingOver(reads, ledger, documents, letters, competent, filing, premises.clock),
        printing=Printing(reads, rules, letters, rules, premises.clock, premises.actor, press),
        proving=proving_for(premises, reads, ledger, letters),
        attachments=attachments,
        watch=OutboxWatch(reads, ledger, rules, premises.clock),
        county=county.open,
        standing_in=StandingIn(reads, ledger, lambda: office_day(premises.clock.now())),
        comparing=Comparing(reads, ledger),
        taking_over=TakingOver(reads, ledger),
        post=PostWork(reads, ledger, documents, CoverSheets(rules.head), press, premises.clock),
        documents=documents,
        letters=letters,
        assessor=rules,
        packages=packages_for(premises, ledger, shelf, versions),
        versions=versions,
        verifying=desk_verifying(premises, letters, reads, ledger, documents),
        wording=WordingHelp(reads, rules, rules, premises.clock),
        close=close,
    )


def office_rules(profile: Profile, descriptions: Descriptions) -> OfficeRules:
    """The services' rules as this authority applies them."""
    authority, address = profile.authority, profile.authority.address
    return OfficeRules(
        LetterHead(
            name=authority.name,
            ars=authority.ars,
            land=authority.land,
            unit=authority.unit,
            street=address.street,
            postcode=address.postcode,
            city=address.city,
            phone=address.phone,
            email=address.email,
            practice=profile.practice,
        ),
        ValueWords(formats.day, formats.moment, formats.yes_no, formats.decimal, formats.amount),
        language,
        descriptions,
        days=HolidayCalendar(
            authority.land, corpus_christi=authority.corpus_christi, assumption_day=authority.assumption_day
        ),
        parameters=profile.parameters,
        wording_policy=profile.wording,
    )


class PortalSide:
    """What a desk needs of the portal room, made when it is first needed: most acts need none of it."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises

    @cached_property
    def office(self) -> PortalOffice:
        """The office's mailboxes and ways. Opens no connection."""
        return build_office(office_config(self._premises.profile), now=self._premises.clock.now)

    @cached_property
    def keys(self) -> DecryptionKeys:
        """All private keys of the office."""
        mailboxes = office_config(self._premises.profile).mailboxes
        return decryption_keys([key for mailbox in mailboxes for key in mailbox.decryption_keys])

    def deliverable(
        self, channel: str | None, destination_id: DestinationId, address: Mapping[str, object]
    ) -> bool:
        """See ``usecases.sending.Deliverable``."""
        return channel is not None and self.office.channels.deliverable(channel, destination_id, address)

    def close(self) -> None:
        """Closes what was opened."""
        if "office" in self.__dict__:
            self.office.close()


class CountySide:
    """The county's view of the team's server, opened when it is first wanted."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises
        self._opened: tuple[County, Callable[[], None]] | None = None

    def open(self) -> County:
        """Raises ClerkError TEAM_…; a connection that was lost is opened anew."""
        from clerk_app.bootstrap.team_side import open_county

        if self._opened is None or not self._opened[0].server.is_open():
            self.close()
            self._opened = open_county(self._premises)
        return self._opened[0]

    def close(self) -> None:
        """Closes what was opened."""
        if self._opened is not None:
            self._opened[1]()
            self._opened = None


class KeptAttachments:
    """Opens attachments from the sealed originals, with the office's private keys."""

    def __init__(self, premises: Premises, reads: CaseReads, portal: PortalSide) -> None:
        self._premises = premises
        self._reads = reads
        self._portal = portal

    def write_to(
        self, case_id: CaseId, submission_id: SubmissionId, attachment_id: AttachmentId, sink: BinaryIO
    ) -> None:
        """See Attachments. Raises ClerkError ATTACHMENT_UNKNOWN and what opening the original may say."""
        case = self._reads.case_file(case_id)
        application = next(
            (a for a in (case.applications if case else ()) if a.submission_id == submission_id), None
        )
        wanted = next(
            (a for a in (application.attachments if application else ()) if a.attachment_id == attachment_id),
            None,
        )
        if application is None or wanted is None:
            raise ClerkError(ErrorCode.ATTACHMENT_UNKNOWN, {"attachment": attachment_id, "case": case_id})
        pieces = fragments(application, attachment_id)
        with tempfile.TemporaryDirectory(dir=self._premises.home.temp, prefix="jwe-") as folder:
            bodies = []
            for piece in pieces:
                body = Path(folder) / piece
                with body.open("xb") as spool:  # still encrypted for our key: nothing is readable on disk
                    self._premises.store.documents().write_attachment(case_id, submission_id, piece, spool)
                bodies.append(body)
            open_attachment(bodies, self._portal.keys, wanted.sha512, sink)


def fragments(application: Application, attachment_id: AttachmentId) -> list[AttachmentId]:
    """The pieces an attachment was sent in, in order (assumed: domain reference 1.7); itself when whole."""
    structure = application.metadata.get("contentStructure")
    listed = structure.get("attachments") if isinstance(structure, dict) else None
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict) and str(item.get("attachmentId", "")).lower() == attachment_id:
            pieces = item.get("fragments")
            if isinstance(pieces, list) and pieces:
                return [AttachmentId(str(piece).lower()) for piece in pieces]
    return [attachment_id]
