"""The tamper set: what was done to a signed document, and the verdict it must get; openssl is asked too."""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.fields import MDPPerm

from clerk_app.domain.signature import Revocation, VerificationReport
from clerk_app.domain.verdict import Change, Modification, Reason, StampKind, Verdict
from clerk_app.signing.notice import render
from clerk_app.signing.verify import verify
from tests.signing import tampering
from tests.signing.foreign import YEAR, ForeignAuthority, Identity, add_archive_stamp, foreign_sign, new_key
from tests.signing.samples import AT, certificate, decision, with_facts
from tests.signing.tampering import Tamper

SOON = AT + timedelta(minutes=5)
LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")


@dataclass(frozen=True)
class Office:
    """A foreign authority, its signer, and one letter signed at every level."""

    authority: ForeignAuthority
    signer: Identity
    plain: bytes
    signed: dict[str, bytes]

    def check(self, pdf: bytes, at: datetime = SOON) -> VerificationReport:
        """Judged with the authority believed."""
        return verify(pdf, trust_roots=self.authority.trust, at=at)


@pytest.fixture(scope="module")
def office(unsigned: bytes) -> Office:
    authority = ForeignAuthority.make()
    signer = authority.issue(ends_at=AT + timedelta(days=200))
    signed = {level: foreign_sign(unsigned, authority, signer, level=level) for level in LEVELS}
    return Office(authority, signer, unsigned, signed)


@pytest.mark.parametrize("level", LEVELS)
def test_good_ones_are_good(office: Office, level: str) -> None:
    report = office.check(office.signed[level])
    assert (report.verdict, report.reasons) == (Verdict.VALID, ())
    signature = report.signature
    assert signature is not None
    assert (signature.level, signature.claimed_level) == (level, level)
    assert signature.subject == "Erika Fremd, DE"
    assert signature.chain == ("Fremde CA, DE",)
    assert signature.covers_whole_document
    stamps = [(stamp.kind, stamp.intact, stamp.trusted) for stamp in signature.time_stamps]
    assert stamps == ([] if level == "B-B" else [(StampKind.SIGNATURE, True, True)])
    assert signature.proven_at == (None if level == "B-B" else AT)
    known = level in ("B-LT", "B-LTA")
    assert signature.revocation is (Revocation.GOOD if known else Revocation.NOT_CHECKED)
    assert report.notes == (() if known else (Reason.REVOCATION_NOT_CHECKED,))
    assert len(report.signatures) == (2 if level == "B-LTA" else 1)


BROKEN: list[tuple[Tamper, tuple[Reason, ...]]] = [
    (tampering.content_flipped, (Reason.DIGEST_MISMATCH,)),
    (tampering.json_flipped, (Reason.DIGEST_MISMATCH,)),
    (tampering.signature_flipped, (Reason.SIGNATURE_BROKEN,)),
]


