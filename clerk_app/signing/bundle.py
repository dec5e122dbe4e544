"""Several documents as one, for the printer. Signatures do not survive it: the signed originals stay where
they are."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.letter import Letter


@dataclass(frozen=True)
class PrintPress:
    """Implements ``usecases.post_work.PostPress`` and ``usecases.printing.SheetPress``. ``render`` sets a
    letter."""

    render: Callable[[Letter, datetime], bytes]

    def page_count(self, pdf: bytes) -> int:
        """How many pages. Raises ClerkError NOT_A_PDF."""
        with _opened(pdf) as document:
            return len(document.pages)

    def bundle(self, letters: Sequence[tuple[Letter, bytes]], at: datetime) -> bytes:
        """Cover sheet and letter in turn. The file asks viewers for one-sided printing at full size: an
        address printed smaller misses the window, one on the back of a letter too."""
        return self.joined([part for cover, pdf in letters for part in (self.render(cover, at), pdf)])

    def joined(self, parts: Sequence[bytes]) -> bytes:
        """Documents one after the other, each from a sheet of its own. Raises ClerkError NOT_A_PDF."""
        import pikepdf

        joined = pikepdf.new()
        for part in parts:
            with _opened(part) as document:
                document.flatten_annotations("print")  # what a signature shows becomes part of the page
                if "/AcroForm" in document.Root:
                    del document.Root.AcroForm
                joined.pages.extend(document.pages)
        joined.Root.ViewerPreferences = pikepdf.Dictionary(
            Duplex=pikepdf.Name.Simplex, PrintScaling=pikepdf.Name("/None")
        )
        out = io.BytesIO()
        joined.save(out)
        return out.getvalue()


def _opened(pdf: bytes):  # type: ignore[no-untyped-def]
    import pikepdf

    try:
        return pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PdfError as error:
        raise ClerkError(ErrorCode.NOT_A_PDF, {"reason": "damaged"}, Disposition.GIVE_UP) from error
