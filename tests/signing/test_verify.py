"""Verifying: good, foreign and tampered documents, and every kind of rubbish."""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import random
import re
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_cms import SimpleSigner

from clerk_app.domain.signature import Modification, Reason, Verdict, VerificationReport
from clerk_app.signing.keys import SigningKey, SoftwareKey
from clerk_app.signing.notice import render
from clerk_app.signing.signer import PdfSigner
from clerk_app.signing.verify import verify
from tests.signing.conftest import Authority
from tests.signing.samples import AT, PASSWORD, certificate, decision, with_facts, write_p12

BAD = {Verdict.INVALID, Verdict.MODIFIED, Verdict.NOT_SIGNED, Verdict.NOT_A_PDF}


def check(pdf: bytes, authority: Authority | None = None, at: object = AT) -> VerificationReport:
    roots = [authority.root] if authority else []
    return verify(pdf, trust_roots=roots, at=at)  # type: ignore[arg-type]


def sign(pdf: bytes, key: SigningKey) -> bytes:
    return PdfSigner().sign(pdf, key, reason="Bescheid", location="Musterhausen", at=AT)


def saved(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def contents_span(pdf: bytes) -> tuple[int, int]:
    match = re.search(rb"/Contents <([0-9a-fA-F]+)>", pdf)
    assert match is not None
    return match.span(1)


def test_a_good_letter(signed: bytes, authority: Authority) -> None:
    report = check(signed, authority)
    assert report.verdict is Verdict.VALID
    assert report.reasons == ()
    assert report.ok
    assert report.intact
    assert (report.pdfa_claim, report.pdfua_claim) == ("3a", "1")
    assert report.attached_decision == dict(decision().facts)
    assert report.sha256 == hashlib.sha256(signed).hexdigest()
    signature = report.signature
    assert signature is not None
    assert signature.covers_whole_document
    assert signature.trusted
    assert not signature.expired
    assert signature.subject == "Siegel Musterhausen, DE"
    assert signature.issuer == "Testwurzel, DE"
    assert signature.modification is Modification.NONE
    assert signature.field_name == "Sig1"


def test_the_report_is_json(signed: bytes, authority: Authority) -> None:
    told = json.loads(json.dumps(check(signed, authority).to_json()))
    assert told["verdict"] == "VALID"
    assert told["signing_time"] == "2026-11-24T09:00:00+00:00"
    assert told["attached_decision"]["outcome"] == "granted"
    assert told["signatures"][0]["level"] == "B-B"
    assert json.loads(json.dumps(check(b"x").to_json()))["verdict"] == "NOT_A_PDF"


def test_nobody_is_trusted_without_a_root(signed: bytes) -> None:
    report = check(signed)
    assert (report.verdict, report.reasons) == (Verdict.VALID_UNTRUSTED, (Reason.CERTIFICATE_UNKNOWN,))
    assert report.ok


def test_a_self_signed_certificate(unsigned: bytes, authority: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    report = check(sign(unsigned, SoftwareKey("k", certificate(key), (), key)), authority)
    assert (report.verdict, report.reasons) == (Verdict.VALID_UNTRUSTED, (Reason.CERTIFICATE_SELF_SIGNED,))


@pytest.mark.parametrize(
    ("shift", "reason"),
    [
        (timedelta(days=701), Reason.CERTIFICATE_EXPIRED),
        (timedelta(days=-101), Reason.CERTIFICATE_NOT_YET_VALID),
    ],
)
def test_judged_at_another_time(
    signed: bytes, authority: Authority, shift: timedelta, reason: Reason
) -> None:
    report = check(signed, authority, AT + shift)
    assert (report.verdict, report.reasons) == (Verdict.INDETERMINATE, (reason,))
    assert not report.ok
    assert report.signature is not None
    assert report.signature.expired
    assert report.signature.intact


def test_a_certificate_for_something_else(unsigned: bytes, authority: Authority, tmp_path: Path) -> None:
    """Our signer refuses such a key; another program may not have."""
    key = ec.generate_private_key(ec.SECP256R1())
    cert = certificate(key, issuer=authority.issuer, usage=("key_agreement",))
    write_p12(tmp_path / "k.p12", key, cert, (authority.certificate,))
    signer = SimpleSigner.load_pkcs12(str(tmp_path / "k.p12"), passphrase=PASSWORD.encode())
    assert signer is not None
    metadata = signers.PdfSignatureMetadata(field_name="Sig1", md_algorithm="sha256")
    out = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(unsigned)), metadata, signer=signer)
    report = check(out.getvalue(), authority)
    assert (report.verdict, report.reasons) == (Verdict.VALID_UNTRUSTED, (Reason.CERTIFICATE_UNSUITABLE,))
    assert report.signature is not None
    assert report.signature.level == "other"


