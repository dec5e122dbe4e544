"""Proof bundles: one ZIP whose every byte follows from what is proven."""

from __future__ import annotations

import hashlib
import importlib.resources
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ledger import LedgerEntry, canonical_json, chain_hash
from clerk_app.domain.outbox import OutboxState, SignedLog
from clerk_app.domain.proof import Proof, ProofMatter, ProvenDocument
from clerk_app.domain.signature import VerificationReport
from clerk_app.efile import proof_texts
from clerk_app.efile.file_names import safe_text, stem
from clerk_app.efile.tokens import read_event, submitted_at

FORMAT, VERSION = "amtsstube-proof", "1.0"
SCHEMA_URI = "urn:clerk-app:proof-manifest:1.0"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # of a ZIP; the bundle has no time of its own
_VOLATILE = frozenset({"checked_at", "verified_at", "at"})  # of a report: when it was made


@dataclass(frozen=True)
class _File:
    path: str
    role: str
    media_type: str
    content: bytes


class ProofBundler:
    """Implements ``usecases.ports.ProofMaker``."""

    def bundle(self, matter: ProofMatter, sink: BinaryIO) -> Proof:
        """See the port. Nothing is compressed: packers of different versions pack differently."""
        files = tuple(_files(matter))
        manifest = _json(_manifest(matter, files))
        sums = "".join(f"{hashlib.sha256(each.content).hexdigest()}  {each.path}\n" for each in files)
        fingerprint = hashlib.sha256(manifest).hexdigest()
        closing = (
            _File("manifest.json", "manifest", "application/json", manifest),
            _File("SHA256SUMS", "sums", "text/plain", f"{sums}{fingerprint}  manifest.json\n".encode()),
        )
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
            for each in (*files, *closing):
                info = zipfile.ZipInfo(each.path, _EARLIEST)
                info.create_system = 3  # Unix, wherever it is made
                info.external_attr = (0o755 if each.role == "program" else 0o644) << 16
                archive.writestr(info, each.content)
        entry = matter.entry
        delivered = entry.state in (OutboxState.DELIVERED, OutboxState.POSTED)
        return Proof(entry.case_id, entry.entry_id, fingerprint, delivered, len(files) + len(closing))


def _files(matter: ProofMatter) -> Iterator[_File]:
    text = "text/plain; charset=utf-8"
    yield _File("README.txt", "readme", text, proof_texts.readme(matter).encode())
    words = proof_texts.statement(matter, submitted_at(matter.delivery, matter.entry.remote))
    yield _File("zustellnachweis.txt", "statement", text, _encoded(words))
    for number, document in enumerate(matter.documents, 1):
        described = document.described
        yield _File(_path(number, document), "document", described.media_type, document.content)
    reports = [
        {"path": _path(number, each), "report": _report(each.report)}
        for number, each in enumerate(matter.documents, 1)
    ]
    yield _File("pruefbericht.json", "verification-report", "application/json", _json(reports))
    words = "\n".join(
        proof_texts.report_words(each.report, _path(number, each))
        for number, each in enumerate(matter.documents, 1)
    )
    yield _File("pruefbericht.txt", "verification-report", text, _encoded(words))
    receipt = matter.entry.receipt
    if receipt is not None:
        token = f"{receipt.token}\n".encode()
        yield _File("delivery/receipt.jws", "receipt", "application/jose", token)
    if matter.delivery is not None:
        yield from _log("delivery", matter.delivery)
    for submission_id, log in matter.arrivals.items():
        yield from _log(_arrival(submission_id), log)
    yield _File("ledger.json", "ledger", "application/json", _json(_ledger(matter.ledger)))
    program = importlib.resources.files("clerk_app.efile").joinpath("check_bundle.py").read_bytes()
    yield _File("pruefen.py", "program", "text/x-python", program)


def _log(folder: str, log: SignedLog) -> Iterator[_File]:
    """A log as received, decoded, and the keys to check it with. What is no key is left out."""
    tokens = "".join(f"{token}\n" for token in log.tokens).encode()
    keys = {name: dict(key) for name, key in log.keys.items() if "n" in key and "e" in key}
    yield _File(f"{folder}/events.jws", "event-log", "application/jose", tokens)
    yield _File(
        f"{folder}/events.json", "event-log", "application/json", _json([_told(t) for t in log.tokens])
    )
    yield _File(f"{folder}/keys.json", "keys", "application/json", _json(keys))


