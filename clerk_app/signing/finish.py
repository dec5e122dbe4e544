"""Fertigstellen: reportlab's pages become PDF/A-3a (ISO 19005-3, level A) and PDF/UA-1 (ISO 14289-1).

Adds what reportlab does not write: structure tree, document language, XMP metadata, output intent, the
machine-readable decision as an associated file, and an empty, tagged signature field.
"""

from __future__ import annotations

import functools
import importlib.resources
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from clerk_app.signing.tagging import Element, FieldPlace, LinkPlace

SIGNATURE_FIELD = "Sig1"
_PRODUCER = "Amtsstube"
_PRIVATE = re.compile("<(E[0-9A-F]{3})>$", re.MULTILINE)
_PRINTED, _LOCKED = 4, 128  # annotation flags, ISO 32000-1, table 165

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag>{languages}</rdf:Bag></dc:language>
<xmp:CreateDate>{at}</xmp:CreateDate>
<xmp:ModifyDate>{at}</xmp:ModifyDate>
<xmp:MetadataDate>{at}</xmp:MetadataDate>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<pdf:Producer>{producer}</pdf:Producer>
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the document says about itself."""

    title: str
    author: str
    subject: str
    languages: tuple[str, ...]  # BCP 47; the first is the document's
    created_at: datetime
    attachment: bytes
    attachment_name: str
    attachment_label: str
    field_label: str


def finish(
    raw: bytes,
    root: Element,
    content_counts: Sequence[int],
    facts: Facts,
    signature_place: FieldPlace | None,
    placed: Mapping[str, str],
) -> bytes:
    """The finished document; the same input gives the same bytes.

    ``placed``: private code point by sequence, from the letter font.
    """
    with Pdf.open(io.BytesIO(raw)) as pdf:
        tree = _StructureTree(pdf, root, content_counts)
        if signature_place is not None:
            tree.place_field(signature_place, facts.field_label)
        tree.close()
        for page in pdf.pages:
            if Name.Trans in page.obj:
                del page.obj[Name.Trans]
        _spell_sequences(pdf, placed)
        catalog = pdf.Root
        catalog.Lang = String(facts.languages[0])
        catalog.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        _attach(pdf, facts)
        _declare(pdf, facts)
        _set_output_intent(pdf)
        done = io.BytesIO()
        pdf.save(done, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return done.getvalue()


class _StructureTree:
    """Writes the elements recorded while drawing (ISO 32000-1, 14.7.2)."""

    def __init__(self, pdf: Pdf, root: Element, content_counts: Sequence[int]) -> None:
        self._pdf = pdf
        self._pages = [page.obj for page in pdf.pages]
        self._owners: list[list[Object | None]] = [[None] * count for count in content_counts]
        self._clickable: list[Object] = []  # the elements that own an annotation, in StructParent order
        self._written: dict[Element, Object] = {}
        self._tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._tree.K = Array([self._write(root, self._tree)])

    def place_field(self, place: FieldPlace, label: str) -> None:
        """Put an empty signature field on its page and below its Form element (PDF/UA-1, 7.18.4)."""
        pdf, page = self._pdf, self._pages[place.page]
        left, bottom, right, top = (round(value, 2) for value in place.rect)
        looks = pdf.make_stream(
            b"",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, round(right - left, 2), round(top - bottom, 2)]),
            Resources=Dictionary(),
        )
        widget = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=String(SIGNATURE_FIELD),
                TU=String(label),
                Rect=Array([left, bottom, right, top]),
                F=_PRINTED | _LOCKED,
                P=page,
                AP=Dictionary(N=looks),
            )
        )
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([widget]), SigFlags=1))
        element = self._written[place.element]
        element.Pg = page
        element.Alt = String(label)
        element.K = self._annotate(page, widget, element)

    def _annotate(self, page: Object, annotation: Object, element: Object) -> Dictionary:
        """Put an annotation on its page and let it know its element; what the element holds of it."""
        annotation.StructParent = len(self._pages) + len(self._clickable)
        self._clickable.append(element)
        if Name.Annots not in page:
            page.Annots = self._pdf.make_indirect(Array())
        page.Annots.append(annotation)
        return Dictionary(Type=Name.OBJR, Obj=annotation, Pg=page)

    def _place_link(self, place: LinkPlace, element: Object) -> Dictionary:
        """A link annotation, described by what it shows (PDF/UA-1, 7.18.5)."""
        annotation = self._pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array([round(value, 2) for value in place.rect]),
                Border=Array([0, 0, 0]),
                F=_PRINTED,
                P=self._pages[place.page],
                Contents=String(place.shown),
                A=Dictionary(Type=Name.Action, S=Name.URI, URI=String(place.uri)),
            )
        )
        return self._annotate(self._pages[place.page], annotation, element)

    def close(self) -> None:
        """Write the parent tree and hang everything into the catalog."""
        numbers = Array()
        for number, (page, owners) in enumerate(zip(self._pages, self._owners, strict=True)):
            page.StructParents = number
            page.Tabs = Name.S
            numbers.append(number)
            numbers.append(self._pdf.make_indirect(Array(owners)))
        for number, element in enumerate(self._clickable, start=len(self._pages)):
            numbers.append(number)
            numbers.append(element)
        self._tree.ParentTree = self._pdf.make_indirect(Dictionary(Nums=numbers))
        self._tree.ParentTreeNextKey = len(self._pages) + len(self._clickable)
        self._pdf.Root.StructTreeRoot = self._tree
        self._pdf.Root.MarkInfo = Dictionary(Marked=True)

    def _write(self, element: Element, parent: Object) -> Object:
        written = self._pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name("/" + element.tag), P=parent)
        )
        self._written[element] = written
        _set_attributes(written, element)
        first_page: int | None = None
        children = Array()
        for child in element.children:
            if isinstance(child, Element):
                children.append(self._write(child, written))
                continue
            if isinstance(child, LinkPlace):
                children.append(self._place_link(child, written))
                continue
            page, content = child
            self._owners[page][content] = written
            if first_page is None:
                first_page = page
                written.Pg = self._pages[page]
            if page == first_page:
                children.append(content)
            else:
                children.append(Dictionary(Type=Name.MCR, Pg=self._pages[page], MCID=content))
        if len(children):
            written.K = children
        return written


def _spell_sequences(pdf: Pdf, placed: Mapping[str, str]) -> None:
    """Let ready-made glyphs be read as the sequence they show, not as a private code point."""
    spelled = {f"{ord(code):04X}": text.encode("utf-16-be").hex().upper() for text, code in placed.items()}
    for font in pdf.pages[0].obj.Resources.Font.values():
        text_map = font.ToUnicode
        read = text_map.read_bytes().decode("ascii")
        written = _PRIVATE.sub(lambda match: f"<{spelled.get(match.group(1), match.group(1))}>", read)
        if written != read:
            text_map.write(written.encode("ascii"))


def _set_attributes(written: Object, element: Element) -> None:
    attributes = element.attributes
    if "Lang" in attributes:
        written.Lang = String(attributes["Lang"])
    if "Scope" in attributes:
        written.A = Dictionary(O=Name.Table, Scope=Name("/" + attributes["Scope"]))
    elif "Summary" in attributes:
        written.A = Dictionary(O=Name.Table, Summary=String(attributes["Summary"]))
    elif "ListNumbering" in attributes:
        written.A = Dictionary(O=Name.List, ListNumbering=Name("/" + attributes["ListNumbering"]))


def _attach(pdf: Pdf, facts: Facts) -> None:
    at = _pdf_date(facts.created_at)
    specification = pikepdf.AttachedFileSpec(
        pdf,
        facts.attachment,
        filename=facts.attachment_name,
        mime_type="application/json",
        description=facts.attachment_label,
        relationship=Name.Data,
        creation_date=at,
        mod_date=at,
    )
    pdf.attachments[facts.attachment_name] = specification
    pdf.Root.AF = Array([pdf.attachments[facts.attachment_name].obj])


def _declare(pdf: Pdf, facts: Facts) -> None:
    """Document information and XMP; ISO 19005-3, 6.6.2 wants them to agree."""
    at = facts.created_at.astimezone(UTC).replace(microsecond=0)
    xmp = _XMP.format(
        title=escape(facts.title),
        author=escape(facts.author),
        subject=escape(facts.subject),
        languages="".join(f"<rdf:li>{escape(language)}</rdf:li>" for language in facts.languages),
        at=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        producer=_PRODUCER,
    )
    pdf.Root.Metadata = pdf.make_stream(xmp.encode(), Type=Name.Metadata, Subtype=Name.XML)
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(facts.title),
            Author=String(facts.author),
            Subject=String(facts.subject),
            Creator=String(_PRODUCER),
            Producer=String(_PRODUCER),
            CreationDate=String(_pdf_date(at)),
            ModDate=String(_pdf_date(at)),
        )
    )


def _set_output_intent(pdf: Pdf) -> None:
    profile = pdf.make_stream(_srgb(), N=3, Alternate=Name.DeviceRGB)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB"),
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


@functools.cache
def _srgb() -> bytes:
    return importlib.resources.files("pikepdf.pdfa").joinpath("data", "sRGB.icc").read_bytes()


def _pdf_date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'")