def test_unsigned(unsigned: bytes) -> None:
    report = check(unsigned)
    assert report.verdict is Verdict.NOT_SIGNED
    assert not report.signed
    assert report.pdfa_claim == "3a"
    assert report.signature is None


def test_any_flipped_byte_is_noticed(signed: bytes, authority: Authority) -> None:
    begin, end = contents_span(signed)
    picks = random.Random(7)
    places = [place for place in picks.sample(range(len(signed)), 120) if not begin <= place < end]
    for place in places:
        broken = bytearray(signed)
        broken[place] ^= 1 << picks.randrange(8)
        report = check(bytes(broken), authority)
        assert report.verdict in BAD, f"byte {place}"


def test_a_flipped_byte_in_the_signature_value_is_noticed(signed: bytes, authority: Authority) -> None:
    begin, end = contents_span(signed)
    last = len(signed[begin:end].rstrip(b"0"))
    for digit in range(begin + last - 60, begin + last - 1):  # the value stands last
        broken = bytearray(signed)
        broken[digit] = ord("1") if broken[digit] == ord("0") else ord("0")
        assert check(bytes(broken), authority).verdict in BAD, f"digit {digit}"


def test_what_hides_behind_the_signature_is_noticed(signed: bytes, authority: Authority) -> None:
    _, end = contents_span(signed)
    stuffed = signed[: end - 40] + b"deadbeef" + signed[end - 32 :]
    report = check(stuffed, authority)
    assert (report.verdict, report.reasons) == (Verdict.MODIFIED, (Reason.NOT_WHOLE_DOCUMENT,))


def test_a_changed_letter(signed: bytes, authority: Authority) -> None:
    report = check(
        signed.replace(b"/Bescheid", b"/bescheid").replace(b"(Bescheid)", b"(Bescheit)"), authority
    )
    assert report.verdict is Verdict.INVALID
    assert report.reasons == (Reason.DIGEST_MISMATCH,)


def test_a_page_painted_over(signed: bytes, authority: Authority) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    stream = writer.add_object(generic.StreamObject(stream_data=b"0 0 600 900 re f"))
    writer.add_stream_to_page(0, stream)
    report = check(saved(writer), authority)
    assert report.verdict is Verdict.MODIFIED
    assert Reason.CHANGED_AFTER_SIGNING in report.reasons
    assert report.intact
    assert report.signature is not None
    assert not report.signature.covers_whole_document
    assert report.signature.modification is Modification.OTHER


def test_a_page_added(signed: bytes, authority: Authority) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Page"),
            generic.pdf_name("/MediaBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))),
            generic.pdf_name("/Resources"): generic.DictionaryObject(),
        }
    )
    writer.insert_page(page)
    assert check(saved(writer), authority).verdict is Verdict.MODIFIED


def test_an_annotation_added(signed: bytes, authority: Authority) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/Text"),
            generic.pdf_name("/Contents"): generic.pdf_string("abgelehnt"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 100, 200, 200))),
        }
    )
    writer.register_annotation(writer.root["/Pages"]["/Kids"].raw_get(0), writer.add_object(note))
    assert check(saved(writer), authority).verdict is Verdict.MODIFIED


def test_the_attached_decision_replaced(signed: bytes, authority: Authority) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    stream = writer.root["/AF"][0]["/EF"]["/F"]
    stream._data = b'{"outcome": "refused"}'
    stream._encoded_data = None
    writer.update_container(stream)
    forged = saved(writer)
    assert check(forged, authority).verdict is Verdict.MODIFIED


def test_the_expected_decision(signed: bytes, authority: Authority) -> None:
    expected = hashlib.sha256(decision().facts_json()).hexdigest()
    good = verify(signed, trust_roots=[authority.root], at=AT, facts_sha256=expected)
    assert (good.verdict, good.decision_matches) == (Verdict.VALID, True)
    other = verify(signed, trust_roots=[authority.root], at=AT, facts_sha256="0" * 64)
    assert (other.verdict, other.decision_matches) == (Verdict.INVALID, False)
    assert other.reasons == (Reason.DECISION_DIFFERS,)


def test_the_signature_of_another_letter(
    unsigned: bytes, signed: bytes, seal: SigningKey, authority: Authority
) -> None:
    other = sign(render(with_facts(decision(), outcome="refused"), AT).pdf, seal)
    begin, end = contents_span(signed)
    theirs = contents_span(other)
    swapped = signed[:begin] + other[slice(*theirs)] + signed[end:]
    assert check(swapped, authority).verdict is Verdict.INVALID


