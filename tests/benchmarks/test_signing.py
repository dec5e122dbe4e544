"""200 decisions with one PIN: set, finished, signed on a card, verified; against the libraries bare."""

from __future__ import annotations

import gc
import importlib.resources
import io
import resource
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pikepdf
import pytest
from asn1crypto import x509 as asn1_x509
from pikepdf import Array, Dictionary, Name, Pdf, String
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.stamp import NoOpStampStyle
from pyhanko_certvalidator import ValidationContext
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from clerk_app.domain.letter import Letter, block_texts
from clerk_app.domain.signature import Verdict
from clerk_app.signing.desk import LetterDesk
from clerk_app.signing.fonts import fonts_directory
from tests.benchmarks.limits import cpu_s, report
from tests.signing.pki import Pki
from tests.signing.samples import every_kind
from tests.signing.softhsm import PIN, SoftHsm

DECISIONS = 200
EARLY = 20
LABEL = "Stapel"


def numbered(count: int) -> list[Letter]:
    """Decisions that differ."""
    letter = every_kind(1)["decision-granted"]
    return [replace(letter, subject=f"{letter.subject} {number}") for number in range(count)]


def resident_mb() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def bare_set(letter: Letter) -> tuple[bytes, int]:
    """reportlab: the same words, no more."""
    style = ParagraphStyle("bare", fontName="BareSign", fontSize=10.5, leading=14, bulletFontName="BareSign")
    texts = [*letter.recipient, letter.subject, letter.salutation]
    texts += [text for block in letter.blocks for text in block_texts(block)]
    texts = [text for text in texts if text]
    out = io.BytesIO()
    SimpleDocTemplate(out, initialFontName="BareSign").build(
        [Paragraph(escape(text), style) for text in texts]
    )
    return out.getvalue(), len(texts)


def bare_finish(raw: bytes, elements: int, letter: Letter, profile: bytes) -> bytes:
    """pikepdf: structure elements, metadata, output intent, attachment, an empty field, object streams."""
    with Pdf.open(io.BytesIO(raw)) as pdf:
        page = pdf.pages[0].obj
        tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        owners = Array()
        for number in range(elements):
            owners.append(
                pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, P=tree, Pg=page, K=number))
            )
        tree.K, tree.ParentTree = owners, pdf.make_indirect(Dictionary(Nums=Array([0, owners])))
        pdf.Root.StructTreeRoot, pdf.Root.MarkInfo = tree, Dictionary(Marked=True)
        pdf.Root.Metadata = pdf.make_stream(b" " * 2500, Type=Name.Metadata, Subtype=Name.XML)
        intent = Dictionary(
            Type=Name.OutputIntent, S=Name.GTS_PDFA1, DestOutputProfile=pdf.make_stream(profile, N=3)
        )
        pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
        spec = pikepdf.AttachedFileSpec(pdf, letter.facts_json(), filename="decision.json")
        pdf.attachments["decision.json"] = spec
        looks = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        widget = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=String("Sig1"),
                Rect=Array([70, 70, 79, 79]),
                F=132,
                P=page,
                AP=Dictionary(N=looks),
            )
        )
        page.Annots = Array([widget])
        pdf.Root.AcroForm = Dictionary(Fields=Array([widget]), SigFlags=1)
        done = io.BytesIO()
        pdf.save(done, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return done.getvalue()


def bare_sign(pdf: bytes, signer: PKCS11Signer) -> bytes:
    """pyHanko: into the empty field, room reserved so that nothing is signed twice."""
    metadata = signers.PdfSignatureMetadata(
        field_name="Sig1", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    made = signers.PdfSigner(metadata, signer, stamp_style=NoOpStampStyle())
    signed = made.sign_pdf(writer, existing_fields_only=True, bytes_reserved=16384)
    return bytes(signed.getbuffer())


def bare_verify(pdf: bytes, root: asn1_x509.Certificate) -> bool:
    """pyHanko: the one signature, against one authority, offline."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    return bool(validate_pdf_signature(signature, context).bottom_line)


@pytest.fixture(scope="module", autouse=True)
def bare_font() -> None:
    font = TTFont("BareSign", str(fonts_directory() / "AmtsstubeSans-Regular.ttf"), shapable=False)
    pdfmetrics.registerFont(font)


def in_turn(
    ours: Callable[[Letter], object], bare: Callable[[Letter], object], letters: list[Letter]
) -> tuple[float, float, list[float]]:
    """CPU seconds of each for all letters, letter by letter so that a busy machine disturbs both alike; and
    the resident memory now and then. The libraries leave cycles behind; these are not what is kept."""
    used = limit = 0.0
    memory = []
    for number, letter in enumerate(letters, 1):
        began = cpu_s()
        bare(letter)
        between = cpu_s()
        ours(letter)
        limit, used = limit + between - began, used + cpu_s() - between
        if number % EARLY == 0:
            gc.collect()
            memory.append(round(resident_mb(), 1))
    return used, limit, memory


@pytest.mark.parametrize("name", ["personal", "personal_ec"])
def test_200_decisions_with_one_pin(pki: Pki, softhsm: SoftHsm, name: str) -> None:
    identity = getattr(pki, name)
    label = f"{LABEL} {name}"
    reference = softhsm.token(label, identity)
    root = asn1_x509.Certificate.load(pki.root.der)
    profile = importlib.resources.files("pikepdf.pdfa").joinpath("data", "sRGB.icc").read_bytes()
    letters = numbered(DECISIONS)
    at = datetime.now(UTC)

    asked: list[int] = []
    desk = LetterDesk(base=Path("/"), trust_roots=lambda: [pki.root.der])

    def pin() -> str:
        asked.append(1)
        return PIN

    def ours(letter: Letter) -> None:
        _, signature = desk.sign(desk.render(letter, at), reference, pin)
        assert signature.verdict is Verdict.VALID

    criteria = TokenCriteria(label=label)
    with (
        open_pkcs11_session(softhsm.module, token_criteria=criteria, user_pin=PIN) as session,
        desk.keys_kept(DECISIONS),
    ):
        signer = PKCS11Signer(
            session,
            cert_label=identity.name,
            key_label=identity.name,
            use_raw_mechanism=name.endswith("ec"),
            ca_chain=[asn1_x509.Certificate.load(pki.ca.der)],
        )

        def bare(letter: Letter) -> None:
            raw, elements = bare_set(letter)
            signed = bare_sign(bare_finish(raw, elements, letter, profile), signer)
            assert bare_verify(signed, root)

        in_turn(ours, bare, letters[:10])
        used, limit, memory = in_turn(ours, bare, letters)
    assert len(asked) == 1
    report(
        f"{DECISIONS} decisions with one PIN ({name}) / reportlab + pikepdf + pyHanko bare",
        used,
        limit,
        "s CPU",
        goal=1.2,
        ms_each=round(used / DECISIONS * 1000, 1),
        rss_mb_at_20=memory[0],
        rss_mb_at_200=memory[-1],
        rss_mb=memory,
    )
