"""Documents made elsewhere, in every shape: they are judged like our own and never end the program."""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pikepdf
import pytest
from asn1crypto import x509 as asn1_x509
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfTimeStamper, signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.validation.ades import ades_lta_validation, simulate_future_ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import SimpleCertificateStore, SimpleTrustManager

from clerk_app.domain.signature import Revocation, VerificationReport
from clerk_app.domain.verdict import Change, Modification, Reason, Verdict
from clerk_app.signing.bounds import LARGEST_PDF, TooLongError, bounded
from clerk_app.signing.notice import render
from clerk_app.signing.trust import SIGNING
from clerk_app.signing.verify import verify
from tests.signing import tampering
from tests.signing.foreign import YEAR, ForeignAuthority, Identity, foreign_sign
from tests.signing.samples import AT, decision
from tests.signing.tampering import contents_span

SOON = AT + timedelta(minutes=5)
BAD = {Verdict.INVALID, Verdict.MODIFIED, Verdict.NOT_SIGNED, Verdict.NOT_A_PDF, Verdict.INDETERMINATE}


@pytest.fixture(scope="module")
def authority() -> ForeignAuthority:
    return ForeignAuthority.make()


@pytest.fixture(scope="module")
def signer(authority: ForeignAuthority) -> Identity:
    return authority.issue(ends_at=AT + YEAR)


def check(pdf: bytes, authority: ForeignAuthority, at: datetime = SOON) -> VerificationReport:
    return verify(pdf, trust_roots=authority.trust, at=at)


def plain(**options: Any) -> bytes:
    """A bare document of another program, written as told."""
    document = pikepdf.new()
    document.add_blank_page()
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def with_form(pdf: bytes) -> bytes:
    """A text field to fill in."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        field = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx,
                T=pikepdf.String("Name"), V=pikepdf.String(""), Rect=[10, 10, 90, 30],
                P=document.pages[0].obj, DA=pikepdf.String("/Helv 0 Tf 0 g"), F=4,
            )
        )  # fmt: skip
        document.Root.AcroForm = document.make_indirect(pikepdf.Dictionary(Fields=[field]))
        document.pages[0].Annots = document.make_indirect(pikepdf.Array([field]))
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def filled_in(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    fields = [each.get_object() for each in writer.root["/AcroForm"]["/Fields"]]
    field = next(each for each in fields if each["/T"] == "Name")
    field[generic.pdf_name("/V")] = generic.pdf_string("Erika")
    writer.update_container(field)
    return tampering.saved(writer)


@pytest.mark.parametrize("mode", list(pikepdf.ObjectStreamMode))
def test_cross_reference_tables_and_streams(
    authority: ForeignAuthority, signer: Identity, mode: pikepdf.ObjectStreamMode
) -> None:
    report = check(foreign_sign(plain(object_stream_mode=mode), authority, signer), authority)
    assert report.verdict is Verdict.VALID
    assert (report.pdfa_claim, report.attached_decision) == (None, None)


def test_linearized_documents(authority: ForeignAuthority, signer: Identity) -> None:
    report = check(foreign_sign(plain(linearize=True), authority, signer), authority)
    assert report.verdict is Verdict.VALID


def hybrid() -> bytes:
    """A hybrid-reference file (ISO 32000-1, 7.5.8.4): a table for old readers, a stream for the rest."""
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for body in (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>>>",
    ):
        places.append(len(out))
        out += b"%d 0 obj" % (len(places)) + body + b"endobj\n"
    stream_at = len(out)
    rows = b"\x01" + stream_at.to_bytes(4, "big") + b"\x00"
    out += (
        b"4 0 obj<</Type/XRef/Size 5/W[1 4 1]/Index[4 1]/Root 1 0 R/Length %d>>stream\n" % len(rows)
        + rows
        + b"\nendstream endobj\n"
    )
    table_at = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size 5/Root 1 0 R/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n" % (stream_at, table_at)
    return bytes(out)


def test_hybrid_documents(authority: ForeignAuthority, signer: Identity) -> None:
    assert check(hybrid(), authority).verdict is Verdict.NOT_SIGNED
    writer = IncrementalPdfFileWriter(io.BytesIO(hybrid()), strict=False)
    signed = signers.sign_pdf(
        writer,
        PdfSignatureMetadata(field_name="S", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES),
        signer=signers.SimpleSigner(signer.asn1, signer.asn1_key, SimpleCertificateStore()),
    ).getvalue()
    assert check(signed, authority).verdict is Verdict.VALID
    assert check(signed + b"x", authority).verdict in BAD


def test_an_encrypted_document_that_opens_without_a_password(
    authority: ForeignAuthority, signer: Identity
) -> None:
    protected = plain(encryption=pikepdf.Encryption(owner="o", user="", R=6))
    writer = IncrementalPdfFileWriter(io.BytesIO(protected))
    writer.encrypt("")
    signed = signers.sign_pdf(
        writer,
        PdfSignatureMetadata(field_name="S", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES),
        signer=signers.SimpleSigner(signer.asn1, signer.asn1_key, SimpleCertificateStore()),
    ).getvalue()
    assert check(signed, authority).verdict is Verdict.VALID
    locked = check(plain(encryption=pikepdf.Encryption(owner="o", user="u", R=6)), authority)
    assert (locked.verdict, locked.reasons) == (Verdict.INVALID, (Reason.DOCUMENT_ENCRYPTED,))


@pytest.mark.parametrize(
    ("permission", "verdict"),
    [
        (MDPPerm.NO_CHANGES, Verdict.MODIFIED),
        (MDPPerm.FILL_FORMS, Verdict.VALID),
        (MDPPerm.ANNOTATE, Verdict.VALID),
        (None, Verdict.MODIFIED),
    ],
)
def test_a_form_filled_in_after_signing(
    authority: ForeignAuthority, signer: Identity, permission: MDPPerm | None, verdict: Verdict
) -> None:
    signed = foreign_sign(with_form(plain()), authority, signer, certify=permission)
    report = check(filled_in(signed), authority)
    assert report.verdict is verdict
    assert (Reason.CHANGED_AS_PERMITTED in report.notes) is (verdict is Verdict.VALID)
    if verdict is Verdict.VALID:
        assert report.signatures[0].modification is Modification.FORM_FILLING


def test_a_further_signature_is_no_licence_to_fill_in(authority: ForeignAuthority, signer: Identity) -> None:
    once = foreign_sign(with_form(plain()), authority, signer)
    twice = foreign_sign(filled_in(once), authority, authority.issue("Zweite"), field_name="Sig2")
    report = check(twice, authority)
    assert [each.verdict for each in report.signatures] == [Verdict.MODIFIED, Verdict.VALID]
    assert report.verdict is Verdict.MODIFIED
    assert report.signatures[0].changes == (Change.FORM,)
    untouched = foreign_sign(once, authority, authority.issue("Zweite"), field_name="Sig2")
    assert check(untouched, authority).verdict is Verdict.VALID


def test_revocation_data_inside_the_signature(authority: ForeignAuthority, signer: Identity) -> None:
    """Adobe's way: the answers are a signed attribute, there is no store in the document."""
    out = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(plain())),
        PdfSignatureMetadata(
            field_name="S",
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
            embed_validation_info=True,
            validation_context=authority.context(AT, signer),
        ),
        signer=signers.SimpleSigner(signer.asn1, signer.asn1_key, SimpleCertificateStore()),
        timestamper=authority.time_stamper(AT),
    ).getvalue()
    report = check(out, authority)
    assert report.signature is not None
    assert (report.verdict, report.signature.revocation) == (Verdict.VALID, Revocation.GOOD)
    assert report.notes == ()