def test_a_second_signature_is_no_modification(
    unsigned: bytes, seal: SigningKey, authority: Authority, tmp_path: Path
) -> None:
    once = sign(unsigned, seal)
    key = ec.generate_private_key(ec.SECP256R1())
    cert = certificate(key, issuer=authority.issuer, common="Mitzeichnung")
    write_p12(tmp_path / "k.p12", key, cert, (authority.certificate,))
    signer = SimpleSigner.load_pkcs12(str(tmp_path / "k.p12"), passphrase=PASSWORD.encode())
    assert signer is not None
    twice = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(once)),
        signers.PdfSignatureMetadata(
            field_name="Sig2", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        ),
        signer=signer,
    ).getvalue()
    report = check(twice, authority)
    assert [signature.verdict for signature in report.signatures] == [Verdict.VALID, Verdict.VALID]
    assert [signature.covers_whole_document for signature in report.signatures] == [False, True]
    writer = IncrementalPdfFileWriter(io.BytesIO(twice))
    writer.add_stream_to_page(0, writer.add_object(generic.StreamObject(stream_data=b"0 0 9 9 re f")))
    assert check(saved(writer), authority).verdict is Verdict.MODIFIED
    stranger = check(twice)
    assert stranger.verdict is Verdict.VALID_UNTRUSTED


@pytest.mark.parametrize("share", [0.05, 0.3, 0.7, 0.95, 0.999])
def test_truncated(signed: bytes, authority: Authority, share: float) -> None:
    assert check(signed[: int(len(signed) * share)], authority).verdict in BAD


@pytest.mark.parametrize(
    ("content", "reasons"),
    [
        (b"", (Reason.DOCUMENT_EMPTY,)),
        (b" \n", (Reason.DOCUMENT_EMPTY,)),
        (b"PK\x03\x04", (Reason.DOCUMENT_IS_CONTAINER,)),
        (b"<html><body>Anmeldung</body></html>", ()),
        (b"%PDF-1.7", (Reason.DOCUMENT_TRUNCATED,)),
        (b"%PDF-1.7\n%%EOF\n", (Reason.DOCUMENT_UNREADABLE,)),
        (b"%PDF-1.7\nstartxref\n99999999999999\n%%EOF\n", (Reason.DOCUMENT_UNREADABLE,)),
        (b"%PDF-1.7\n" + b"[" * 200_000 + b"\nstartxref\n9\n%%EOF\n", (Reason.DOCUMENT_UNREADABLE,)),
    ],
)
def test_not_a_pdf(content: bytes, reasons: tuple[Reason, ...]) -> None:
    report = check(content)
    assert (report.verdict, report.reasons) == (Verdict.NOT_A_PDF, reasons)


def test_a_megabyte_of_noise() -> None:
    noise = random.Random(3).randbytes(1 << 20)
    assert check(noise).verdict is Verdict.NOT_A_PDF
    assert check(b"%PDF-1.7\n" + noise).verdict is Verdict.NOT_A_PDF


def test_an_encrypted_document(unsigned: bytes) -> None:
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(unsigned)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="o", user="u", R=6))
    report = check(out.getvalue())
    assert (report.verdict, report.reasons) == (Verdict.INVALID, (Reason.DOCUMENT_ENCRYPTED,))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_mangled_letters_never_pass_and_never_raise(data: st.DataObject) -> None:
    base = _signed_by_a_stranger()
    begin, end = contents_span(base)
    cut = data.draw(st.integers(9, len(base) - 1))
    length = data.draw(st.integers(1, 400))
    filling = data.draw(st.binary(max_size=400))
    mangled = base[:cut] + filling + base[cut + length :]
    if mangled == base or (cut >= begin + 1200 and cut + length <= end):
        return
    assert check(mangled).verdict in BAD


def test_nothing_is_written_to_the_console(
    signed: bytes, authority: Authority, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.add_stream_to_page(0, writer.add_object(generic.StreamObject(stream_data=b"0 0 9 9 re f")))
    caplog.clear()
    for document in (signed, saved(writer), signed[:-300], signed[:3000] + signed[3100:], b"%PDF-1.4"):
        check(document, authority)
        check(document)
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")
    assert [record for record in caplog.records if record.name.startswith("pyhanko")] == []


def test_a_foreign_document_without_any_of_our_habits() -> None:
    bare = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
        b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n97\n%%EOF\n"
    )
    report = check(bare)
    assert (report.verdict, report.pdfa_claim, report.attached_decision) == (Verdict.NOT_SIGNED, None, None)


def test_reports_rank_by_their_worst_signature(unsigned: bytes) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    report = check(
        sign(
            unsigned,
            SoftwareKey("k", certificate(key), (), key),
        )
    )
    assert report.signature is not None
    good = dataclasses.replace(report.signature, verdict=Verdict.VALID)
    bad = dataclasses.replace(report.signature, verdict=Verdict.MODIFIED)
    assert dataclasses.replace(report, signatures=(good, bad, good)).signature is bad


def _signed_by_a_stranger() -> bytes:
    if not _STRANGER:
        key = ec.generate_private_key(ec.SECP256R1())
        _STRANGER.append(sign(render(decision(), AT).pdf, SoftwareKey("k", certificate(key), (), key)))
    return _STRANGER[0]


_STRANGER: list[bytes] = []
