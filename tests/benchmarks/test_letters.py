"""Letters: setting one, and what a change in the editor costs until its picture is there."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.letter import Letter, block_texts
from clerk_app.preview.renderer import Renderer
from clerk_app.signing.fonts import fonts_directory
from clerk_app.signing.notice import render
from tests.benchmarks.limits import middle_s, report
from tests.signing.samples import AT, every_kind
from tests.usecases.house import FakeLetters, House

REPEATS = 40
PREVIEW_PX = 1131  # an A4 page 800 pixels wide
GOAL_MS = 100


def bare(letter: Letter) -> bytes:
    """The same words by reportlab alone: no tags, no metadata, no DIN 5008."""
    style = ParagraphStyle("bare", fontName="Bare", fontSize=10.5, leading=14, bulletFontName="Bare")
    texts = [*letter.recipient, letter.subject, letter.salutation]
    texts += [text for block in letter.blocks for text in block_texts(block)]
    out = io.BytesIO()
    document = SimpleDocTemplate(out, initialFontName="Bare")
    document.build([Paragraph(escape(text), style) for text in texts if text])
    return out.getvalue()


class SettingLetters(FakeLetters):
    """Sets letters as the office does; signs nothing."""

    def render(self, letter: Letter, created_at: datetime) -> bytes:
        return render(letter, created_at).pdf


@pytest.fixture(scope="module", autouse=True)
def bare_font() -> None:
    font = TTFont("Bare", str(fonts_directory() / "AmtsstubeSans-Regular.ttf"), shapable=False)
    pdfmetrics.registerFont(font)


@pytest.mark.parametrize("pages", [1, 6])
def test_setting_a_letter(pages: int) -> None:
    letter = every_kind(pages)["decision-granted"]
    numbered = [replace(letter, subject=f"{letter.subject} {number}") for number in range(REPEATS)]
    bare(letter), render(letter, AT)
    turns, bare_turns = iter(numbered), iter(numbered)
    limit = middle_s(lambda: bare(next(bare_turns)), REPEATS)
    ours = middle_s(lambda: render(next(turns), AT), REPEATS)
    report(f"setting a letter of {pages} page(s) / bare reportlab", ours * 1000, limit * 1000, "ms")


def test_a_change_in_the_editor_until_its_picture(tmp_path: Path) -> None:
    """Everything the window's threads do for a change: compose, check, set, paint the first page."""
    house = House(tmp_path / "home")
    renderer = Renderer()
    try:
        case_id = house.arrives()
        deciding = replace(house.desk.deciding, letters=SettingLetters())
        drafts = iter(range(10_000))
        letters: list[Letter] = []

        def change() -> None:
            draft = deciding.draft(case_id, Outcome.GRANTED, Wording(reasons=f"Stand {next(drafts)}"))
            pdf = deciding.preview(draft)
            deciding.preflight(draft), deciding.way(case_id)
            picture = renderer.page(pdf, "application/pdf", 0, PREVIEW_PX, lineage="letter")
            assert picture.page_count == 1
            letters.append(draft.letter)

        change()
        ours = middle_s(change, REPEATS)
        bare(letters[0])
        limit = middle_s(lambda: bare(letters[-1]), REPEATS)
        name = "a change in the editor until its picture / bare reportlab, no picture"
        report(name, ours * 1000, limit * 1000, "ms", goal_ms=GOAL_MS, reached=ours * 1000 < GOAL_MS)
    finally:
        renderer.close()
        house.close()
