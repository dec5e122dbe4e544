"""Sealed files of cases: ``documents/<case>/``, each case under its own random key.

``case.key`` holds that key, wrapped under a key derived from the data key. Deleting a case is deleting this
one small file: everything else in the directory is noise from then on (CON.6.A12.4).
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import struct
import threading
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import AttachmentId, CaseId, DocumentId, SubmissionId
from clerk_app.store import sealed
from clerk_app.store.encoding import clean_text
from clerk_app.store.outbox_files import safe_name

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DEVICE = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)")  # Windows, whatever the suffix
_LONGEST_NAME = 200
CASE_KEY_NAME = "case.key"
_KEYS_KEPT = 1000
_LABEL_LENGTH = struct.Struct(">I")
_NAMESPACE = uuid.UUID("4bd1ee7c-5d1c-5a5e-9a38-0a1f6b0c2f57")


def attachment_document(submission_id: SubmissionId, attachment_id: AttachmentId) -> DocumentId:
    """The document id under which an attachment lies sealed as received: the same after every rebuild."""
    return DocumentId(str(uuid.uuid5(_NAMESPACE, f"{submission_id}/{attachment_id}")))


class Documents:
    """Implements ``usecases.ports.CaseDocuments``; safe to use from several threads."""

    def __init__(self, directory: Path, key: bytes) -> None:
        self._directory = directory
        self._key = key
        self._keys: dict[str, bytes] = {}
        self._lock = threading.Lock()
        self._scratch = directory / ".parts"
        sealed.private_directory(directory)
        sealed.private_directory(self._scratch)

    def keep(self, case_id: CaseId, content: bytes, label: str) -> DocumentId:
        """Seals ``content``; durable on return. ``label`` says what it is (``labels``) and is sealed too.

        Raises ClerkError DISK_FULL or HOME_NOT_WRITABLE.
        """
        document_id = DocumentId(str(uuid.uuid4()))
        named = clean_text(label).encode()
        self.seal(case_id, document_id, "document", [_LABEL_LENGTH.pack(len(named)) + named, content])
        return document_id

    def read(self, case_id: CaseId, document_id: DocumentId) -> bytes:
        """The content of ``keep``. Raises ClerkError DOCUMENT_MISSING or DOCUMENT_DAMAGED."""
        return self._labelled(case_id, document_id)[1]

    def label(self, case_id: CaseId, document_id: DocumentId) -> str:
        """The label of ``keep``. Raises as ``read``."""
        return self._labelled(case_id, document_id)[0]

    def labels(self, case_id: CaseId) -> dict[DocumentId, str]:
        """All kept documents of the case that can be read, with their labels."""
        found = {}
        for path in sorted(self.directory(case_id).glob("*.document")):
            document_id = DocumentId(path.stem)
            try:
                found[document_id] = self.label(case_id, document_id)
            except ClerkError:
                continue
        return found

    def write_attachment(
        self, case_id: CaseId, submission_id: SubmissionId, attachment_id: AttachmentId, sink: BinaryIO
    ) -> None:
        """Writes the attachment's JWE, exactly as received, to ``sink``. Raises as ``read``; then what is in
        ``sink`` must not be used."""
        document_id = attachment_document(submission_id, attachment_id)
        for chunk in self.unseal(case_id, document_id, "jwe"):
            sink.write(chunk)

    def seal(
        self, case_id: CaseId, name: str, kind: str, content: Iterable[bytes], *, sync_name: bool = True
    ) -> None:
        """Seals ``content`` as ``<name>.<kind>`` of the case; durable on return, unless ``sync_name`` leaves
        the names to ``sync_case`` and ``sync_root``."""
        key = self._case_key(case_id, create=True, sync_name=sync_name)
        path = self.path(case_id, name, kind)
        context = (kind, case_id, name)
        sealed.write(path, key, context, content, scratch=self._scratch, sync_name=sync_name)

    def sync_case(self, case_id: CaseId) -> None:
        """Makes the names of the case's files durable. Raises ClerkError HOME_NOT_WRITABLE."""
        try:
            sealed.sync_directory(self.directory(case_id))
        except OSError as error:
            raise sealed.disk_error(error) from error

    def sync_root(self) -> None:
        """Makes the directories of new cases durable. Raises as ``sync_case``."""
        try:
            sealed.sync_directory(self._directory)
        except OSError as error:
            raise sealed.disk_error(error) from error

    def unseal(self, case_id: CaseId, name: str, kind: str) -> Iterator[bytes]:
        """The content of ``seal``, chunk by chunk. Raises as ``sealed.stream``."""
        key = self._case_key(case_id, create=False)
        return sealed.stream(self.path(case_id, name, kind), key, (kind, case_id, name))

    def unseal_path(self, case_id: CaseId, path: Path, kind: str, name: str) -> Iterator[bytes]:
        """As ``unseal`` for a file that has been given another suffix since."""
        return sealed.stream(path, self._case_key(case_id, create=False), (kind, case_id, name))

    def exists(self, case_id: CaseId, name: str, kind: str) -> bool:
        """Whether such a file is there (it may still be damaged)."""
        return self.path(case_id, name, kind).is_file()

    def forget(self, case_id: CaseId) -> None:
        """Deletes the case: its key first, durably, then the unreadable rest as far as possible."""
        directory = self.directory(case_id)
        with self._lock:
            self._keys.pop(case_id, None)
            try:
                (directory / CASE_KEY_NAME).unlink(missing_ok=True)
                if directory.is_dir():
                    sealed.sync_directory(directory)
            except OSError as error:
                raise sealed.disk_error(error) from error
        shutil.rmtree(directory, ignore_errors=True)

    def any_case(self) -> bool:
        """Whether there is any case, without looking at all of them."""
        with os.scandir(self._directory) as found:
            return any((Path(entry.path) / CASE_KEY_NAME).is_file() for entry in found)

    def cases(self) -> Iterator[Path]:
        """The directories of all cases."""
        return (path for path in sorted(self._directory.iterdir()) if (path / CASE_KEY_NAME).is_file())

    def directory(self, case_id: CaseId) -> Path:
        """Where the case's files lie. Case ids come from outside: anything but a UUID is hashed first."""
        if _UUID.fullmatch(case_id):
            return self._directory / case_id
        return (
            self._directory / f"x{hashlib.sha256(case_id.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"
        )

    def path(self, case_id: CaseId, name: str, kind: str) -> Path:
        """The sealed file's path."""
        return self.directory(case_id) / f"{_file_name(name)}.{kind}"

    def opens(self, key_file: Path) -> bool:
        """Whether a case's key file opens: proof of the data key."""
        try:
            sealed.read(key_file, self._key, ("case-key", key_file.parent.name))
        except ClerkError:
            return False
        return True

    def sweep(self) -> None:
        """Removes parts of files a crash left behind."""
        sealed.sweep(self._scratch)

    def _labelled(self, case_id: CaseId, document_id: DocumentId) -> tuple[str, bytes]:
        content = b"".join(self.unseal(case_id, document_id, "document"))
        (length,) = _LABEL_LENGTH.unpack_from(content)
        start = _LABEL_LENGTH.size + length
        return content[_LABEL_LENGTH.size : start].decode(), content[start:]

    def _case_key(self, case_id: CaseId, *, create: bool, sync_name: bool = True) -> bytes:
        with self._lock:
            key = self._keys.get(case_id)
        if key is None:
            key = self._read_or_create(case_id, create=create, sync_name=sync_name)
            with self._lock:
                if len(self._keys) >= _KEYS_KEPT:
                    self._keys.clear()
                self._keys[case_id] = key
        return key

    def _read_or_create(self, case_id: CaseId, *, create: bool, sync_name: bool) -> bytes:
        directory = self.directory(case_id)
        path = directory / CASE_KEY_NAME
        context = ("case-key", case_id)
        if not path.exists():
            if not create:
                raise ClerkError(ErrorCode.DOCUMENT_MISSING, disposition=Disposition.GIVE_UP)
            sealed.private_directory(directory, sync_name=sync_name)
            made = secrets.token_bytes(32)
            if self._write_once(path, context, made, sync_name=sync_name):
                return made
        return sealed.read(path, self._key, context)

    def _write_once(self, path: Path, context: tuple[str, ...], content: bytes, *, sync_name: bool) -> bool:
        """Seals ``content`` unless somebody was faster (False): a case must never get a second key."""
        temporary = sealed.part_path(path, self._scratch)
        try:
            sealed.write_new(temporary, self._key, context, [content])
            try:
                if os.name == "nt":
                    temporary.rename(path)  # never replaces on Windows
                else:
                    os.link(temporary, path)
            except FileExistsError:
                return False
            finally:
                temporary.unlink(missing_ok=True)
            if sync_name:
                sealed.sync_directory(path.parent)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise sealed.disk_error(error) from error
        return True


def _file_name(name: str) -> str:
    """Ids are UUIDs; any other is hashed when a system would take it for something else than a name."""
    try:
        if name[:1] != "-" and len(name) <= _LONGEST_NAME and not _DEVICE.fullmatch(name):
            return safe_name(name)
        raise ValueError("not a name everywhere")
    except ValueError:
        return f"x{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"
