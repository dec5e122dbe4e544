"""Frames between parent and child: a length, a small JSON head, then the raw body it announces."""

from __future__ import annotations

import json
import struct
from typing import BinaryIO

_LENGTH = struct.Struct(">II")
LARGEST_HEAD_BYTES = 64 * 1024
LARGEST_DOCUMENT_BYTES = 200_000_000
LARGEST_ANSWER_BYTES = 300_000_000

Head = dict[str, object]


class PipeEndedError(Exception):
    """The other side closed the pipe or broke the frame."""


def write_frame(pipe: BinaryIO, head: Head, body: bytes | memoryview = b"") -> None:
    """Write one frame and flush it."""
    encoded = json.dumps(head).encode()
    pipe.write(_LENGTH.pack(len(encoded), len(body)))
    pipe.write(encoded)
    pipe.write(body)
    pipe.flush()


def read_frame(pipe: BinaryIO, largest_body_bytes: int) -> tuple[Head, bytes]:
    """Read one frame.

    :raises PipeEndedError: the pipe ended, or the frame is larger than allowed or not one at all
    """
    head_length, body_length = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    if head_length > LARGEST_HEAD_BYTES or body_length > largest_body_bytes:
        raise PipeEndedError("frame too large")
    try:
        head = json.loads(_exactly(pipe, head_length))
    except (ValueError, RecursionError) as error:
        raise PipeEndedError("not a frame") from error
    if not isinstance(head, dict):
        raise PipeEndedError("not a frame")
    return head, _exactly(pipe, body_length)


def _exactly(pipe: BinaryIO, length: int) -> bytes:
    content = pipe.read(length) if length else b""
    if len(content) != length:
        raise PipeEndedError("pipe ended")
    return content
