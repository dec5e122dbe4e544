"""What a document says of itself, and its code."""

from __future__ import annotations

import pytest

from clerk_app.efile.formats import Claims, Probe, format_of

PDFA = (
    b"%PDF-1.7\n" + b"x" * 70_000 + b"<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>"
)


def probed(content: bytes, step: int = 64) -> Claims:
    probe = Probe()
    for at in range(0, len(content), step):
        probe.write(content[at : at + step])
    return probe.claims()


@pytest.mark.parametrize("step", [1, 7, 64, 1 << 20])
def test_claims_are_found_wherever_the_pieces_are_cut(step: int) -> None:
    content = PDFA + b" /ByteRange [0 1 2 3]"
    assert probed(content, step) == Claims(len(content), "1.7", "PDF/A-3a", True)


def test_marks_of_a_pdf_count_in_a_pdf_only() -> None:
    assert probed(b"<pdfaid:part>3</pdfaid:part>/ByteRange [0 1]") == Claims(44)


@pytest.mark.parametrize(
    ("media_type", "filename", "content", "code", "extension", "other"),
    [
        ("application/pdf", "a.pdf", b"%PDF-1.4\n", "018", "pdf", None),
        ("application/pdf", "a.exe", PDFA, "044", "pdf", None),
        ("application/xml", None, b"<a/>", "030", "xml", None),
        ("text/xml; charset=utf-8", None, b"<a/>", "030", "xml", None),
        ("application/json", None, b"{}", "100", "json", "JSON"),
        ("image/jpeg", "x.jpeg", b"", "011", "jpg", None),
        ("image/png", None, b"", "019", "png", None),
        ("application/octet-stream", "Plan.DOCX", b"", "035", "docx", None),
        ("application/octet-stream", "Plan.dwg", b"", "100", "dwg", "DWG"),
        ("application/octet-stream", "x.e/vil", b"", "100", "bin", "BIN"),
        ("nonsense", None, b"", "100", "bin", "BIN"),
    ],
)
def test_codes(
    media_type: str, filename: str | None, content: bytes, code: str, extension: str, other: str | None
) -> None:
    found = format_of(media_type, filename, probed(content))
    assert (found.code, found.extension, found.other_name) == (code, extension, other)
    assert found.version
