"""Identifiers. Ids given by the delivery service and our own are lower-case UUID text; distinct types keep
them from being swapped."""

from __future__ import annotations

from typing import NewType

CaseId = NewType("CaseId", str)  # FIT-Connect caseId
SubmissionId = NewType("SubmissionId", str)
AttachmentId = NewType("AttachmentId", str)
DestinationId = NewType("DestinationId", str)
EntryId = NewType("EntryId", str)  # an outgoing entry, made here before anything is sent
DocumentId = NewType("DocumentId", str)  # a sealed document of a case, made here