def test_nobody_signed_but_a_time_is_stamped(authority: ForeignAuthority) -> None:
    stamped = PdfTimeStamper(authority.time_stamper(AT)).timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(plain())), "sha256", authority.context(AT)
    )
    report = check(stamped.getvalue(), authority)
    assert (report.verdict, report.signed) == (Verdict.NOT_SIGNED, False)
    assert report.notes == (Reason.TIME_STAMP_ONLY,)
    assert report.signatures[0].proven_at is None
    broken = check(tampering.flipped(stamped.getvalue(), 12), authority)
    assert broken.verdict in BAD


# another judge for long-term documents


def _ades(pdf: bytes, authority: ForeignAuthority, *, years: int = 0) -> str:
    """pyHanko's own procedure after ETSI EN 319 102-1, now or simulated years ahead."""
    rule = RevocationCheckingRule.CHECK_IF_DECLARED
    policy = CertValidationPolicySpec(
        SimpleTrustManager.build(trust_roots=[asn1_x509.Certificate.load(authority.trust[0])]),
        CertRevTrustPolicy(RevocationCheckingPolicy(rule, rule)),
    )
    offline = RevocationInfoGatheringSpec(
        RevinfoOnlineFetchingRule.LOCAL_ONLY, certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH
    )
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(policy, offline, key_usage_settings=SIGNING), diff_policy=None
    )
    embedded = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures[0]
    embedded.compute_integrity_info()
    if not years:
        result = asyncio.run(ades_lta_validation(embedded, spec))
    else:
        ahead = datetime.now(tz=AT.tzinfo) + years * YEAR
        result = asyncio.run(simulate_future_ades_lta_validation(embedded, spec, ahead))
    return result.ades_subindic.status.name