@pytest.mark.parametrize(("tamper", "reasons"), BROKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_flipped_bytes(office: Office, tamper: Tamper, reasons: tuple[Reason, ...]) -> None:
    report = office.check(tamper(office.signed["B-B"]))
    assert (report.verdict, report.reasons) == (Verdict.INVALID, reasons)


@pytest.mark.parametrize("level", LEVELS)
def test_content_flipped_at_every_level(office: Office, level: str) -> None:
    report = office.check(tampering.content_flipped(office.signed[level]))
    assert report.verdict is Verdict.INVALID
    assert Reason.DIGEST_MISMATCH in report.reasons
    assert not report.intact


CHANGED: list[tuple[Tamper, Change | None]] = [
    (tampering.page_painted_over, Change.PAGE_CONTENT),
    (tampering.page_added, Change.PAGES),
    (tampering.annotated, Change.ANNOTATION),
    (tampering.json_replaced, Change.ATTACHMENT),
    (tampering.form_field_added, Change.FORM),
    (tampering.pages_replaced, Change.PAGE_CONTENT),
    (tampering.catalogue_replaced, Change.PAGE_CONTENT),
    (tampering.visible_text_swapped, None),
]


@pytest.mark.parametrize("level", ["B-B", "B-LTA"])
@pytest.mark.parametrize(("tamper", "change"), CHANGED, ids=lambda value: getattr(value, "__name__", ""))
def test_changes_by_a_further_revision(
    office: Office, level: str, tamper: Tamper, change: Change | None
) -> None:
    report = office.check(tamper(office.signed[level]))
    assert report.verdict is Verdict.MODIFIED
    assert Reason.CHANGED_AFTER_SIGNING in report.reasons
    assert report.intact  # the signed bytes themselves are untouched: that is what misleads other tools
    signature = report.signatures[0]
    assert signature.modification is Modification.OTHER
    assert not signature.covers_whole_document
    if change is not None:
        assert change in signature.changes


@pytest.mark.parametrize("level", ["B-B", "B-LTA"])
def test_bytes_behind_the_end(office: Office, level: str) -> None:
    for tamper in (tampering.bytes_appended, tampering.objects_appended):
        report = office.check(tamper(office.signed[level]))
        assert (report.verdict, report.reasons) == (Verdict.MODIFIED, (Reason.CHANGED_AFTER_SIGNING,))
    harmless = office.check(office.signed[level] + b"\r\n")  # as mail programs add it
    assert harmless.verdict is Verdict.VALID


def test_stuffing_in_the_reserved_room(office: Office) -> None:
    report = office.check(tampering.stuffed(office.signed["B-B"]))
    assert (report.verdict, report.reasons) == (Verdict.MODIFIED, (Reason.NOT_WHOLE_DOCUMENT,))


@pytest.mark.parametrize("level", LEVELS)
def test_truncated(office: Office, level: str) -> None:
    report = office.check(tampering.truncated(office.signed[level]))
    assert report.verdict in (Verdict.NOT_A_PDF, Verdict.MODIFIED, Verdict.INVALID, Verdict.NOT_SIGNED)
    cut = office.check(office.signed["B-B"][:-1000])
    assert (cut.verdict, cut.reasons) == (Verdict.NOT_A_PDF, (Reason.DOCUMENT_TRUNCATED,))


def test_the_signature_of_another_document(office: Office) -> None:
    other = render(with_facts(decision(), outcome="refused"), AT).pdf
    theirs = foreign_sign(other, office.authority, office.signer)
    report = office.check(tampering.signature_of(theirs)(office.signed["B-B"]))
    assert (report.verdict, report.reasons) == (Verdict.INVALID, (Reason.DIGEST_MISMATCH,))


# certificates


@pytest.mark.parametrize(
    ("level", "verdict", "reasons", "notes"),
    [
        ("B-B", Verdict.INDETERMINATE, (Reason.CERTIFICATE_EXPIRED,), ()),
        ("B-T", Verdict.VALID, (), (Reason.EXPIRED_SINCE, Reason.REVOCATION_NOT_CHECKED)),
        ("B-LT", Verdict.VALID, (), (Reason.EXPIRED_SINCE,)),
        ("B-LTA", Verdict.VALID, (), (Reason.EXPIRED_SINCE,)),
    ],
)
def test_years_later_without_a_network(
    office: Office, level: str, verdict: Verdict, reasons: tuple[Reason, ...], notes: tuple[Reason, ...]
) -> None:
    report = office.check(office.signed[level], AT + 7 * YEAR)
    assert (report.verdict, report.reasons, report.notes) == (verdict, reasons, notes)
    assert report.signature is not None
    assert report.signature.expired
    assert report.signature.level == level


def test_an_expired_certificate_used_all_the_same(office: Office) -> None:
    expired = office.authority.issue(begins_at=AT - 2 * YEAR, ends_at=AT - timedelta(days=1))
    bare = office.check(foreign_sign(office.plain, office.authority, expired))
    assert (bare.verdict, bare.reasons) == (Verdict.INDETERMINATE, (Reason.CERTIFICATE_EXPIRED,))
    stamped = office.check(foreign_sign(office.plain, office.authority, expired, level="B-T"))
    assert (stamped.verdict, stamped.reasons) == (Verdict.INDETERMINATE, (Reason.CERTIFICATE_EXPIRED,))
    assert not bare.ok


def test_an_archive_stamp_outlives_the_stamping_authority(office: Office) -> None:
    """The first archive stamp's authority has ended; a later stamp proves that it was good in its time."""
    authority = ForeignAuthority.make()
    signer = authority.issue(ends_at=AT + YEAR)
    authority.stamper = authority.issue("Kurzer Zeitstempel", AT - YEAR, AT + 2 * YEAR, stamping=True)
    once = foreign_sign(office.plain, authority, signer, level="B-LTA")
    alone = verify(once, trust_roots=authority.trust, at=AT + 10 * YEAR)
    assert (alone.verdict, alone.reasons) == (Verdict.INDETERMINATE, (Reason.CERTIFICATE_EXPIRED,))
    old_stamper = authority.stamper
    authority.stamper = authority.issue("Neuer Zeitstempel", AT + YEAR, AT + 19 * YEAR, stamping=True)
    kept = add_archive_stamp(once, authority, AT + timedelta(days=400), old_stamper)
    report = verify(kept, trust_roots=authority.trust, at=AT + 10 * YEAR)
    assert (report.verdict, report.reasons) == (Verdict.VALID, ())
    assert report.signature is not None
    assert report.signature.proven_at == AT
    assert [signature.is_time_stamp for signature in report.signatures] == [False, True, True]


def test_a_certificate_nobody_vouches_for(office: Office) -> None:
    stranger = verify(office.signed["B-LTA"], at=SOON)
    assert (stranger.verdict, stranger.reasons) == (Verdict.VALID_UNTRUSTED, (Reason.CERTIFICATE_UNKNOWN,))
    assert Reason.TIME_STAMP_UNTRUSTED in stranger.notes
    assert stranger.signature is not None
    assert stranger.signature.level == "B-LTA"  # what a level is does not depend on who is believed
    assert stranger.signature.proven_at is None
    key = new_key()
    own = Identity(key, certificate(key))
    report = verify(foreign_sign(office.plain, office.authority, own), at=SOON)
    assert (report.verdict, report.reasons) == (Verdict.VALID_UNTRUSTED, (Reason.CERTIFICATE_SELF_SIGNED,))


Case = tuple[str, int, Verdict, tuple[Reason, ...]]
REVOKED: list[Case] = [
    ("B-B", -1, Verdict.INVALID, (Reason.CERTIFICATE_REVOKED,)),
    ("B-B", 1, Verdict.INVALID, (Reason.CERTIFICATE_REVOKED,)),
    ("B-T", -1, Verdict.INVALID, (Reason.CERTIFICATE_REVOKED,)),
    ("B-T", 1, Verdict.VALID, ()),
    ("B-LT", 1, Verdict.VALID, ()),
    ("B-LTA", 1, Verdict.VALID, ()),
]


@pytest.mark.parametrize("way", ["ocsp", "crl"])
@pytest.mark.parametrize(("level", "days", "verdict", "reasons"), REVOKED)
def test_revoked(
    office: Office, level: str, days: int, verdict: Verdict, reasons: tuple[Reason, ...], way: str
) -> None:
    authority = ForeignAuthority(office.authority.root, office.authority.stamper)
    gone_at = AT + timedelta(days=days)
    later = AT + timedelta(days=30)
    authority.revoke(office.signer, gone_at)

    def fetch(url: str, body: bytes | None) -> bytes:
        if body is not None and way == "ocsp":
            return authority.ocsp_answer(office.signer, later)
        if body is not None:
            raise OSError(url)
        return authority.revocation_list(later)

    for at in (later + timedelta(minutes=1), later + 5 * YEAR):  # also when the answer has become old
        report = verify(office.signed[level], trust_roots=authority.trust, at=at, fetch=fetch)
        if at.year > 2027 and level == "B-B":
            reasons = (Reason.CERTIFICATE_REVOKED,)
        assert (report.verdict, report.reasons) == (verdict, reasons)
        signature = report.signature
        assert signature is not None
        assert (signature.revocation, signature.revoked_at) == (Revocation.REVOKED, gone_at)
        assert (Reason.REVOKED_LATER in report.notes) is (verdict is Verdict.VALID)


def test_asked_and_nobody_answers(office: Office) -> None:
    asked: list[str] = []

    def fetch(url: str, _body: bytes | None) -> bytes:
        asked.append(url)
        raise TimeoutError

    report = verify(office.signed["B-B"], trust_roots=office.authority.trust, at=SOON, fetch=fetch)
    assert (report.verdict, report.notes) == (Verdict.VALID, (Reason.REVOCATION_NOT_CHECKED,))
    assert asked == ["http://ocsp.invalid/", "http://crl.invalid/wurzel.crl"]
    rubbish = verify(
        office.signed["B-B"], trust_roots=office.authority.trust, at=SOON, fetch=lambda *_: b"<html>"
    )
    assert (rubbish.verdict, rubbish.notes) == (Verdict.VALID, (Reason.REVOCATION_NOT_CHECKED,))


def test_asked_and_good(office: Office) -> None:
    def fetch(_url: str, body: bytes | None) -> bytes:
        assert body is not None
        return office.authority.ocsp_answer(office.signer, AT)

    report = verify(office.signed["B-B"], trust_roots=office.authority.trust, at=SOON, fetch=fetch)
    assert report.signature is not None
    assert (report.signature.revocation, report.notes) == (Revocation.GOOD, ())


def test_an_answer_by_somebody_else_counts_for_nothing(office: Office) -> None:
    """Whoever can be asked over plain HTTP can be played by anybody on the way."""
    impostor = ForeignAuthority.make()
    impostor.revoke(office.signer, AT - YEAR)

    def fetch(_url: str, body: bytes | None) -> bytes:
        if body is not None:
            return impostor.ocsp_answer(office.signer, AT)
        return impostor.revocation_list(AT)

    report = verify(office.signed["B-B"], trust_roots=office.authority.trust, at=SOON, fetch=fetch)
    assert report.verdict is Verdict.VALID
    assert report.signature is not None
    assert report.signature.revocation is Revocation.NOT_CHECKED


# time stamps and levels


def test_a_time_stamp_of_another_signature(office: Office) -> None:
    other = foreign_sign(office.plain, office.authority, office.signer, level="B-T", at=AT - YEAR / 2)
    report = office.check(tampering.time_stamp_of(other)(office.signed["B-T"]))
    assert report.verdict is Verdict.MODIFIED
    assert Reason.TIME_STAMP_BROKEN in report.reasons
    assert report.signature is not None
    assert report.signature.proven_at is None
    assert (report.signature.level, report.signature.claimed_level) == ("B-B", "B-T")


def test_a_time_stamp_with_another_time(office: Office) -> None:
    report = office.check(tampering.time_stamp_broken(office.signed["B-T"]))
    assert report.verdict is Verdict.MODIFIED
    assert Reason.TIME_STAMP_BROKEN in report.reasons
    assert report.intact


def test_a_time_stamp_removed_leaves_what_the_rest_proves(office: Office) -> None:
    report = office.check(tampering.time_stamp_removed(office.signed["B-T"]))
    assert report.signature is not None
    assert report.signature.level == "B-B"
    assert office.check(tampering.time_stamp_removed(office.signed["B-T"]), AT + YEAR).reasons == (
        Reason.CERTIFICATE_EXPIRED,
    )


def test_a_level_that_is_only_claimed(office: Office) -> None:
    report = office.check(tampering.revocation_data_removed(office.signed["B-LT"]))
    signature = report.signature
    assert signature is not None
    assert (signature.level, signature.claimed_level) == ("B-T", "B-LT")
    assert Reason.LEVEL_INCOMPLETE in signature.notes


def test_a_certification_is_not_a_level(office: Office) -> None:
    signed = foreign_sign(office.plain, office.authority, office.signer, cades=False)
    report = office.check(signed)
    assert report.signature is not None
    assert (report.verdict, report.signature.level) == (Verdict.VALID, "other")


# several signatures, certified documents


@pytest.mark.parametrize("permission", [MDPPerm.NO_CHANGES, MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE])
def test_certified_documents(office: Office, permission: MDPPerm) -> None:
    signed = foreign_sign(office.plain, office.authority, office.signer, certify=permission)
    report = office.check(signed)
    assert report.verdict is Verdict.VALID
    assert report.signature is not None
    assert report.signature.certification == permission.value
    assert office.check(tampering.page_painted_over(signed)).verdict is Verdict.MODIFIED


def test_a_further_signature_is_no_change(office: Office) -> None:
    second = office.authority.issue("Mitzeichnung")
    twice = foreign_sign(office.signed["B-B"], office.authority, second, field_name="Sig2")
    report = office.check(twice)
    assert [each.verdict for each in report.signatures] == [Verdict.VALID, Verdict.VALID]
    assert report.verdict is Verdict.VALID
    thrice = foreign_sign(twice, office.authority, second, field_name="Sig3", level="B-LTA")
    assert office.check(thrice).verdict is Verdict.VALID
    assert office.check(tampering.page_painted_over(thrice)).verdict is Verdict.MODIFIED


def test_an_approval_on_a_certified_document(office: Office) -> None:
    certified = foreign_sign(office.plain, office.authority, office.signer, certify=MDPPerm.FILL_FORMS)
    second = office.authority.issue("Mitzeichnung")
    report = office.check(foreign_sign(certified, office.authority, second, field_name="Sig2"))
    assert report.verdict is Verdict.VALID
    assert [each.certification for each in report.signatures] == [2, None]


def test_a_structure_too_damaged_to_read(office: Office) -> None:
    report = office.check(tampering.structure_flipped(office.signed["B-B"]))
    assert report.verdict is Verdict.INVALID
    assert report.reasons == (Reason.DIGEST_MISMATCH, Reason.DOCUMENT_UNREADABLE)
    assert report.signature is not None
    assert report.signature.subject == "Erika Fremd, DE"


# a second judge


def _parts(pdf: bytes) -> tuple[bytes, bytes]:
    """The first signature's CMS value and the bytes it signs, cut out without any PDF library."""
    ranges = re.search(rb"/ByteRange ?\[ *(\d+) +(\d+) +(\d+) +(\d+) *\]", pdf)
    assert ranges is not None
    start, length, start2, length2 = map(int, ranges.groups())
    digits = pdf[start + length + 1 : start2 - 1]
    value = bytes.fromhex(digits.decode("ascii"))
    size = 2 if value[1] < 0x80 else 2 + (value[1] & 0x7F)
    body = value[1] if value[1] < 0x80 else int.from_bytes(value[2:size], "big")
    return value[: size + body], pdf[start : start + length] + pdf[start2 : start2 + length2]


def _openssl(pdf: bytes, office: Office, folder: Path) -> bool:
    """Whether ``openssl cms -verify`` finds the signature to fit the signed bytes and the chain good."""
    openssl = shutil.which("openssl")
    assert openssl is not None
    cms, content = _parts(pdf)
    (folder / "signature.der").write_bytes(cms)
    (folder / "content").write_bytes(content)
    root = office.authority.root.certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "root.pem").write_bytes(root)
    moment = str(int(SOON.timestamp()))
    done = subprocess.run(
        [
            openssl, "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", "signature.der",
            "-content", "content", "-CAfile", "root.pem", "-purpose", "any", "-attime", moment,
            "-out", os.devnull,
        ],
        cwd=folder,
        capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode in (0, 4), done.stderr
    return done.returncode == 0


needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None and os.environ.get("CI") != "true", reason="openssl is not installed"
)
AGREED: list[Callable[[bytes], bytes]] = [
    bytes,
    tampering.content_flipped,
    tampering.json_flipped,
    tampering.signature_flipped,
    tampering.page_painted_over,
    tampering.annotated,
    tampering.json_replaced,
]


@needs_openssl
@pytest.mark.parametrize("level", ["B-B", "B-T"])
def test_openssl_agrees_on_integrity(office: Office, level: str, tmp_path: Path) -> None:
    other = foreign_sign(
        render(with_facts(decision(), outcome="refused"), AT).pdf,
        office.authority,
        office.signer,
        level=level,
    )
    for tamper in (*AGREED, tampering.signature_of(other)):
        document = tamper(office.signed[level])
        report = office.check(document)
        assert report.intact is _openssl(document, office, tmp_path), tamper


def test_the_report_of_a_tampered_document_names_the_document_itself(office: Office) -> None:
    document = tampering.annotated(office.signed["B-B"])
    assert office.check(document).sha256 == hashlib.sha256(document).hexdigest()
