"""An office whose outbox holds an entry in every state, with what makes each worth looking at."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from clerk_app.domain.application import ReplyChannelKind
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.ids import DocumentId, EntryId, SubmissionId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState, Outgoing, Receipt, RemoteRef
from clerk_app.usecases.ports import as_document
from tests.ui.fake_store import NOW, FakeOffice, Seed
from tests.ui.fakes import fake_pdf
from tests.ui.seeds import seed

S = OutboxState
EVENTS = "https://schema.fitko.de/fit-connect/events/"
PEOPLE = {
    "held": "Žaneta von der Heide-Šołćina",
    "queued": "Ben Öztürk",
    "trying": "Nguyễn Thị Minh",
    "announced": "Anna Müller",
    "uploaded": "Marek Šewc",
    "doubt": "Ilse Groß",
    "submitted": "Đorđe Petrović",
    "delivered": "Hanka Krawcec",
    "overtaken": "Karl-Heinz Weiß",
    "rejected": "Zoë Ångström",
    "to-post": "Maria José García",
    "posted": "Jan Nowak",
    "withdrawn": "Lea Schmidt",
}


def entry_id_of(name: str) -> EntryId:
    """The id of a seeded entry."""
    return EntryId(str(uuid5(NAMESPACE_URL, f"entry-{name}")))


def fill_outbox(office: FakeOffice) -> None:
    """Puts the entries in."""
    at = {name: NOW - timedelta(hours=3 + 2 * number) for number, name in enumerate(PEOPLE)}
    at["trying"] = NOW - timedelta(days=2)
    remote = RemoteRef("7b1f6f9e-62a1-4d5a-9d0a-0c1b2a3d4e5f", "c0000000-0000-4000-8000-000000000007")
    soon = {"attempts": 3, "next_try_at": NOW + timedelta(minutes=12)}
    plans: dict[str, tuple[OutboxState, dict[str, object]]] = {
        "held": (
            S.QUEUED,
            {"hold_until": NOW + timedelta(seconds=42), "created_at": NOW - timedelta(seconds=18)},
        ),
        "queued": (S.QUEUED, {}),
        "trying": (S.QUEUED, {"last_error": ErrorCode.PORTAL_UNREACHABLE.value, **soon}),
        "announced": (S.ANNOUNCED, {"remote": remote}),
        "uploaded": (S.UPLOADED, {"remote": remote}),
        "doubt": (S.IN_DOUBT, {"remote": remote, "last_error": ErrorCode.PORTAL_SLOW.value, **soon}),
        "submitted": (
            S.SUBMITTED,
            {"remote": remote, "receipt": _receipt("submit-submission", at["submitted"])},
        ),
        "delivered": (
            S.DELIVERED,
            {"remote": remote, "receipt": _receipt("accept-submission", at["delivered"])},
        ),
        "overtaken": (S.RETURNED, {"problems": (ErrorCode.HELD_CASE_CHANGED.value,)}),
        "rejected": (
            S.RETURNED,
            {
                "remote": remote,
                "receipt": _receipt("reject-submission", at["rejected"]),
                "problems": (EVENTS + "problems/invalid-content",),
            },
        ),
        "to-post": (S.TO_POST, {}),
        "posted": (S.POSTED, {"posted_on": at["posted"].date()}),
        "withdrawn": (S.WITHDRAWN, {}),
    }
    for number, (name, (state, changes)) in enumerate(plans.items(), 101):
        by_post = state in (S.TO_POST, S.POSTED)
        due_on = NOW.date() if name == "trying" else NOW.date() + timedelta(days=60)
        case = seed(
            number,
            PEOPLE[name],
            "Bewohnerparkausweis",
            arrived_at=NOW - timedelta(days=9),
            due_on=due_on,
            channel=None if by_post else ReplyChannelKind.MAILBOX,
        )
        office.add(case)
        _queue(office, name, case, state, changes, at[name], by_post=by_post)
    office.answer(next(s.case_id for s in office.seeds.values() if s.applicant == PEOPLE["overtaken"]))


def _receipt(event: str, at: datetime) -> Receipt:
    return Receipt(
        EVENTS + event, str(uuid5(NAMESPACE_URL, event)), at, "eyJ0eXAiOiJzZWNldmVudCtqd3QifQ.e30.c2ln"
    )


def _queue(
    office: FakeOffice,
    name: str,
    case: Seed,
    state: OutboxState,
    changes: dict[str, object],
    at: datetime,
    *,
    by_post: bool,
) -> None:
    request = name in ("announced", "withdrawn")
    kind = OutboxKind.DOCUMENT_REQUEST if request else OutboxKind.DECISION
    title = f"{case.service}: {'Bitte um Unterlagen' if request else 'Bewilligung Ihres Antrags'}"
    lines = [case.applicant, "Musterweg 5 a", "00000 Musterhausen", "", title]
    pdf = fake_pdf("Stadt Musterhausen", lines, pages=2) + b"\n%SIGNED"
    document = as_document(
        DocumentId(f"doc-{name}"), f"Bescheid-{case.reference}.pdf", "application/pdf", pdf
    )
    basis: tuple[SubmissionId, ...] = tuple(each.submission_id for each in case.applications)
    outgoing = Outgoing(
        entry_id=entry_id_of(name),
        case_id=case.case_id,
        kind=kind,
        channel=None if by_post else "idBundDeMailbox",
        portal=case.portal,
        destination_id=case.applications[0].destination_id,
        answers_submission_id=basis[0],
        case_reference=case.reference,
        service_name=case.service,
        service_identifier=None,
        recipient_name=case.applicant,
        title=title,
        text="",
        created_at=at,
        documents=(document,),
        structured={"postReason": "consent-refused" if by_post else ""},
        basis=basis,
    )
    office.stored[(case.case_id, document.document_id)] = (document.filename, pdf)
    office.outgoing[outgoing.entry_id] = outgoing
    made = OutboxEntry(
        outgoing.entry_id,
        case.case_id,
        kind,
        outgoing.channel,
        case.portal,
        state,
        at,
        at + timedelta(minutes=1),
        at + timedelta(minutes=1),
        case_reference=case.reference,
        recipient_name=case.applicant,
        title=title,
        basis=basis,
    )
    office.entries[outgoing.entry_id] = replace(made, **changes)  # type: ignore[arg-type]
    steps: list[dict[str, object]] = [{"kind": kind.value}]
    if state not in (S.QUEUED, S.TO_POST):
        problems = changes.get("problems", ())
        step = {"kind": kind.value, "from": "QUEUED", "to": state.value, "problems": problems}
        steps.append(step)
    for step in steps:
        what = ActKind.MOVED if "to" in step else ActKind.QUEUED
        moment = at if what is ActKind.QUEUED else at + timedelta(minutes=1)
        office.acts.append((moment, Act(what, case.case_id, outgoing.entry_id, step)))
