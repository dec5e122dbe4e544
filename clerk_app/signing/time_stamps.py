"""Zeitstempel of a document: which are good, whose they are, and what moment they prove.

The chain is walked from its youngest end: the last archive time stamp must be good now, each one before it at
the moment the next one proves, and so on down to the time stamp inside a signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import cms, tsp
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, message_imprint_checker
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from clerk_app.domain.verdict import StampKind, TimeStamp
from clerk_app.signing.names import text_of
from clerk_app.signing.trust import Finding, Imprint, Trust

DOCUMENT_STAMP = "/DocTimeStamp"
_MAX_TOKENS = 10
_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class JudgedStamp:
    """A time stamp with what was found about it."""

    stamp: TimeStamp
    token: cms.SignedData
    revision: int | None  # of the document, for archive time stamps

    def proves(self) -> datetime | None:
        """The moment it proves, when it is good and believed."""
        return self.stamp.stamped_at if self.stamp.trusted else None


def judge_document_stamps(
    found: Sequence[EmbeddedPdfSignature], trust: Trust, at: datetime
) -> dict[int, JudgedStamp]:
    """Archive time stamps by their place in ``found``; each judged at the moment the next one proves."""
    judged: dict[int, JudgedStamp] = {}
    control = at
    places = [place for place, each in enumerate(found) if each.sig_object_type == DOCUMENT_STAMP]
    for place in sorted(places, key=lambda each: found[each].signed_revision, reverse=True):
        embedded = found[place]
        judged_one = _judge(
            embedded.signed_data,
            embedded.compute_digest,
            StampKind.DOCUMENT,
            trust,
            control,
            embedded.signed_revision,
        )
        if judged_one is None:
            continue
        judged[place] = judged_one
        control = judged_one.proves() or control
    return judged


def judge_signature_stamps(
    embedded: EmbeddedPdfSignature, later: Sequence[JudgedStamp], trust: Trust, at: datetime
) -> list[JudgedStamp]:
    """Time stamps inside a signature. ``later``: the archive time stamps that cover it."""
    control = earliest(later) or at
    imprint = message_imprint_checker(embedded.signer_info)
    tokens = list(extract_tst_data_iter(embedded.signer_info, signed=False))[:_MAX_TOKENS]
    judged = (_judge(token, imprint, StampKind.SIGNATURE, trust, control, None) for token in tokens)
    return [each for each in judged if each is not None]


def earliest(stamps: Sequence[JudgedStamp]) -> datetime | None:
    """The earliest moment these prove."""
    return min((proven for each in stamps if (proven := each.proves()) is not None), default=None)


def unreadable_token(embedded: EmbeddedPdfSignature) -> bool:
    """Whether something stands in a time stamp's place that is none."""
    for attribute in embedded.signer_info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            for value in attribute["values"]:
                if not isinstance(value["content"]["encap_content_info"]["content"].parsed, tsp.TSTInfo):
                    return True
    return False


def _judge(
    token: cms.SignedData,
    imprint: Imprint,
    kind: StampKind,
    trust: Trust,
    control: datetime,
    revision: int | None,
) -> JudgedStamp | None:
    content = token["encap_content_info"]["content"].parsed
    if not isinstance(content, tsp.TSTInfo):
        return None
    stamped_at: datetime = content["gen_time"].native
    finding: Finding | None
    try:
        finding = trust.of_stamp(token, imprint, control)
    except Exception:  # noqa: BLE001 - malformed: it proves nothing
        finding = None
    intact = finding is not None and finding.sound
    plausible = stamped_at <= control + _CLOCKS_DIFFER
    stamp = TimeStamp(
        kind=kind,
        stamped_at=stamped_at,
        authority=_authority(token),
        intact=intact,
        trusted=intact and finding is not None and finding.trusted and plausible,
    )
    return JudgedStamp(stamp, token, revision)


def _authority(token: cms.SignedData) -> str:
    from pyhanko.sign.validation.generic_cms import extract_certs_for_validation

    try:
        return text_of(extract_certs_for_validation(token).signer_cert.subject)
    except Exception:  # noqa: BLE001 - a token without its certificate
        return ""
