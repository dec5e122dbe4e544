"""Prüfergebnis: the words a verification speaks in. Sentences for people belong to ``clerk_app.texts``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """The one word a person needs about a document's signatures; the worst signature decides."""

    VALID = "VALID"  # intact, nothing changed since, certificate chains to a trusted authority and is in date
    VALID_UNTRUSTED = "VALID_UNTRUSTED"  # intact, nothing changed since; who signed is not established
    INDETERMINATE = "INDETERMINATE"  # intact, but nothing proves that the certificate was good when it signed
    MODIFIED = "MODIFIED"  # the signed part is intact, but something was added or replaced afterwards
    INVALID = "INVALID"  # the signed bytes differ from what was signed, or the certificate was revoked
    NOT_SIGNED = "NOT_SIGNED"
    NOT_A_PDF = "NOT_A_PDF"


class Reason(StrEnum):
    """Why a verdict is not simply VALID (``reasons``), or what else is worth knowing (``notes``)."""

    CERTIFICATE_UNKNOWN = "CERTIFICATE_UNKNOWN"  # no chain to a trusted authority
    CERTIFICATE_SELF_SIGNED = "CERTIFICATE_SELF_SIGNED"
    CERTIFICATE_EXPIRED = "CERTIFICATE_EXPIRED"  # now, and no time stamp proves an earlier signature
    CERTIFICATE_NOT_YET_VALID = "CERTIFICATE_NOT_YET_VALID"
    CERTIFICATE_UNSUITABLE = "CERTIFICATE_UNSUITABLE"  # its key usage does not allow signing documents
    CERTIFICATE_REVOKED = "CERTIFICATE_REVOKED"  # and no time stamp proves that the signature was earlier
    ALGORITHM_WEAK = "ALGORITHM_WEAK"  # digest or key too weak to prove anything today
    DIGEST_MISMATCH = "DIGEST_MISMATCH"  # signed bytes were altered
    SIGNATURE_BROKEN = "SIGNATURE_BROKEN"  # the signature value does not belong to the certificate
    SIGNATURE_UNREADABLE = "SIGNATURE_UNREADABLE"
    CHANGED_AFTER_SIGNING = "CHANGED_AFTER_SIGNING"
    NOT_WHOLE_DOCUMENT = "NOT_WHOLE_DOCUMENT"  # bytes of the signed revision are left out of the signature
    TIME_STAMP_BROKEN = "TIME_STAMP_BROKEN"  # a time stamp does not belong to what it stands beside
    DOCUMENT_UNREADABLE = "DOCUMENT_UNREADABLE"  # begins like a PDF, cannot be read as one
    DOCUMENT_TRUNCATED = "DOCUMENT_TRUNCATED"  # the end of the document is missing
    DOCUMENT_EMPTY = "DOCUMENT_EMPTY"
    DOCUMENT_ENCRYPTED = "DOCUMENT_ENCRYPTED"
    DOCUMENT_IS_CONTAINER = "DOCUMENT_IS_CONTAINER"  # ZIP: perhaps an ASiC container
    DOCUMENT_TOO_LARGE = "DOCUMENT_TOO_LARGE"
    DOCUMENT_TAKES_TOO_LONG = "DOCUMENT_TAKES_TOO_LONG"
    DECISION_DIFFERS = "DECISION_DIFFERS"  # the attached decision is not the one that was recorded
    DECISION_CONTRADICTS_LETTER = "DECISION_CONTRADICTS_LETTER"  # nor is it what the letter says in words
    # notes: they do not lower the verdict
    REVOKED_LATER = "REVOKED_LATER"  # revoked after the moment a time stamp proves
    EXPIRED_SINCE = "EXPIRED_SINCE"  # expired after the moment a time stamp proves
    REVOCATION_NOT_CHECKED = "REVOCATION_NOT_CHECKED"  # no revocation data at hand
    LEVEL_INCOMPLETE = "LEVEL_INCOMPLETE"  # claims a higher level than its proofs reach
    TIME_STAMP_UNTRUSTED = "TIME_STAMP_UNTRUSTED"  # intact, by an authority not believed here
    CHANGED_AS_PERMITTED = "CHANGED_AS_PERMITTED"  # only what the certification allows
    TIME_STAMP_ONLY = "TIME_STAMP_ONLY"  # nobody signed; a time stamp alone


class Modification(StrEnum):
    """What came after the signature, from the comparison of the document's revisions."""

    NONE = "NONE"
    LTA_UPDATES = "LTA_UPDATES"  # only proofs for long-term validation
    FORM_FILLING = "FORM_FILLING"
    ANNOTATIONS = "ANNOTATIONS"
    OTHER = "OTHER"


class Change(StrEnum):
    """What differs between the signed revision and the document as it is."""

    PAGES = "pages"  # number or order
    PAGE_CONTENT = "page-content"
    ANNOTATION = "annotation"
    ATTACHMENT = "attachment"
    FORM = "form"
    METADATA = "metadata"
    OTHER = "other"


class StampKind(StrEnum):
    """What a time stamp stands for."""

    SIGNATURE = "signature"  # inside a signature, over its value (B-T)
    DOCUMENT = "document"  # over the whole document (archive time stamp, B-LTA)


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """Zeitstempel: somebody's word that something existed at ``stamped_at``."""

    kind: StampKind
    stamped_at: datetime
    authority: str
    intact: bool  # it belongs to what it stands for, and its own signature is good
    trusted: bool  # its authority is believed here

    def to_json(self) -> dict[str, object]:
        """Plain values for ``json.dumps``."""
        return {
            "kind": self.kind.value,
            "time": self.stamped_at.isoformat(),
            "authority": self.authority,
            "intact": self.intact,
            "trusted": self.trusted,
        }


class DecisionCheck(StrEnum):
    """What the machine-readable decision was compared with, and what came of it."""

    NOT_ATTACHED = "not-attached"
    NOT_COMPARED = "not-compared"
    AS_RECORDED = "as-recorded"  # equals what this office recorded when it signed
    DIFFERS_FROM_RECORD = "differs-from-record"
    AS_PRINTED = "as-printed"  # what can be found in the letter's words is there
    DIFFERS_FROM_PRINT = "differs-from-print"
