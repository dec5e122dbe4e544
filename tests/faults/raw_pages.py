"""Every page of an encrypted database, freed ones and those of its write-ahead log included, in plain sight
for whoever has the key: what SQLCipher 4 wrote, read without SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_PAGE, _RESERVE, _IV, _SALT = 4096, 80, 16, 16
_WAL_HEADER, _FRAME_HEADER = 32, 24


def pages(path: Path, key: bytes) -> Iterator[bytes]:
    """The plain content of every page and of every frame of the log."""
    content = path.read_bytes()
    for at in range(0, len(content), _PAGE):
        page = content[at : at + _PAGE]
        yield _plain(page, key, _SALT if at == 0 else 0)
    log = Path(f"{path}-wal")
    frames = log.read_bytes()[_WAL_HEADER:] if log.exists() else b""
    for at in range(0, len(frames), _FRAME_HEADER + _PAGE):
        number = int.from_bytes(frames[at : at + 4], "big")
        page = frames[at + _FRAME_HEADER : at + _FRAME_HEADER + _PAGE]
        if len(page) == _PAGE:
            yield _plain(page, key, _SALT if number == 1 else 0)


def _plain(page: bytes, key: bytes, skipped: int) -> bytes:
    vector = page[_PAGE - _RESERVE : _PAGE - _RESERVE + _IV]
    opened = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    return opened.update(page[skipped : _PAGE - _RESERVE]) + opened.finalize()
