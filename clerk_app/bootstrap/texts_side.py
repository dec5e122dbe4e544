"""The thread that reads attachments for the search, as long as an office is open and writing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clerk_app.bootstrap.desk_side import KeptAttachments, PortalSide
from clerk_app.bootstrap.premises import Premises
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError
from clerk_app.preview.text_reader import SafeTextReader
from clerk_app.usecases.reading_texts import ReadingTexts

_FIRST_AFTER_S = 3.0  # the window is painted and the first sync has begun
_AGAIN_AFTER_S = 300.0


@contextmanager
def open_reading(premises: Premises) -> Iterator[ReadingTexts]:
    """Everything one thread needs to read texts."""
    reads, index = premises.store.reads(), premises.store.texts()
    portal, reader = PortalSide(premises), SafeTextReader.of_this_machine()
    try:
        yield ReadingTexts(index, KeptAttachments(premises, reads, portal), reader)
    finally:
        reader.close()
        portal.close()
        reads.close()
        index.close()


class TextThread:
    """Reads while there is something to read, and again whenever something has changed."""

    def __init__(self, premises: Premises, on_failure: Callable[[BaseException], None]) -> None:
        self._premises, self._on_failure = premises, on_failure
        self._wake = threading.Condition()
        self._stopping = self._changed = False
        self._thread = threading.Thread(target=self._run, name="texts", daemon=True)

    def start(self) -> None:
        """Begins after a moment."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the page at hand."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        self._thread.join(30)

    def _take(self, _changes: ChangeSet) -> None:
        with self._wake:
            self._changed = True
            self._wake.notify_all()

    def _run(self) -> None:
        end = self._premises.store.bus.subscribe(self._take)
        try:
            self._wait(_FIRST_AFTER_S, for_news=False)
            while not self._is_stopping():
                try:
                    self._read()
                except (ClerkError, OSError) as error:  # a full disk may be mended by the next time
                    self._on_failure(error)
                self._wait(_AGAIN_AFTER_S, for_news=True)
        except BaseException as error:  # noqa: BLE001 - the last line of a thread: tell, never vanish
            self._on_failure(error)
        finally:
            end()

    def _read(self) -> None:
        with open_reading(self._premises) as reading:
            reading.begin()
            while not self._is_stopping():
                if not reading.step(self._is_stopping):
                    return

    def _is_stopping(self) -> bool:
        with self._wake:
            return self._stopping

    def _wait(self, at_most_s: float, *, for_news: bool) -> None:
        with self._wake:
            self._wake.wait_for(lambda: self._stopping or (for_news and self._changed), timeout=at_most_s)
            self._changed = False


@contextmanager
def running_texts(premises: Premises, on_failure: Callable[[BaseException], None]) -> Iterator[None]:
    """Reads in the background while the block runs."""
    thread = TextThread(premises, on_failure)
    thread.start()
    try:
        yield
    finally:
        thread.stop()
