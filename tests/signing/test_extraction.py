"""What others read out of our letters: every word, apart from the next, in the right order.

No validator reports glued words or a wrong order, so the text that two independent readers extract (PDFium,
Poppler) is compared word for word with the letter as data.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from clerk_app.domain.letter import (
    Align,
    AppealNotice,
    Block,
    BulletList,
    Enclosures,
    Heading,
    Letter,
    NumberedList,
    Paragraph,
    SignaturePlace,
    Table,
    Translation,
)
from clerk_app.signing.notice import render
from tests.services.test_letters import TRADE
from tests.services.test_letters import letters as written_letters
from tests.signing.reading import page_texts, read_aloud
from tests.signing.samples import AT, REASONS, bilingual, decision, every_kind

NAMES = "C̨̆ovi Č̕ K͟Hosro K̕oda ọ̈ Ž̦arko Ǿrsted ẞtraße Ωώ Щжук Đorđević Nguyễn Łukasz"
LONG_ADDRESS = "https://www.musterhausen.example/" + "/".join(f"teil-{n}" for n in range(60))


def letters() -> dict[str, Letter]:
    """Every kind short and long, as the services write them, and what is hard to read."""
    table = Table(
        ("Name", "Verweis", "Betrag"),
        (
            *((f"{row} {NAMES}", f"Zeile {REASONS}", f"{row}.000,50 €") for row in range(25)),
            ("", "Summe", "1 €"),
        ),
        (Align.LEFT, Align.LEFT, Align.RIGHT),
        totals=1,
    )
    hard = decision(
        Paragraph(f"{REASONS} {NAMES}\n{REASONS}"),
        NumberedList((REASONS, NAMES), start=9),
        BulletList((REASONS, f"Mehr unter {LONG_ADDRESS} und ({LONG_ADDRESS}).")),
        table,
        Table(("Nr.", "Text"), (("1", "Wort " * 1500), ("2", "kurz"))),
        SignaturePlace(),
    )
    return {
        **every_kind(1),
        **{f"{name}-6": letter for name, letter in every_kind(6).items()},
        "bilingual": bilingual(),
        **{f"written-{at}": letter for at, letter in enumerate(written_letters("SN", TRADE, "hsb"))},
        "practice": decision(practice=True),
        "hard": replace(
            hard,
            recipient=("Frau", *NAMES.split(" ", 2), "c/o " + "Ćwikła" * 20, "12345 Musterhausen"),
            info=(
                ("Auskunft erteilt", NAMES),
                ("E-Mail", "sehr-lange-anschrift-des-amtes@musterhausen.example"),
            ),
            footer=((LONG_ADDRESS, "Zimmer 5"), (NAMES, "amt@musterhausen.example")),
        ),
    }


def words_of(letter: Letter) -> tuple[list[str], list[str]]:
    """The letter's words in reading order, and those of the footer, which are read last."""
    words, sender = letter.words, letter.sender
    texts = [words.practice_notice] if letter.practice else []
    texts += [sender.name, sender.unit, sender.return_address, *letter.recipient]
    info = list(letter.info)
    if words.reference not in dict(info):
        info.insert(0, (words.reference, letter.reference))
    if words.date not in dict(info):
        info.append((words.date, f"{letter.date_on:%d.%m.%Y}"))
    texts += [text for pair in info for text in pair]
    texts += [letter.subject, letter.salutation]
    texts += _main(letter.blocks, letter.closing, words.signature, letter.signatory)
    if letter.translation:
        part: Translation = letter.translation
        texts += [part.notice, part.subject, part.salutation]
        texts += _main(part.blocks, part.closing, "", letter.signatory)
    return " ".join(texts).split(), " ".join(" ".join(column) for column in letter.footer).split()


def _main(blocks: tuple[Block, ...], closing: str, signature: str, name: str) -> Iterator[str]:
    for block in blocks:
        if not isinstance(block, Enclosures):
            yield from _block(block)
    yield closing
    yield signature if any(isinstance(block, SignaturePlace) for block in blocks) else ""
    yield name
    for block in blocks:
        if isinstance(block, Enclosures):
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph() | Heading():
            yield block.text
        case AppealNotice():
            yield from (block.heading, block.text)
        case NumberedList():
            for number, item in enumerate(block.items, block.start):
                yield from (f"{number}.", item)
        case BulletList():
            for item in block.items:
                yield from ("•", item)
        case Enclosures():
            yield block.heading
            for item in block.items:
                yield from ("•", item)
        case Table():
            yield from block.header
            for row in block.rows:
                yield from row
        case SignaturePlace():
            return


def pdfium_pages(pdf: bytes, _path: Path) -> list[str]:
    """The text PDFium finds on each page."""
    return page_texts(pdf)


