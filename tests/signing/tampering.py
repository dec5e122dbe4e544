"""What can be done to a signed document: the tamper set, as functions from bytes to bytes."""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import io
import re
from collections.abc import Callable

from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields

Tamper = Callable[[bytes], bytes]


def saved(writer: IncrementalPdfFileWriter) -> bytes:
    """The document with one more revision."""
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def writer_for(pdf: bytes) -> IncrementalPdfFileWriter:
    """Adds a revision to ``pdf``."""
    return IncrementalPdfFileWriter(io.BytesIO(pdf))


def contents_span(pdf: bytes, number: int = 0) -> tuple[int, int]:
    """Where the hexadecimal digits of a signature stand."""
    found = list(re.finditer(rb"/Contents <([0-9a-fA-F]+)>", pdf))
    return found[number].span(1)


def flipped(pdf: bytes, place: int, bit: int = 0) -> bytes:
    """One bit is another."""
    broken = bytearray(pdf)
    broken[place] ^= 1 << bit
    return bytes(broken)


def content_flipped(pdf: bytes) -> bytes:
    """A byte inside the first page's content."""
    reader = PdfFileReader(io.BytesIO(pdf))
    stream = reader.root["/Pages"]["/Kids"][0]["/Contents"]
    return flipped(pdf, pdf.index(stream.encoded_data) + 40)


def structure_flipped(pdf: bytes) -> bytes:
    """A byte inside the compressed objects: what is left cannot be read as a PDF."""
    return flipped(pdf, pdf.index(b"stream") + 40)


def json_flipped(pdf: bytes) -> bytes:
    """A byte inside the attached decision."""
    reader = PdfFileReader(io.BytesIO(pdf))
    stream = reader.root["/AF"][0]["/EF"]["/F"]
    return flipped(pdf, pdf.index(stream.encoded_data) + 3)


def signature_flipped(pdf: bytes) -> bytes:
    """A digit near the end of the CMS value: the signature's own value."""
    begin, end = contents_span(pdf)
    last = begin + len(pdf[begin:end].rstrip(b"0")) - 30
    broken = bytearray(pdf)
    broken[last] = ord("1") if broken[last] == ord("0") else ord("0")
    return bytes(broken)


def truncated(pdf: bytes) -> bytes:
    """The last tenth is missing."""
    return pdf[: len(pdf) * 9 // 10]


def signature_of(other: bytes) -> Tamper:
    """The signature of another document in the place of its own."""

    def tamper(pdf: bytes) -> bytes:
        begin, end = contents_span(pdf)
        theirs = other[slice(*contents_span(other))].rstrip(b"0")
        assert len(theirs) <= end - begin  # the reserved rooms differ by a few digits
        return pdf[:begin] + theirs.ljust(end - begin, b"0") + pdf[end:]

    return tamper


def page_painted_over(pdf: bytes) -> bytes:
    """A white sheet over the first page."""
    writer = writer_for(pdf)
    stream = writer.add_object(generic.StreamObject(stream_data=b"1 g 0 0 600 900 re f"))
    writer.add_stream_to_page(0, stream)
    return saved(writer)


def page_added(pdf: bytes) -> bytes:
    """One more page."""
    writer = writer_for(pdf)
    box = generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))
    page = {"/Type": generic.pdf_name("/Page"), "/MediaBox": box, "/Resources": generic.DictionaryObject()}
    writer.insert_page(
        generic.DictionaryObject({generic.pdf_name(name): value for name, value in page.items()})
    )
    return saved(writer)


def annotated(pdf: bytes) -> bytes:
    """A note that covers the outcome."""
    writer = writer_for(pdf)
    rect = generic.ArrayObject(map(generic.NumberObject, (100, 100, 400, 500)))
    note = {
        "/Type": generic.pdf_name("/Annot"),
        "/Subtype": generic.pdf_name("/FreeText"),
        "/Contents": generic.pdf_string("abgelehnt"),
        "/Rect": rect,
    }
    reference = writer.add_object(
        generic.DictionaryObject({generic.pdf_name(name): value for name, value in note.items()})
    )
    writer.register_annotation(writer.root["/Pages"]["/Kids"].raw_get(0), reference)
    return saved(writer)


def json_replaced(pdf: bytes) -> bytes:
    """Another decision in the place of the attached one."""
    writer = writer_for(pdf)
    stream = writer.root["/AF"][0]["/EF"]["/F"]
    stream._data = b'{"outcome": "refused"}'
    stream._encoded_data = None
    writer.update_container(stream)
    return saved(writer)


def form_field_added(pdf: bytes) -> bytes:
    """A text field with a value of its own."""
    writer = writer_for(pdf)
    field = {
        "/FT": generic.pdf_name("/Tx"),
        "/T": generic.pdf_string("Betrag"),
        "/V": generic.pdf_string("0,00"),
    }
    reference = writer.add_object(
        generic.DictionaryObject({generic.pdf_name(name): value for name, value in field.items()})
    )
    form = writer.root["/AcroForm"]
    form["/Fields"].append(reference)
    writer.update_container(form["/Fields"])
    return saved(writer)


