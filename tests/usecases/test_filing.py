"""Handing over and proving: what may leave, what is told, what is recorded."""

from __future__ import annotations

import io
import zipfile
from typing import BinaryIO

import pytest

from clerk_app.domain.decision import Outcome
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import AttachmentId, CaseId, EntryId, SubmissionId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxState
from clerk_app.efile.package import XdomeaPacker
from clerk_app.efile.proof import ProofBundler
from clerk_app.usecases.filed_documents import FiledDocuments
from clerk_app.usecases.filing import ExportCancelledError, Filing
from clerk_app.usecases.proving import Proving, why_no_proof
from tests.usecases.house import UNKNOWN, House, code_of


class NoAttachments:
    def write_to(
        self, case_id: CaseId, submission_id: SubmissionId, attachment_id: AttachmentId, sink: BinaryIO
    ) -> None:
        raise AssertionError("no application here has an attachment")


def filing(house: House) -> Filing:
    desk, store = house.desk, house.store
    contents = FiledDocuments(store.documents(), NoAttachments(), store, desk.ledger)
    return Filing(desk.reads, desk.ledger, contents, XdomeaPacker(), "Stadt Musterhausen", house.clock)


def proving(house: House) -> Proving:
    desk, store = house.desk, house.store
    return Proving(
        desk.reads, desk.ledger, store.documents(), house.letters, store, ProofBundler(), "Stadt", False
    )


def decided(house: House) -> tuple[CaseId, EntryId]:
    case_id = house.arrives()
    draft = house.desk.deciding.draft(case_id, Outcome.GRANTED)
    return case_id, house.desk.deciding.sign(draft, lambda: None, at_once=True).entry_id


def kinds(house: House, case_id: CaseId) -> list[str]:
    return [event.kind for event in house.file(case_id).history]


def test_a_case_in_quarantine_is_told_and_the_others_go_on(house: House) -> None:
    good, unreadable = house.arrives(), house.arrives_unreadable()
    told: list[tuple[int, int, str]] = []
    sink = io.BytesIO()

    filed = filing(house).export([unreadable, UNKNOWN, good], sink, progress=lambda *step: told.append(step))
    assert [each.case_id for each in filed.cases] == [good]
    assert [(each.case_id, each.code) for each in filed.left_out] == [
        (unreadable, ErrorCode.CASE_NOT_READABLE),
        (UNKNOWN, ErrorCode.CASE_UNKNOWN),
    ]
    assert [(done, total) for done, total, _reference in told] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    with zipfile.ZipFile(sink) as archive:
        assert f"{filed.name.removesuffix('.zip')}.xml" in archive.namelist()
    assert kinds(house, good)[-1] == ActKind.EXPORTED.value
    assert ActKind.EXPORTED.value not in kinds(house, unreadable)


@pytest.mark.parametrize("count", [0, 2])
def test_an_empty_package_is_none(house: House, count: int) -> None:
    cases = [house.arrives_unreadable() for _ in range(count)]
    assert code_of(lambda: filing(house).export(cases, io.BytesIO())) is ErrorCode.EXPORT_EMPTY


def test_a_single_case_says_itself_what_is_wrong(house: House) -> None:
    case_id = house.arrives_unreadable()
    assert code_of(lambda: filing(house).export([case_id], io.BytesIO())) is ErrorCode.CASE_NOT_READABLE


def test_a_stopped_export_is_not_recorded(house: House) -> None:
    first, second = house.arrives(), house.arrives()
    answers = iter([False, True])

    with pytest.raises(ExportCancelledError):
        filing(house).export([first, second], io.BytesIO(), cancelled=lambda: next(answers))
    assert ActKind.EXPORTED.value not in kinds(house, first)


def test_handing_over_changes_nothing_a_decision_rests_on(house: House) -> None:
    case_id = house.arrives()
    before = house.file(case_id).change_token
    filing(house).export([case_id], io.BytesIO())
    assert house.file(case_id).change_token == before


@pytest.mark.parametrize("state", [OutboxState.ANNOUNCED, OutboxState.SUBMITTED, OutboxState.DELIVERED])
def test_a_proof_is_to_be_had_once_something_has_left(house: House, state: OutboxState) -> None:
    case_id, entry_id = decided(house)
    refused = why_no_proof(house.file(case_id))
    assert refused is not None
    assert refused.code is ErrorCode.PROOF_NOTHING_SENT
    way = [OutboxState.ANNOUNCED, OutboxState.UPLOADED, OutboxState.SUBMITTED, OutboxState.DELIVERED]
    house.goes(entry_id, *way[: way.index(state) + 1])
    assert why_no_proof(house.file(case_id)) is None

    made = proving(house).prove(case_id, io.BytesIO())
    assert (made.entry_id, made.delivered) == (entry_id, state is OutboxState.DELIVERED)
    last = house.file(case_id).history[-1]
    assert (last.kind, last.details["manifest_sha256"]) == ("proof-made", made.manifest_sha256)


def test_an_entry_taken_back_proves_nothing_and_the_next_decision_counts(house: House) -> None:
    case_id, entry_id = decided(house)
    house.desk.outbox.withdraw(entry_id)
    assert code_of(lambda: proving(house).prove(case_id, io.BytesIO())) is ErrorCode.PROOF_NO_DECISION
    named = code_of(lambda: proving(house).prove(case_id, io.BytesIO(), entry_id))
    assert named is ErrorCode.PROOF_NOTHING_SENT


def test_a_document_that_is_not_the_recorded_one_is_never_passed_on(house: House) -> None:
    case_id, entry_id = decided(house)
    house.goes(entry_id, OutboxState.ANNOUNCED)
    outgoing = house.desk.ledger.outgoing(entry_id)

    class Swapped:
        def read(self, _case_id: CaseId, _document_id: object) -> bytes:
            return b"%PDF another"

    forged = proving(house)
    object.__setattr__(forged, "documents", Swapped())
    with pytest.raises(ClerkError) as caught:
        forged.prove(case_id, io.BytesIO())
    assert caught.value.code is ErrorCode.DOCUMENT_DAMAGED
    assert caught.value.params == {"document_id": outgoing.documents[0].document_id}
    assert ActKind.PROVED.value not in kinds(house, case_id)
