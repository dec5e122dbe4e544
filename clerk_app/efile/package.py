"""An xdomea package: documents and message in one ZIP, written in one go and in constant memory."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from clerk_app.domain.deadlines import office_time
from clerk_app.domain.efile import FiledCase, FiledDocument, Handover
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.efile import xdomea
from clerk_app.efile.formats import Claims, Probe

# Without ZIP64, so that every tool reads it: offsets and sizes stay below 2 GiB, entries below 65,535.
LARGEST_BYTES = 2**31 - 2**20
MOST_FILES = 65_000
_PACKED = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "application/zip"})
_MESSAGE_SHARE = 4096  # bytes of XML a document may need, packed: generous


@dataclass(frozen=True)
class XdomeaPacker:
    """Implements ``usecases.ports.EFilePacker``. The limits are of the package as it is written."""

    largest_bytes: int = LARGEST_BYTES
    most_files: int = MOST_FILES

    @contextmanager
    def opened(self, sink: BinaryIO, handover: Handover) -> Iterator[XdomeaPackage]:
        """A package to be filled; the message is written when the block ends without an error."""
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, allowZip64=False) as archive:
            package = XdomeaPackage(archive, sink, handover, self)
            yield package
            package.finish()

    def name(self, handover: Handover) -> str:
        """The package's file name by the rule of the standard."""
        return f"{xdomea.package_name(handover.process_id)}.zip"


class XdomeaPackage:
    """One package while it is being written."""

    def __init__(
        self, archive: zipfile.ZipFile, sink: BinaryIO, handover: Handover, limits: XdomeaPacker
    ) -> None:
        self._limits = limits
        self._archive = archive
        self._sink = sink
        self._handover = handover
        self._message = _Spool()
        self._message.write(xdomea.head(handover))
        self._files = 0
        self._spoiled: ClerkError | None = None

    def add(self, case: FiledCase) -> int:
        """Adds a case; number of its documents.

        Every document is read once to the end before the first one is written: a case stands in the package
        whole or not at all. Raises ClerkError: what reading a document says, or EXPORT_TOO_LARGE.
        """
        documents = list(_all(case.documents))
        claims = {document.document_id: _claims(document) for document in documents}
        self._check_room(len(documents), sum(found.size_bytes for found in claims.values()))
        try:
            for document in documents:
                name = xdomea.document_file_name(document, claims[document.document_id])
                with self._archive.open(self._info(name, document.media_type), "w") as entry:
                    document.pour(cast("BinaryIO", entry))
        except ClerkError as error:  # it could be read a moment ago: half a case stands in the package now
            self._spoiled = error
            raise
        self._message.write(xdomea.case_element(case, self._handover.office, claims))
        self._files += len(documents)
        return len(documents)

    def finish(self) -> None:
        """Writes the message. Raises ClerkError when a document failed between its two readings."""
        if self._spoiled is not None:
            raise self._spoiled
        self._message.write(xdomea.tail())
        name = f"{xdomea.package_name(self._handover.process_id)}.xml"
        with self._archive.open(self._info(name, "application/xml"), "w") as entry:
            for piece in self._message.pieces():
                entry.write(piece)

    def _check_room(self, files: int, size_bytes: int) -> None:
        total, limits = self._files + files, self._limits
        expected_bytes = self._sink.tell() + size_bytes + total * _MESSAGE_SHARE
        if expected_bytes > limits.largest_bytes or total > limits.most_files:
            raise ClerkError(
                ErrorCode.EXPORT_TOO_LARGE,
                {"limit": f"{limits.largest_bytes // 10**6} MB", "count": limits.most_files},
                Disposition.ASK_CLERK,
            )

    def _info(self, name: str, media_type: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, _zip_time(self._handover.at))
        info.compress_type = zipfile.ZIP_STORED if media_type in _PACKED else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return info


def _all(documents: tuple[FiledDocument, ...]) -> Iterator[FiledDocument]:
    for document in documents:
        yield document
        yield from _all(document.enclosures)


def _claims(document: FiledDocument) -> Claims:
    probe = Probe()
    document.pour(cast("BinaryIO", probe))
    return probe.claims()


def _zip_time(at: datetime) -> tuple[int, int, int, int, int, int]:
    local = office_time(at)
    return (max(1980, local.year), local.month, local.day, local.hour, local.minute, local.second)


class _Spool:
    """The message while it grows: packed in memory, for it must come last and must not lie on a disk."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj()
        self._packed: list[bytes] = []

    def write(self, text: str) -> None:
        """Adds ``text``."""
        if piece := self._packer.compress(text.encode()):
            self._packed.append(piece)

    def pieces(self) -> Iterator[bytes]:
        """Everything written, piece by piece; afterwards nothing may be added."""
        self._packed.append(self._packer.flush())
        unpacker = zlib.decompressobj()
        for packed in self._packed:
            rest = packed
            while rest:
                yield unpacker.decompress(rest, 1 << 20)
                rest = unpacker.unconsumed_tail
        yield unpacker.flush()