def pages_replaced(pdf: bytes) -> bytes:
    """Shadow attack "replace": the page tree is another, the signed one lies there unseen."""
    writer = writer_for(pdf)
    pages = writer.root["/Pages"]
    kid = pages["/Kids"][0]
    stream = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    page = generic.DictionaryObject(dict(kid))
    page[generic.pdf_name("/Contents")] = stream
    pages["/Kids"] = generic.ArrayObject([writer.add_object(page)])
    pages["/Count"] = generic.NumberObject(1)
    writer.update_container(pages)
    return saved(writer)


def catalogue_replaced(pdf: bytes) -> bytes:
    """Shadow attack "hide": the document's root is another one."""
    writer = writer_for(pdf)
    root = generic.DictionaryObject(dict(writer.root))
    page = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Page"),
            generic.pdf_name("/MediaBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))),
            generic.pdf_name("/Resources"): generic.DictionaryObject(),
        }
    )
    pages = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Pages"),
            generic.pdf_name("/Kids"): generic.ArrayObject([writer.add_object(page)]),
            generic.pdf_name("/Count"): generic.NumberObject(1),
        }
    )
    writer.root[generic.pdf_name("/Pages")] = writer.add_object(pages)
    writer.update_root()
    assert root["/Pages"] is not None
    return saved(writer)


def visible_text_swapped(pdf: bytes) -> bytes:
    """Shadow attack by fonts: the words stay, the letters they are drawn with become others."""
    writer = writer_for(pdf)
    page = writer.root["/Pages"]["/Kids"][0]
    fonts = page["/Resources"]["/Font"]
    name = next(iter(fonts))
    font = fonts[name]
    font[generic.pdf_name("/Widths")] = generic.ArrayObject([generic.NumberObject(1)] * 200)
    writer.update_container(font)
    return saved(writer)


def bytes_appended(pdf: bytes) -> bytes:
    """Something behind the end, belonging to no revision."""
    return pdf + b"\n% nothing to see\n"


def objects_appended(pdf: bytes) -> bytes:
    """Incremental saving attack without a cross-reference table: some viewers search for objects."""
    startxref = pdf[pdf.rindex(b"startxref") :]
    return pdf + b"\n4 0 obj\n<< /Type /Page >>\nendobj\n" + startxref


def stuffed(pdf: bytes) -> bytes:
    """Something in the room that is reserved for the signature."""
    _, end = contents_span(pdf)
    return pdf[: end - 40] + b"deadbeef" + pdf[end - 32 :]


def _with_cms(pdf: bytes, change: Callable[[cms.ContentInfo], None]) -> bytes:
    """The first signature's CMS value changed where nobody signs it."""
    begin, end = contents_span(pdf)
    info = cms.ContentInfo.load(bytes.fromhex(pdf[begin:end].decode("ascii")))
    change(info)
    digits = info.dump(force=True).hex().encode("ascii")
    assert len(digits) <= end - begin
    return bytes(pdf[:begin] + digits.ljust(end - begin, b"0") + pdf[end:])


def time_stamp_of(other: bytes) -> Tamper:
    """The time stamp of another signature."""

    def tamper(pdf: bytes) -> bytes:
        begin, end = contents_span(other)
        theirs = cms.ContentInfo.load(bytes.fromhex(other[begin:end].decode("ascii")))
        token = theirs["content"]["signer_infos"][0]["unsigned_attrs"]

        def change(info: cms.ContentInfo) -> None:
            info["content"]["signer_infos"][0]["unsigned_attrs"] = token

        return _with_cms(pdf, change)

    return tamper


def time_stamp_broken(pdf: bytes) -> bytes:
    """The stamped time is another."""

    def change(info: cms.ContentInfo) -> None:
        for attribute in info["content"]["signer_infos"][0]["unsigned_attrs"]:
            token = attribute["values"][0]
            content = token["content"]["encap_content_info"]["content"]
            stamped = content.parsed
            place = bytes(content).index(stamped["gen_time"].contents)
            value = bytearray(bytes(content))
            value[place + 3] = ord("5")  # 2025 in place of 2026
            token["content"]["encap_content_info"]["content"] = cms.ParsableOctetString(bytes(value))

    return _with_cms(pdf, change)


def time_stamp_removed(pdf: bytes) -> bytes:
    """No time stamp any more."""

    def change(info: cms.ContentInfo) -> None:
        info["content"]["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([])

    return _with_cms(pdf, change)


def revocation_data_removed(pdf: bytes) -> bytes:
    """The document's store of proofs is emptied by a further revision."""
    writer = writer_for(pdf)
    store = writer.root["/DSS"]
    for name in ("/OCSPs", "/CRLs", "/VRI"):
        if name in store:
            del store[generic.pdf_name(name)]
    writer.update_container(store)
    return saved(writer)


def field_added(pdf: bytes, name: str) -> bytes:
    """An empty signature field."""
    writer = writer_for(pdf)
    fields.append_signature_field(writer, fields.SigFieldSpec(name))
    return saved(writer)
