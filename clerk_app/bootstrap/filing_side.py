"""Wires the file room into a desk."""

from __future__ import annotations

from clerk_app.bootstrap.premises import Premises
from clerk_app.efile.inspection import GermanInspectionWords
from clerk_app.efile.package import XdomeaPacker
from clerk_app.efile.proof import ProofBundler
from clerk_app.preview.document_pages import DocumentPages
from clerk_app.services.office_rules import OfficeRules
from clerk_app.signing.inspection_press import SheetPress
from clerk_app.usecases.filed_documents import FiledDocuments
from clerk_app.usecases.filing import Filing
from clerk_app.usecases.inspecting import Inspecting
from clerk_app.usecases.ports import Attachments, CaseReads, Clock, Ledger, LetterOffice
from clerk_app.usecases.proving import Proving


def filing_for(premises: Premises, reads: CaseReads, ledger: Ledger, attachments: Attachments) -> Filing:
    """Exports in the name of this authority."""
    store = premises.store
    contents = FiledDocuments(store.documents(), attachments, store, ledger)
    return Filing(reads, ledger, contents, XdomeaPacker(), premises.profile.authority.name, premises.clock)


def inspecting_for(
    reads: CaseReads,
    ledger: Ledger,
    filing: Filing,
    rules: OfficeRules,
    letters: LetterOffice,
    clock: Clock,
) -> Inspecting:
    """File inspection in the name of this authority."""
    return Inspecting(
        reads, ledger, filing, rules, DocumentPages(), letters, rules, SheetPress(),
        GermanInspectionWords(), clock,
    )  # fmt: skip


def proving_for(premises: Premises, reads: CaseReads, ledger: Ledger, letters: LetterOffice) -> Proving:
    """Proof bundles in the name of this authority."""
    store, profile = premises.store, premises.profile
    return Proving(
        reads,
        ledger,
        store.documents(),
        letters,
        store,
        ProofBundler(),
        profile.authority.name,
        profile.practice,
    )