def poppler_pages(_pdf: bytes, path: Path) -> list[str]:
    """The text Poppler finds on each page."""
    return _poppler("pdftotext", "-raw", "-enc", "UTF-8", str(path), "-").split("\f")[:-1]


def _poppler(tool: str, *arguments: str) -> str:
    if shutil.which(tool) is None:
        _absent(f"{tool} (poppler-utils) is absent")
    run = subprocess.run([tool, *arguments], capture_output=True, check=True, timeout=60)
    assert run.stderr == b""
    return run.stdout.decode()


def _absent(why: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{why}, and under CI=true this test must run")
    pytest.skip(why)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Letter, bytes, Path]]:
    """The letters, set once."""
    folder = tmp_path_factory.mktemp("letters")
    made = {}
    for name, letter in letters().items():
        path = folder / f"{name}.pdf"
        path.write_bytes(render(letter, AT).pdf)
        made[name] = (letter, path.read_bytes(), path)
    return made


@pytest.mark.parametrize("reader", [pdfium_pages, poppler_pages])
def test_page_text_is_the_letters_text(
    documents: dict[str, tuple[Letter, bytes, Path]], reader: Callable[[bytes, Path], list[str]]
) -> None:
    for name, (letter, pdf, path) in documents.items():
        body, foot = words_of(letter)
        found: list[str] = []
        pages = reader(pdf, path)
        for number, text in enumerate(pages, start=1):
            words = _joined(text.split(), body + foot)
            found += _without_artifacts(words, letter, number, len(pages), foot if number == 1 else [])
        found = _joined(found, body)  # a word may also run from one page to the next
        assert "\n".join(found) == "\n".join(body), name


def _joined(found: list[str], known: list[str]) -> list[str]:
    """Words longer than a line, put together again: on paper they stand on several lines."""
    long = {word for word in known if len(word) > 22}
    whole: list[str] = []
    at = 0
    while at < len(found):
        joined, behind = found[at], at + 1
        for word in [word for word in long if word.startswith(found[at])]:
            joined, behind = found[at], at + 1
            while joined != word and word.startswith(joined) and behind < len(found):
                joined, behind = joined + found[behind], behind + 1
            if joined == word:
                break
        whole.append(joined if joined in long else found[at])
        at = behind if joined in long else at + 1
    return whole


def _without_artifacts(words: list[str], letter: Letter, page: int, pages: int, foot: list[str]) -> list[str]:
    """A page's words without what the sheet repeats, which must stand where the sheet has it."""
    if letter.practice:  # stands aslant, so that some readers part its letters
        mark = letter.words.practice_mark.replace(" ", "")
        length = next(count for count in range(len(words)) if "".join(words[:count]) == mark)
        words = words[length:]
    number = f"Seite {page} von {pages}".split()
    ends = foot + number
    assert words[len(words) - len(ends) :] == ends
    words = words[: len(words) - len(ends)]
    head = []
    if page > 1:
        head = f"{letter.sender.name} · Aktenzeichen {letter.reference} · {letter.date_on:%d.%m.%Y}".split()
    assert words[: len(head)] == head
    words = words[len(head) :]
    for table in [block for block in letter.blocks if isinstance(block, Table)]:
        header = " ".join(table.header).split()
        if page > 1 and _goes_on(table, words, header):
            return words[len(header) :]
    return words


def _goes_on(table: Table, words: list[str], header: list[str]) -> bool:
    """Whether below this header the table only goes on: its first row stands elsewhere."""
    first = " ".join(table.rows[0]).split()
    return words[: len(header)] == header and words[len(header) : len(header) + 12] != first[:12]


def test_the_structure_tree_reads_the_letters_text(documents: dict[str, tuple[Letter, bytes, Path]]) -> None:
    for name, (letter, pdf, path) in documents.items():
        body, foot = words_of(letter)
        heard = [text for _, text in read_aloud(pdf) if text != f"[{letter.words.signature_field}]"]
        assert " ".join(heard).split() == body + foot, name
        if len(page_texts(pdf)) > 2 or name.startswith("written"):
            continue  # Poppler draws the page anew for each piece of text: minutes for a long table
        assert _told(_poppler("pdfinfo", "-struct-text", str(path))).split() == body + foot, name


def _told(listing: str) -> str:
    """The text of a structure listing: inline elements go on in the sentence, all others begin a new one."""
    told = ""
    for line in listing.splitlines():
        stripped = line.strip()
        if stripped.startswith('"'):
            told += stripped[1:-1]
        elif re.match(r"[A-Z][A-Za-z0-9]*( \(block\))?:?$", stripped):
            told += "\n"
    return told
