"""Sealed files open only whole, unchanged, in their place and under their key."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.store import sealed

KEY = bytes(32)
CONTEXT = ("document", "case-1", "doc-1")
CHUNK = sealed.CHUNK_BYTES
HEADER = 44


def seal(path: Path, content: bytes) -> bytearray:
    sealed.write(path, KEY, CONTEXT, [content])
    return bytearray(path.read_bytes())


def code_of(path: Path, key: bytes = KEY, context: tuple[str, ...] = CONTEXT) -> ErrorCode:
    with pytest.raises(ClerkError) as caught:
        sealed.read(path, key, context)
    return caught.value.code


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_content_comes_back(tmp_path: Path, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    seal(tmp_path / "a", content[:size])
    assert sealed.read(tmp_path / "a", KEY, CONTEXT) == content[:size]


def test_pieces_of_any_size_make_the_same_content(tmp_path: Path) -> None:
    pieces = [b"a" * 70_000, b"", b"b", b"c" * 200_000]
    sealed.write(tmp_path / "a", KEY, CONTEXT, iter(pieces))
    assert sealed.read(tmp_path / "a", KEY, CONTEXT) == b"".join(pieces)
    chunks = list(sealed.stream(tmp_path / "a", KEY, CONTEXT))
    assert max(map(len, chunks)) == CHUNK


@pytest.mark.parametrize("place", [0, 7, 9, 11, 20, HEADER - 1, HEADER, HEADER + CHUNK + 3, -1, -17])
def test_a_flipped_bit_is_noticed(tmp_path: Path, place: int) -> None:
    raw = seal(tmp_path / "a", b"x" * (2 * CHUNK))
    raw[place] ^= 1
    (tmp_path / "a").write_bytes(raw)
    assert code_of(tmp_path / "a") is ErrorCode.DOCUMENT_DAMAGED


@pytest.mark.parametrize("kept", [0, 10, HEADER, HEADER + 5, HEADER + CHUNK + 16, HEADER + CHUNK + 17])
def test_a_cut_off_end_is_noticed(tmp_path: Path, kept: int) -> None:
    raw = seal(tmp_path / "a", b"x" * (2 * CHUNK))
    (tmp_path / "a").write_bytes(raw[:kept])
    assert code_of(tmp_path / "a") is ErrorCode.DOCUMENT_DAMAGED


def test_swapped_repeated_and_added_chunks_are_noticed(tmp_path: Path) -> None:
    raw = bytes(seal(tmp_path / "a", b"x" * (3 * CHUNK)))
    size = CHUNK + 16
    header, first, second, third = (
        raw[:HEADER],
        *(raw[HEADER + n * size : HEADER + (n + 1) * size] for n in range(3)),
    )
    for forged in (
        header + second + first + third,
        header + first + first + second + third,
        header + first + third,
        raw + b"!",
        raw + third,
    ):
        (tmp_path / "a").write_bytes(forged)
        assert code_of(tmp_path / "a") is ErrorCode.DOCUMENT_DAMAGED


def test_a_file_opens_only_as_what_it_was_sealed_as(tmp_path: Path) -> None:
    seal(tmp_path / "a", b"secret")
    for context in (
        ("document", "case-2", "doc-1"),
        ("document", "case-1doc-1"),
        ("document", "case-1", "doc-1", ""),
    ):
        assert code_of(tmp_path / "a", context=context) is ErrorCode.DOCUMENT_DAMAGED
    assert code_of(tmp_path / "a", key=b"k" * 32) is ErrorCode.DOCUMENT_DAMAGED
    assert code_of(tmp_path / "absent") is ErrorCode.DOCUMENT_MISSING


def test_a_failed_write_leaves_the_old_content_and_nothing_else(tmp_path: Path) -> None:
    seal(tmp_path / "a", b"old")

    def failing() -> object:
        yield b"new"
        raise OSError(28, "no space")

    with pytest.raises(ClerkError) as caught:
        sealed.write(tmp_path / "a", KEY, CONTEXT, failing())  # type: ignore[arg-type]
    assert caught.value.code is ErrorCode.DISK_FULL
    assert sealed.read(tmp_path / "a", KEY, CONTEXT) == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_equal_content_never_looks_equal(tmp_path: Path) -> None:
    assert seal(tmp_path / "a", b"same" * 100)[HEADER:] != seal(tmp_path / "b", b"same" * 100)[HEADER:]


def test_only_old_unfinished_files_are_swept(tmp_path: Path) -> None:
    """Another process may be writing right now."""
    old, new, other = tmp_path / "a.part", tmp_path / "b.part", tmp_path / "c.sealed"
    for path in (old, new, other):
        path.write_bytes(b"x")
    for path in (old, other):
        os.utime(path, (0, 0))
    sealed.sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.part", "c.sealed"]