def test_two_judges_agree_on_long_term_documents() -> None:
    """pyHanko's procedure reads the machine's clock, so this one document is made now."""
    now = datetime.now(tz=AT.tzinfo).replace(microsecond=0) - timedelta(minutes=2)
    made = ForeignAuthority.make(now - YEAR, now + 15 * YEAR)
    signer = made.issue(begins_at=now - YEAR, ends_at=now + YEAR)
    letter = render(decision(), now).pdf
    for level, later in (("B-LTA", Verdict.VALID), ("B-B", Verdict.INDETERMINATE)):
        signed = foreign_sign(letter, made, signer, level=level, at=now)
        ours = check(signed, made, now + timedelta(minutes=2)).verdict
        assert ours is Verdict.VALID
        if level == "B-LTA":
            assert _ades(signed, made) == "PASSED"
        future = check(signed, made, now + 7 * YEAR).verdict
        assert future is later
        assert (_ades(signed, made, years=7) == "PASSED") is (future is Verdict.VALID)


# bounds


def test_work_that_takes_too_long_is_ended() -> None:
    def work() -> None:
        while True:
            with contextlib.suppress(Exception):  # as a library that swallows everything
                sum(range(100))

    with pytest.raises(TooLongError):
        _within(0.05, work)
    _within(60, lambda: None)


def _within(seconds: float, work: Callable[[], None]) -> None:
    with bounded(seconds):
        work()


def test_the_bound_holds_on_any_thread_and_hits_no_other() -> None:
    ended: list[str] = []

    def work() -> None:
        try:
            with bounded(0.05):
                while True:
                    time.sleep(0.001)
        except TooLongError:
            ended.append(threading.current_thread().name)

    threads = [threading.Thread(target=work, name=f"t{at}") for at in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(ended) == ["t0", "t1", "t2"]


def test_a_document_that_takes_too_long_says_so(authority: ForeignAuthority, signer: Identity) -> None:
    signed = foreign_sign(plain(), authority, signer)
    report = verify(signed, trust_roots=authority.trust, at=SOON, longest_s=1e-6)
    assert (report.verdict, report.reasons) == (Verdict.INVALID, (Reason.DOCUMENT_TAKES_TOO_LONG,))
    gc.collect()


def test_a_huge_document_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert LARGEST_PDF == 256_000_000  # the sentence for people names it
    monkeypatch.setattr("clerk_app.signing.verify.LARGEST_PDF", 1000)
    report = verify(b"%PDF-1.7\n" + bytes(2000))
    assert (report.verdict, report.reasons) == (Verdict.INVALID, (Reason.DOCUMENT_TOO_LARGE,))


def test_loops_and_bombs_come_to_an_end() -> None:
    head = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    head += b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
    table = b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
    at = len(head)
    for trailer in (
        b"trailer<</Size 3/Root 1 0 R/Prev %d>>" % at,  # the table names itself as its predecessor
        b"trailer<</Size 3/Root 1 0 R>>",  # the page tree contains itself
        b"trailer<</Size 999999999/Root 1 0 R>>",
    ):
        report = verify(head + table + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % at)
        assert report.verdict in (Verdict.NOT_A_PDF, Verdict.NOT_SIGNED)


# mutations

_LASTING: list[tuple[ForeignAuthority, bytes]] = []


def lasting() -> tuple[ForeignAuthority, bytes]:
    """One letter at B-LTA, made once."""
    if not _LASTING:
        made = ForeignAuthority.make()
        letter = render(decision(), AT).pdf
        _LASTING.append((made, foreign_sign(letter, made, made.issue(), level="B-LTA")))
    return _LASTING[0]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_mutation_of_signed_bytes_is_ever_valid(data: st.DataObject) -> None:
    authority, base = lasting()
    begin, end = contents_span(base)
    signed_to = PdfFileReader(io.BytesIO(base)).embedded_signatures[0].byte_range
    last = int(signed_to[2]) + int(signed_to[3])
    mutated = bytearray(base)
    for _each in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, last - 1).filter(lambda at: not begin - 1 <= at <= end))
        mutated[place] = data.draw(st.integers(0, 255))
    if bytes(mutated) == base:
        return
    report = check(bytes(mutated), authority)
    assert report.verdict in BAD
    assert not report.ok


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_mutation_at_all_ends_the_verifier(data: st.DataObject) -> None:
    authority, base = lasting()
    cut = data.draw(st.integers(0, len(base)))
    gone = data.draw(st.integers(0, 3000))
    filling = data.draw(st.binary(max_size=300) | st.sampled_from([base[:500], base[-700:], b"%%EOF\n" * 50]))
    check(base[:cut] + filling + base[cut + gone :], authority)
