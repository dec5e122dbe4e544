"""Attachments are read one by one; what cannot be read stops nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import pytest

from clerk_app.domain.attachment_text import AttachmentText, TextState, WantedText
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import AttachmentId, CaseId, SubmissionId
from clerk_app.usecases.reading_texts import LARGEST_BYTES, ReadingTexts


def wanted(content: str, size: int = 10) -> WantedText:
    return WantedText(content, CaseId("c"), SubmissionId("s"), AttachmentId(content), size)


class Index:
    def __init__(self, *contents: WantedText) -> None:
        self.left = list(contents)
        self.texts: dict[str, AttachmentText] = {}
        self.notes = 3
        self.asked_again = 0

    def wanted(self, limit: int) -> Sequence[WantedText]:
        return self.left[:limit]

    def put(self, sha512: str, text: AttachmentText) -> None:
        self.left = [each for each in self.left if each.sha512 != sha512]
        self.texts[sha512] = text

    def take_notes(self, limit: int = 200) -> int:
        self.notes = max(0, self.notes - 1)
        return self.notes

    def want_scans_again(self) -> int:
        self.asked_again += 1
        return 0


class Shelf:
    def write_to(
        self, _case: CaseId, _submission: SubmissionId, attachment: AttachmentId, sink: BinaryIO
    ) -> None:
        if attachment == "lost":
            raise ClerkError(ErrorCode.DOCUMENT_MISSING)
        if attachment == "full":
            raise ClerkError(ErrorCode.DISK_FULL)
        sink.write(attachment.encode())


class Reader:
    def __init__(self, *, reads_pixels: bool) -> None:
        self.reads_pixels = reads_pixels

    def pages(self, content: bytes) -> Iterator[str]:
        if content == b"locked":
            raise ClerkError(ErrorCode.PREVIEW_REFUSED, {"reason": "encrypted"})
        yield "" if content == b"scan" else f"Text von {content.decode()}"
        yield "zweite Seite"


def test_one_after_the_other_until_nothing_is_left() -> None:
    index = Index(
        wanted("a"), wanted("lost"), wanted("locked"), wanted("huge", LARGEST_BYTES + 1), wanted("scan")
    )
    reading = ReadingTexts(index, Shelf(), Reader(reads_pixels=False))
    reading.begin()
    assert index.asked_again == 0
    steps = 0
    while reading.step():
        steps += 1
    assert (steps, index.notes) == (5, 0)
    assert index.texts == {
        "a": AttachmentText(TextState.READ, ("Text von a", "zweite Seite")),
        "locked": AttachmentText(TextState.REFUSED, reason="encrypted"),
        "huge": AttachmentText(TextState.REFUSED, reason="too-large"),
        "scan": AttachmentText(TextState.SCAN, ("", "zweite Seite")),
    }
    assert [each.sha512 for each in index.left] == ["lost"], "it is tried again next time"


def test_with_eyes_a_scan_is_read_and_older_ones_are_wanted_again() -> None:
    index = Index(wanted("scan"))
    reading = ReadingTexts(index, Shelf(), Reader(reads_pixels=True))
    reading.begin()
    while reading.step():
        pass
    assert index.asked_again == 1
    assert index.texts["scan"].state is TextState.READ


def test_a_full_disk_is_told_and_a_stop_is_heard() -> None:
    index = Index(wanted("full"), wanted("a"))
    with pytest.raises(ClerkError) as caught:
        ReadingTexts(index, Shelf(), Reader(reads_pixels=True)).step()
    assert caught.value.code is ErrorCode.DISK_FULL
    assert not ReadingTexts(index, Shelf(), Reader(reads_pixels=True)).step(lambda: True)
    answers = iter((False, False, True))  # in the middle of a document
    half = Index(wanted("a"))
    half.notes = 0
    assert not ReadingTexts(half, Shelf(), Reader(reads_pixels=True)).step(lambda: next(answers))
    assert index.texts == half.texts == {}
