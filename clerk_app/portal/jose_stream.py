"""Opening large JWEs from a file in constant memory.

The authentication tag stands at the end. So the file is read twice: once to check the tag (and to compute the
plaintext's SHA-512), and only when it holds, once more to write. No unauthenticated byte is ever written.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from clerk_app.domain.errors import ErrorCode
from clerk_app.portal import jose
from clerk_app.portal.jose import JweRejectedError
from clerk_app.portal.keys import DecryptionKeys

CHUNK_CHARACTERS = 1 << 18  # a multiple of 4, so that each chunk decodes on its own
_LONGEST_START = jose.MAX_HEADER + 2731 + 16 + 3  # header, RSA-16384 key, IV and the dots between


@dataclass(frozen=True)
class Plaintext:
    """What was inside: lower-case hex SHA-512 and size in bytes."""

    sha512: str
    size_bytes: int


def inspect(body: bytes | Path, keys: DecryptionKeys, *, max_plain: int) -> Plaintext:
    """Checks that ``body`` opens and says what is inside. Raises JweRejectedError, OSError."""
    if isinstance(body, bytes):
        plain = jose.open_jwe(body, keys, max_plain=max_plain)
        return Plaintext(hashlib.sha512(plain).hexdigest(), len(plain))
    with _opened(body, keys, max_plain) as stream:
        return stream.check()


def plain_chunks(body: bytes | Path, keys: DecryptionKeys, *, max_plain: int) -> Iterator[bytes]:
    """The plaintext, piece by piece; the first piece comes only after the tag has been verified."""
    if isinstance(body, bytes):
        yield jose.open_jwe(body, keys, max_plain=max_plain)
        return
    with _opened(body, keys, max_plain) as stream:
        stream.check()
        yield from stream.chunks()


def write_plain(body: bytes | Path, keys: DecryptionKeys, sink: BinaryIO, *, max_plain: int) -> Plaintext:
    """Writes the plaintext to ``sink`` after the tag has been verified."""
    digest, size = hashlib.sha512(), 0
    for chunk in plain_chunks(body, keys, max_plain=max_plain):
        digest.update(chunk)
        size += len(chunk)
        sink.write(chunk)
    return Plaintext(digest.hexdigest(), size)


@contextmanager
def _opened(path: Path, keys: DecryptionKeys, max_plain: int) -> Iterator[_JweFile]:
    with path.open("rb", buffering=0) as stream:
        yield _JweFile(stream, keys, max_plain)


class _JweFile:
    """One compact JWE in an open file: where its segments lie, and the content key once found."""

    def __init__(self, stream: BinaryIO, keys: DecryptionKeys, max_plain: int) -> None:
        self._stream = stream
        self._max_plain = max_plain
        size = stream.seek(0, 2)
        if size > max_plain * 4 // 3 + 8192:
            raise JweRejectedError("too large")
        stream.seek(0)
        start = stream.read(_LONGEST_START + 1)
        parts = start.split(b".", 3)
        if len(parts) != 4:
            raise JweRejectedError("not a compact JWE")
        self._head, encrypted_key, iv_text, _ = parts
        self._header = jose.read_header(self._head)
        self._begin = len(self._head) + len(encrypted_key) + len(iv_text) + 3
        self._end = size - jose.TAG_CHARACTERS - 1
        if self._end < self._begin:
            raise JweRejectedError("tag length")
        stream.seek(self._end)
        tail = stream.read()
        if tail[:1] != b".":
            raise JweRejectedError("tag length")
        self._iv = jose.decode_segment(iv_text)
        self._tag = jose.decode_segment(tail[1:])
        jose.check_lengths(self._iv, self._tag)
        wrapped = jose.decode_segment(encrypted_key)
        tried = (jose.unwrap(wrapped, key) for key in keys.candidates(self._header.kid))
        content_key = next((found for found in tried if found is not None), None)
        if content_key is None:
            raise JweRejectedError("decrypt")
        self._content_key = content_key

    def check(self) -> Plaintext:
        """One pass over everything without keeping it."""
        digest, size = hashlib.sha512(), 0
        for chunk in self.chunks():
            digest.update(chunk)
            size += len(chunk)
        return Plaintext(digest.hexdigest(), size)

    def chunks(self) -> Iterator[bytes]:
        """Plaintext as it comes; unauthenticated until the generator has ended without an error."""
        decrypted = self._decrypted()
        return self._inflated(decrypted) if self._header.zipped else self._bounded(decrypted)

    def _decrypted(self) -> Iterator[bytes]:
        cipher = Cipher(algorithms.AES(self._content_key), modes.GCM(self._iv))
        decryptor = cipher.decryptor()
        decryptor.authenticate_additional_data(self._head)
        self._stream.seek(self._begin)
        left = self._end - self._begin
        carried = b""
        while left > 0:
            piece = self._stream.read(min(CHUNK_CHARACTERS, left))
            if not piece:
                raise JweRejectedError("truncated")
            left -= len(piece)
            text = carried + piece if carried else piece
            whole = len(text) if left == 0 else len(text) & ~3
            carried = text[whole:]
            yield decryptor.update(jose.decode_segment(text[:whole]))
        try:
            decryptor.finalize_with_tag(self._tag)
        except InvalidTag:
            raise JweRejectedError("decrypt") from None

    def _bounded(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        size = 0
        for chunk in chunks:
            size += len(chunk)
            if size > self._max_plain:
                raise JweRejectedError("too large")
            yield chunk

    def _inflated(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        limit = jose.inflate_limit((self._end - self._begin) * 3 // 4, self._max_plain)
        inflater = zlib.decompressobj(-15)
        size = 0
        for chunk in chunks:
            for plain in _inflate_piece(inflater, chunk):
                size += len(plain)
                if size > limit:
                    raise JweRejectedError("inflate: too large", ErrorCode.DECOMPRESSION_BOMB)
                yield plain
        if not inflater.eof:
            raise JweRejectedError("inflate: truncated")


def _inflate_piece(inflater: zlib._Decompress, piece: bytes) -> Iterator[bytes]:
    """What ``piece`` inflates to, in bounded portions; zlib may hold more back than a portion."""
    while True:
        if inflater.eof:
            if piece or inflater.unused_data:
                raise JweRejectedError("inflate: trailing bytes")
            return
        try:
            plain = inflater.decompress(piece, CHUNK_CHARACTERS)
        except zlib.error:
            raise JweRejectedError("inflate") from None
        piece = inflater.unconsumed_tail
        if plain:
            yield plain
        elif not piece and not inflater.eof:
            return
