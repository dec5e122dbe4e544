"""Sealed files: AES-256-GCM in chunks, so that a large document is never whole in memory.

Layout: 8 bytes magic and version, 4 bytes chunk size, 32 bytes salt, then chunks of ciphertext with tag.
The key of a file is HKDF(key, salt, context); the nonce is the chunk's number and a flag for the last one
(the STREAM construction), so that chunks cannot be cut off, swapped, repeated or moved to another file.
``context`` names the purpose and the ids: a file opens only as what it was sealed as.
"""

from __future__ import annotations

import errno
import os
import secrets
import struct
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode

MAGIC = b"AMTSSLD1"
CHUNK_BYTES = 64 * 1024
PART_SUFFIX = ".part"
_SALT_BYTES = 32
_TAG_BYTES = 16
_HEADER_BYTES = len(MAGIC) + 4 + _SALT_BYTES
_MAX_CHUNK_BYTES = 16 * 1024 * 1024
_UNFINISHED_S = 3600.0
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def disk_error(error: OSError) -> ClerkError:
    """The ClerkError for a failed write. The message of an OSError holds paths and is not passed on."""
    code = ErrorCode.DISK_FULL if error.errno in _FULL else ErrorCode.HOME_NOT_WRITABLE
    return ClerkError(code, disposition=Disposition.ASK_CLERK)


def write(
    path: Path,
    key: bytes,
    context: Sequence[str],
    content: Iterable[bytes],
    *,
    scratch: Path | None = None,
    sync_name: bool = True,
) -> None:
    """Seals ``content`` into ``path``, replacing what was there; content and name are durable on return.

    Unfinished files lie in ``scratch`` (on the same volume; beside ``path`` by default). Without
    ``sync_name`` the name is durable only after the caller's ``sync_directory``: one for many files.
    Raises ClerkError DISK_FULL or HOME_NOT_WRITABLE; then ``path`` is as it was before.
    """
    temporary = part_path(path, scratch)
    try:
        write_new(temporary, key, context, content)
        temporary.replace(path)
        if sync_name:
            sync_directory(path.parent)
    except OSError as error:
        _discard(temporary)
        raise disk_error(error) from error
    except BaseException:
        _discard(temporary)
        raise


def part_path(path: Path, scratch: Path | None = None) -> Path:
    """A new name for the unfinished ``path``."""
    return (scratch or path.parent) / f"{path.name}.{secrets.token_hex(4)}{PART_SUFFIX}"


def write_new(path: Path, key: bytes, context: Sequence[str], content: Iterable[bytes]) -> None:
    """Seals ``content`` into a new file and syncs it; the caller gives it its name. Raises OSError."""
    header = MAGIC + struct.pack(">I", CHUNK_BYTES) + secrets.token_bytes(_SALT_BYTES)
    cipher = _cipher(key, header, context)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as sink:
        sink.write(header)
        for number, (chunk, last) in enumerate(_chunks(content)):
            sink.write(cipher.encrypt(_nonce(number, last), chunk, header))
        sink.flush()
        os.fsync(sink.fileno())


def read(path: Path, key: bytes, context: Sequence[str]) -> bytes:
    """The whole content. Raises as ``stream``."""
    return b"".join(stream(path, key, context))


def stream(path: Path, key: bytes, context: Sequence[str]) -> Iterator[bytes]:
    """The content chunk by chunk, each one authenticated before it is handed out.

    A consumer must not act on the content before the iterator ends: only the end proves it is complete.
    Raises ClerkError DOCUMENT_MISSING, or DOCUMENT_DAMAGED for any change to the file or a wrong key.
    """
    with _opened(path) as source:
        header = source.read(_HEADER_BYTES)
        if len(header) != _HEADER_BYTES or not header.startswith(MAGIC):
            raise _damaged()
        (size,) = struct.unpack_from(">I", header, len(MAGIC))
        if not 0 < size <= _MAX_CHUNK_BYTES:
            raise _damaged()
        cipher = _cipher(key, header, context)
        block = source.read(size + _TAG_BYTES)
        number = 0
        while True:
            following = source.read(size + _TAG_BYTES) if len(block) == size + _TAG_BYTES else b""
            try:
                yield cipher.decrypt(_nonce(number, not following), block, header)
            except (InvalidTag, ValueError) as error:
                raise _damaged() from error
            if not following:
                return
            block = following
            number += 1


def sync_directory(path: Path) -> None:
    """Makes renames in ``path`` durable. Windows has no such call; NTFS journals renames itself."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(directory: Path, pattern: str = f"*{PART_SUFFIX}") -> None:
    """Removes unfinished files in ``directory`` that a crash left behind: those nobody has touched for an
    hour, for another process may be writing right now."""
    oldest = time.time() - _UNFINISHED_S
    for path in directory.glob(pattern):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except OSError:
            continue


def private_directory(path: Path, *, sync_name: bool = True) -> None:
    """Creates ``path`` for the owner only. Raises ClerkError HOME_NOT_WRITABLE or DISK_FULL."""
    try:
        if not path.is_dir():
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if sync_name:
                sync_directory(path.parent)
    except OSError as error:
        raise disk_error(error) from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        source = path.open("rb")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ClerkError(ErrorCode.DOCUMENT_MISSING, disposition=Disposition.GIVE_UP) from error
    except OSError as error:
        raise _damaged() from error
    with source:
        try:
            yield source
        except OSError as error:  # a failing disk
            raise _damaged() from error


def _damaged() -> ClerkError:
    return ClerkError(ErrorCode.DOCUMENT_DAMAGED, disposition=Disposition.GIVE_UP)


def _cipher(key: bytes, header: bytes, context: Sequence[str]) -> AESGCM:
    salt = header[-_SALT_BYTES:]
    named = b"".join(struct.pack(">I", len(part)) + part for part in (text.encode() for text in context))
    return AESGCM(HKDF(SHA256(), 32, salt, b"amtsstube sealed v1|" + named).derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return bytes(3) + struct.pack(">Q?", number, last)


def _chunks(content: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """``content`` cut into chunks of equal size; the last one, possibly empty, is marked."""
    held = bytearray()
    for piece in content:
        held += piece
        while len(held) > CHUNK_BYTES:
            yield bytes(held[:CHUNK_BYTES]), False
            del held[:CHUNK_BYTES]
    yield bytes(held), True


def _discard(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # swept at the next start
