"""Proof bundles from values: each state told as it is, names that lead nowhere, a damaged ledger refused."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId, DocumentId, EntryId
from clerk_app.domain.ledger import GENESIS_HASH, Act, ActKind, LedgerEntry, canonical_json, chain_hash
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState, OutgoingDocument
from clerk_app.domain.proof import ProofMatter, ProofTimes, ProvenDocument
from clerk_app.domain.signature import Verdict, VerificationReport
from clerk_app.efile.proof import ProofBundler
from clerk_app.usecases.ports import as_document

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CASE, ENTRY = CaseId("22222222-2222-4222-8222-222222222222"), EntryId("33333333-3333-4333-8333-333333333333")
PDF = b"%PDF-1.7 unsigned"


def chained(*acts: Act, start: int = 5) -> tuple[LedgerEntry, ...]:
    """Entries with the hashes a ledger would give them; every second place belongs to another case."""
    previous, made = GENESIS_HASH, []
    for number, act in enumerate(acts):
        at = AT + timedelta(minutes=number)
        fields = (
            f"entry-{number}",
            at.isoformat(timespec="microseconds"),
            "anna",
            act.kind.value,
            act.case_id,
        )
        entry_hash = chain_hash(previous, *fields, act.subject_id, canonical_json(act.payload))
        made.append(LedgerEntry(start + 2 * number, fields[0], at, "anna", act, previous, entry_hash))
        previous = "f" * 64  # of the entry in between
    return tuple(made)


def matter(
    state: OutboxState, *, document: OutgoingDocument | None = None, channel: str | None = "idBundDeMailbox"
) -> ProofMatter:
    described = document or as_document(DocumentId("doc-1"), "Bescheid-2026-ABC.pdf", "application/pdf", PDF)
    frozen = {"document_id": described.document_id, "sha256": described.sha256, "sha512": described.sha512}
    ledger = chained(
        Act(ActKind.QUEUED, CASE, ENTRY, {"outgoing": {"documents": [frozen]}, "state": "QUEUED"}),
        Act(ActKind.MOVED, CASE, ENTRY, {"from": "QUEUED", "to": state.value}),
    )
    entry = OutboxEntry(
        ENTRY, CASE, OutboxKind.DECISION, channel, "service-bw", state, AT, AT, AT,
        case_reference="2026-ABC", recipient_name="Žofia Müller", title="Bescheid",
    )  # fmt: skip
    posted = date(2026, 11, 25) if state is OutboxState.POSTED else None
    report = VerificationReport(Verdict.NOT_SIGNED, described.sha256, len(PDF))
    return ProofMatter(
        office="Stadt Musterhausen",
        practice=False,
        service="Hundesteuer",
        entry=replace(entry, posted_on=posted),
        documents=(ProvenDocument(described, PDF, report),),
        times=ProofTimes(None, AT, AT, None, posted, "anna" if posted else None),
        delivery=None,
        arrivals={},
        ledger=ledger,
    )


def unpacked(made: ProofMatter, folder: Path) -> Path:
    sink = io.BytesIO()
    ProofBundler().bundle(made, sink)
    with zipfile.ZipFile(sink) as archive:
        archive.extractall(folder)
    return folder


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(folder / "pruefen.py")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("state", [OutboxState.SUBMITTED, OutboxState.RETURNED, OutboxState.IN_DOUBT])
def test_a_letter_on_its_way_is_not_called_delivered(tmp_path: Path, state: OutboxState) -> None:
    folder = unpacked(matter(state), tmp_path)

    words = (folder / "zustellnachweis.txt").read_text("utf-8")
    (line,) = [line for line in words.splitlines() if line.startswith("Zugestellt am:")]
    assert line.endswith(" nicht zugestellt")
    assert line.endswith(" noch nicht zugestellt") is (state is not OutboxState.RETURNED)
    assert "not delivered" in words
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["delivery"]["delivered_electronically"] is False
    assert "ÜBUNG" not in (folder / "README.txt").read_text("utf-8")
    done = checked(folder)
    assert done.returncode == 0, done.stderr
    assert "zugestellt / delivered" not in done.stdout


@pytest.mark.parametrize("state", list(OutboxState))
def test_each_state_has_its_words(tmp_path: Path, state: OutboxState) -> None:
    words = (unpacked(matter(state), tmp_path) / "zustellnachweis.txt").read_text("utf-8")
    assert state.value not in words
    assert "Zustand:" in words
    assert "State:" in words


def test_a_name_cannot_lead_out_of_the_bundle(tmp_path: Path) -> None:
    document = as_document(DocumentId("doc-1"), "../../böse\u202e.pdf", "application/pdf", PDF)
    folder = unpacked(matter(OutboxState.SUBMITTED, document=document), tmp_path)

    assert [path.name for path in (folder / "dokumente").iterdir()] == ["1_bse.pdf"]
    assert checked(folder).returncode == 0


def test_claiming_a_delivery_without_a_receipt_is_found(tmp_path: Path) -> None:
    folder = unpacked(matter(OutboxState.SUBMITTED), tmp_path)
    path = folder / "manifest.json"
    path.write_text(path.read_text("utf-8").replace('lectronically": false', 'lectronically": true'), "utf-8")

    done = checked(folder)
    assert done.returncode == 1
    assert "receipt.jws" in done.stderr


def test_a_ledger_entry_with_a_wrong_hash_is_not_passed_on(tmp_path: Path) -> None:
    good = matter(OutboxState.SUBMITTED)
    forged = replace(good.ledger[1], actor="mallory")

    with pytest.raises(ClerkError) as caught:
        ProofBundler().bundle(replace(good, ledger=(good.ledger[0], forged)), io.BytesIO())
    assert caught.value.code is ErrorCode.LEDGER_DAMAGED
