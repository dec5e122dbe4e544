"""Letters for the post: one PDF with cover sheets, recorded as printed, never as posted."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest

from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.ids import EntryId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxState
from clerk_app.services.cover_sheet import CoverSheets
from clerk_app.signing.bundle import PrintPress
from clerk_app.signing.notice import render
from clerk_app.usecases.post_work import PostWork
from tests.signing.reading import page_texts
from tests.usecases.house import RULES, House, code_of
from tests.usecases.test_outbox_and_cases import NONE, decided

S = OutboxState


def sheet(text: str) -> bytes:
    """A page that is a real PDF."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(595, 842))
    made.docinfo["/Title"] = text
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.fixture
def post(house: House) -> PostWork:
    """The post room over this house, with real typesetting of the cover sheets."""
    desk = house.desk
    house.letters.render = lambda letter, created_at: sheet(letter.subject)  # type: ignore[method-assign]
    house.letters.sign = lambda pdf, *_: (pdf, house.letters.verify(pdf).signatures[0])  # type: ignore
    press = PrintPress(lambda letter, at: render(letter, at, None).pdf)
    return PostWork(
        desk.reads, desk.ledger, house.store.documents(), CoverSheets(RULES.head), press, house.clock
    )


def letter(house: House) -> EntryId:
    return decided(house, house.arrives(channel=None))


def test_all_letters_come_in_one_pdf_each_behind_its_cover_sheet(house: House, post: PostWork) -> None:
    first, second = letter(house), letter(house)
    decided(house)

    assert post.waiting() == (first, second)
    job = post.print_job(post.waiting())

    assert (job.entries, job.held, job.pages) == ((first, second), (), 4)
    pages = page_texts(job.pdf)
    for at in (0, 2):
        for part in ("Žofia Müller", "Weg 5", "70999 Musterhausen", "Anschriftenblatt", "1 Blatt (1 Seite)"):
            assert part in pages[at], part
        assert "Žofia" not in pages[at + 1]
    with pikepdf.open(io.BytesIO(job.pdf)) as document:
        assert document.Root.ViewerPreferences.Duplex == "/Simplex"
    assert {house.state(first), house.state(second)} == {S.TO_POST}, "printing is not posting"
    found = house.desk.reads.outbox_entry(first)
    assert found is not None
    assert house.file(found.case_id).history[-1].kind == ActKind.PRINTED.value
    house.desk.ledger.verify_chain()


def test_the_address_stands_in_the_window_of_the_envelope(house: House, post: PostWork) -> None:
    """DIN 5008 form B: the field begins 45 mm from the top and 20 mm from the left, 85 by 45 mm."""
    document = pypdfium2.PdfDocument(post.print_job([letter(house)]).pdf)
    page = document[0]
    height_mm = page.get_height() / 72 * 25.4
    text = page.get_textpage()
    for word in ("Žofia Müller", "Weg 5", "70999 Musterhausen"):
        at, length = text.search(word).get_next() or (-1, 0)
        boxes = [text.get_charbox(at + n) for n in range(length)]
        for left, bottom, right, top in boxes:
            assert 20 <= left / 72 * 25.4 <= right / 72 * 25.4 <= 105, word
            assert 45 <= height_mm - top / 72 * 25.4 <= height_mm - bottom / 72 * 25.4 <= 90, word
    text.close()
    document.close()


def test_a_letter_its_case_has_overtaken_is_not_printed_before_a_clerk_has_looked(
    house: House, post: PostWork
) -> None:
    case_id = house.arrives(channel=None)
    held, other = decided(house, case_id), letter(house)
    house.clock.pass_(minutes=1)
    house.arrives(case_id, channel=None)

    assert code_of(lambda: post.print_job([held])) is ErrorCode.HELD_CASE_CHANGED
    job = post.print_job([held, other])
    assert (job.entries, job.held) == ((other,), (held,))

    assert house.desk.outbox.send_nevertheless(held).state is S.TO_POST
    assert post.print_job([held]).entries == (held,)


def test_only_letters_are_printed_and_a_posted_one_again(house: House, post: PostWork) -> None:
    electronic, paper = decided(house), letter(house)
    assert code_of(lambda: post.print_job([electronic])) is ErrorCode.ENTRY_NOT_TO_POST
    assert code_of(lambda: post.print_job([NONE])) is ErrorCode.ENTRY_UNKNOWN
    assert code_of(lambda: post.print_job([])) is ErrorCode.ENTRY_NOT_TO_POST
    house.desk.outbox.mark_posted(paper)
    assert post.print_job([paper]).pages == 2
    assert house.state(paper) is S.POSTED