def _told(token: str) -> dict[str, object]:
    """An event as a person can read it. A token that is none is told as such."""
    event = read_event(token)
    if event is None:
        return {"unreadable": token}
    return {"header": event.header, "claims": event.claims, "issued_at": event.issued_at.isoformat()}


def _ledger(entries: tuple[LedgerEntry, ...]) -> dict[str, object]:
    """The excerpt. Raises ClerkError LEDGER_DAMAGED for an entry that does not have the hash it says."""
    found = []
    previous: LedgerEntry | None = None
    for entry in entries:
        act = entry.act
        at, payload = entry.at.isoformat(timespec="microseconds"), canonical_json(act.payload)
        computed = chain_hash(
            entry.previous_hash,
            entry.entry_id,
            at,
            entry.actor,
            act.kind.value,
            act.case_id,
            act.subject_id,
            payload,
        )
        if computed != entry.entry_hash:
            params = {"sequence": entry.sequence, "cause": "chain"}
            raise ClerkError(ErrorCode.LEDGER_DAMAGED, params, Disposition.GIVE_UP)
        found.append(
            {
                "sequence": entry.sequence,
                "entry_id": entry.entry_id,
                "at": at,
                "actor": entry.actor,
                "kind": act.kind.value,
                "case_id": act.case_id,
                "subject_id": act.subject_id,
                "payload": payload,
                "previous_hash": entry.previous_hash,
                "entry_hash": entry.entry_hash,
                "entries_not_shown_before": entry.sequence - (previous.sequence if previous else 0) - 1,
            }
        )
        previous = entry
    rule = (
        "entry_hash = SHA-256 of the JSON array [previous_hash, entry_id, at, actor, kind, case_id, "
        "subject_id, payload] in UTF-8 without spaces"
    )
    return {"rule": rule, "entries": found}


def _manifest(matter: ProofMatter, files: tuple[_File, ...]) -> dict[str, object]:
    entry, times = matter.entry, matter.times
    electronic = entry.state is OutboxState.DELIVERED and entry.receipt is not None
    accepted = entry.receipt.issued_at if electronic and entry.receipt is not None else None
    return {
        "$schema": SCHEMA_URI,
        "format": FORMAT,
        "version": VERSION,
        "practice": matter.practice,
        "office": matter.office,
        "case": {"case_id": entry.case_id, "reference": entry.case_reference, "service": matter.service},
        "delivery": {
            "entry_id": entry.entry_id,
            "kind": entry.kind.value,
            "channel": entry.channel,
            "state": entry.state.value,
            "delivered_electronically": electronic,
            "accepted_at": _iso(accepted),
            "accepted_iat": int(accepted.timestamp()) if accepted is not None else None,
            "problems": list(entry.problems),
            "log_kept": matter.delivery is not None,
        },
        "times": {
            "signed_at": _iso(times.signed_at),
            "queued_at": _iso(times.queued_at),
            "handed_over_at": _iso(times.handed_over_at),
            "submitted_at": _iso(submitted_at(matter.delivery, entry.remote)),
            "delivered_at": _iso(times.delivered_at),
            "posted_on": _iso(times.posted_on),
            "posted_by": times.posted_by,
        },
        "documents": [
            {
                "path": _path(number, each),
                "document_id": each.described.document_id,
                "filename": each.described.filename,
                "signed": each.report.signed,
                "verdict": each.report.verdict.value,
            }
            for number, each in enumerate(matter.documents, 1)
        ],
        "arrivals": [_arrival(submission_id) for submission_id in matter.arrivals],
        "files": [
            {
                "path": each.path,
                "role": each.role,
                "media_type": each.media_type,
                "size": len(each.content),
                "sha256": hashlib.sha256(each.content).hexdigest(),
                "sha512": hashlib.sha512(each.content).hexdigest(),
            }
            for each in files
        ],
    }


def _path(number: int, document: ProvenDocument) -> str:
    name = safe_text(stem(document.described.filename)).encode("ascii", "ignore").decode() or "dokument"
    extension = "pdf" if document.described.media_type == "application/pdf" else "bin"
    return f"dokumente/{number}_{name}.{extension}"


def _arrival(submission_id: str) -> str:
    return f"arrivals/{safe_text(submission_id)}"


def _report(report: VerificationReport) -> Mapping[str, object]:
    return {name: value for name, value in report.to_json().items() if name not in _VOLATILE}


def _json(value: object) -> bytes:
    return _encoded(json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _iso(at: datetime | date | None) -> str | None:
    return None if at is None else at.isoformat()
