"""E-Akte: a case as it is handed to another system, as plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO

from clerk_app.domain.case import HistoryEvent
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.outbox import OutboxKind, OutboxState

Pour = Callable[[BinaryIO], object]
"""Writes a document, piece by piece, into what it is given. What was written counts only when it returns."""


class FiledKind(StrEnum):
    """What a document of the file is."""

    APPLICATION = "application"  # the form exactly as filed
    ANSWER = "answer"  # a later submission in the same case, exactly as filed
    ATTACHMENT = "attachment"
    METADATA = "metadata"  # what the submission says of itself: channel, consent, payment
    EVENT_LOG = "event-log"  # signed events of the delivery service with the keys they were checked against
    ISSUED = "issued"  # made by this office: letter or decision
    RECEIPT = "receipt"  # the signed event that proves a delivery


@dataclass(frozen=True)
class FiledDocument:
    """Schriftstück. ``document_id`` is a UUID that stays the same however often the case is filed.

    ``filename`` is the name its sender gave it, untouched. Days are the office's calendar days.
    """

    document_id: str
    kind: FiledKind
    title: str
    media_type: str
    size_bytes: int
    pour: Pour
    filename: str | None = None
    received_on: date | None = None
    sent_on: date | None = None
    dated_on: date | None = None
    issued_as: OutboxKind | None = None
    state: OutboxState | None = None  # of the outgoing entry it belongs to
    enclosures: tuple[FiledDocument, ...] = ()


@dataclass(frozen=True)
class FiledCase:
    """Vorgang, ready to be handed over. Documents in the order of the file."""

    case_id: CaseId
    reference: str
    service: str
    applicant: str
    opened_on: date
    closed_on: date | None
    history: tuple[HistoryEvent, ...]
    documents: tuple[FiledDocument, ...]


@dataclass(frozen=True)
class Handover:
    """Abgabe: who hands over to whom. ``process_id`` is a UUID that names this one handing-over."""

    process_id: str
    at: datetime
    office: str
    recipient: str


@dataclass(frozen=True)
class FiledEntry:
    """A case that stands in the package, and how many documents with it."""

    case_id: CaseId
    reference: str
    documents: int


@dataclass(frozen=True)
class LeftOut:
    """A case that could not be filed, and why."""

    case_id: CaseId
    reference: str
    code: ErrorCode
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Filed:
    """What an export did."""

    handover: Handover
    name: str  # of the package by the rule of the standard
    cases: tuple[FiledEntry, ...]
    left_out: tuple[LeftOut, ...]
