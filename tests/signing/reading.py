"""Reads a PDF as a screen reader does (structure tree) and as text extraction does (page text)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name


def page_texts(pdf: bytes) -> list[str]:
    """The text of every page as pypdfium2 extracts it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = []
        for page in document:
            text_page = page.get_textpage()
            texts.append(text_page.get_text_bounded())
            text_page.close()
            page.close()
        return texts
    finally:
        document.close()


def words(text: str) -> list[str]:
    """Words, white space aside."""
    return text.split()


def read_aloud(pdf: bytes) -> list[tuple[str, str]]:
    """(tag path, text) of every structure element that has content of its own, in reading order."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        texts = [_marked_texts(page) for page in document.pages]
        numbers = {page.objgen: index for index, page in enumerate(document.pages)}
        return list(_walk(document.Root.StructTreeRoot.K[0], "", texts, numbers))


def _walk(
    element: Any, path: str, texts: list[dict[int, str]], numbers: dict[Any, int]
) -> Iterator[tuple[str, str]]:
    tag = f"{path}/{str(element.S)[1:]}"
    children = element.get("/K")
    if children is None:
        yield tag, ""
        return
    own: list[str] = []
    for child in children if isinstance(children, Array) else [children]:
        if isinstance(child, int):
            own.append(texts[numbers[element.Pg.objgen]][child])
        elif isinstance(child, Dictionary) and child.get("/Type") == Name.MCR:
            own.append(texts[numbers[child.Pg.objgen]][int(child.MCID)])
        elif isinstance(child, Dictionary) and child.get("/Type") == Name.OBJR:
            own.append(f"[{child.Obj.TU}]" if "/TU" in child.Obj else "")
        elif Name.Link == child.S:  # stands inside the sentence
            own += [text for _, text in _walk(child, tag, texts, numbers)]
        else:
            yield from _walk(child, tag, texts, numbers)
    if own:
        yield tag, "".join(own)


def _marked_texts(page: pikepdf.Page) -> dict[int, str]:
    maps = {name: _text_map(font) for name, font in page.obj.Resources.Font.items()}
    found: dict[int, str] = {}
    current: int | None = None
    font: dict[int, str] = {}
    instructions: Any = pikepdf.parse_content_stream(page)
    for operands, operator in instructions:
        match str(operator):
            case "BDC":
                current = int(operands[1].MCID) if "/MCID" in operands[1] else None
                if current is not None:
                    found[current] = ""
            case "EMC":
                current = None
            case "Tf":
                font = maps[str(operands[0])]
            case "Tj":
                if current is not None:
                    found[current] += "".join(font[code] for code in bytes(operands[0]))
    return found


def _text_map(font: Any) -> dict[int, str]:
    entries = re.findall(r"^<(..)> <([0-9A-F]{4,})>$", font.ToUnicode.read_bytes().decode(), re.MULTILINE)
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in entries}


def drawn_outside_marks(pdf: bytes) -> int:
    """How many painting operators stand neither in tagged content nor in an artifact."""
    painting = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "b", "Do", "sh"}
    stray = 0
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            depth = 0
            instructions: Any = pikepdf.parse_content_stream(page)
            for _, operator in instructions:
                depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(str(operator), 0)
                stray += depth == 0 and str(operator) in painting
    return stray
