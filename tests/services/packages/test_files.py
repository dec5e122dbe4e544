"""Hostile and clumsy packages: refused by name, whole ones read alike from a folder and from a ZIP."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.package import PackageFaultyError
from clerk_app.services.packages import files as limits
from clerk_app.services.packages.files import read_package

FILES = {
    "package.toml": b"format = 1\n",
    "form.toml": b"order = []\n",
    "samples/eins.json": b"{}",
    "schemas/form-1.0.schema.json": b"{}",
}


def zipped(
    files: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None] | None = None, method: int = 8
) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo("placeholder")
            entry.filename, entry.compress_type = name, method
            if change is not None:
                change(entry)
            archive.writestr(entry, content)
    return target.getvalue()


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def reasons(source: Path | bytes) -> list[tuple[str, int | None, str]]:
    with pytest.raises(PackageFaultyError) as caught:
        read_package(source)
    assert caught.value.code is ErrorCode.PACKAGE_FAULTY
    return [(fault.file, fault.line, fault.reason) for fault in caught.value.faults]


def test_folder_and_archive_give_the_same_files(tmp_path: Path) -> None:
    folder = written(tmp_path / "p", FILES)
    archive = tmp_path / "p.zip"
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        archive.write_bytes(zipped({**FILES, "samples/": b""}, method=method))
        assert dict(read_package(archive)) == dict(read_package(folder)) == FILES
    assert read_package(archive).text("package.toml") == "format = 1\n"
    assert list(read_package(folder)) == sorted(FILES)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../package.toml", "path-leads-out"),
        ("samples/../../x.json", "path-leads-out"),
        ("/etc/passwd", "path-leads-out"),
        ("C:/x.json", "path-leads-out"),
        ("samples\\x.json", "path-leads-out"),
        ("./form.toml", "path-leads-out"),
        ("samples//x.json", "path-leads-out"),
        ("samples/x.json/", "file-unknown"),
        ("code.py", "file-unknown"),
        ("samples/x.exe", "file-unknown"),
        ("samples/deep/x.json", "file-unknown"),
        ("schemas/.hidden.json", "file-unknown"),
        ("Package.toml", "file-twice"),
        ("SAMPLES/EINS.JSON", "file-twice"),
        ("prüfung.toml", "file-unknown"),
    ],
)
def test_an_archive_holds_nothing_but_a_package(name: str, reason: str) -> None:
    assert reasons(zipped({**FILES, name: b""})) == [(name, None, reason)]


def test_a_name_twice_is_refused() -> None:
    content = zipped({**FILES, "form.tomX": b"order = [1]\n"})
    assert reasons(content.replace(b"form.tomX", b"form.toml")) == [("form.toml", None, "file-twice")]


def _link(entry: zipfile.ZipInfo) -> None:
    if entry.filename == "form.toml":
        entry.create_system, entry.external_attr = 3, 0o120777 << 16


def test_a_link_is_refused(tmp_path: Path) -> None:
    assert reasons(zipped(FILES, _link)) == [("form.toml", None, "file-is-link")]
    folder = written(tmp_path / "p", {name: FILES[name] for name in FILES if name != "form.toml"})
    (folder / "form.toml").symlink_to("/etc/passwd")
    assert reasons(folder) == [("form.toml", None, "file-is-link")]


def test_an_encrypted_entry_is_refused() -> None:
    content = bytearray(zipped(FILES))
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(b"form.toml"))
    content[at + 8] |= 1
    assert reasons(bytes(content)) == [("form.toml", None, "file-encrypted")]


def test_an_unusual_compression_is_refused() -> None:
    found = reasons(zipped(FILES, method=zipfile.ZIP_LZMA))
    assert {reason for _file, _line, reason in found} == {"compression-unknown"}


def test_a_name_in_another_encoding_is_refused() -> None:
    content = zipped({**FILES, "ab.json": b"{}"})
    assert reasons(content.replace(b"ab.json", b"\xe4b.json"))[0][2] == "name-not-utf-8"


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped({**FILES, "lists.toml": b"#" * 50_000_000})
    assert len(bomb) < 100_000
    assert reasons(bomb) == [("lists.toml", None, "file-too-large")]
    monkeypatch.setattr(limits, "LARGEST_PACKAGE_BYTES", 3_000_000)
    several = {f"samples/{n}.json": b" " * 1_900_000 for n in range(3)}
    assert reasons(zipped({**FILES, **several})) == [("ZIP", None, "package-too-large")]


def test_a_size_the_header_lies_about_is_not_believed() -> None:
    content = bytearray(zipped({"lists.toml": b"#" * 5_000_000}))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.index(mark)
        content[at + offset : at + offset + 4] = struct.pack("<I", 10)
    assert reasons(bytes(content))[0][2] in ("file-too-large", "archive-damaged")


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    many = {f"samples/{n}.json": b"{}" for n in range(201)}
    assert reasons(zipped(many)) == [("ZIP", None, "too-many-files")]
    assert reasons(written(tmp_path / "p", many)) == [("p", None, "too-many-files")]
    more = {f"samples/{n}.json": b"{}" for n in range(20_000)}
    assert reasons(zipped(more, method=0)) == [("ZIP", None, "too-many-files")]


def test_a_large_file_in_a_folder_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path / "p", {**FILES, "lists.toml": b"#" * 2_000_001})
    assert reasons(folder) == [("lists.toml", None, "file-too-large")]


def test_only_an_archive_carries_its_base_and_signature(tmp_path: Path) -> None:
    folder = written(tmp_path / "p", {**FILES, "base.toml": b"", "signature.json": b"{}"})
    assert reasons(folder) == [
        ("base.toml", None, "file-only-in-archive"),
        ("signature.json", None, "file-only-in-archive"),
    ]


def test_every_unfit_file_of_a_folder_is_named(tmp_path: Path) -> None:
    folder = written(
        tmp_path / "p",
        {
            **FILES,
            "notes.txt": b"",
            "form.toml": b'a = "b"\nc = "\xe4"\n',
            "samples/x.txt": b"",
            ".git/config": b"",
        },
    )
    assert reasons(folder) == [
        (".git", None, "file-unknown"),
        (".git/config", None, "file-unknown"),
        ("form.toml", 2, "not-utf-8"),
        ("notes.txt", None, "file-unknown"),
        ("samples/x.txt", None, "file-unknown"),
    ]


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"not a zip", b"PK\x05\x06" + bytes(18), zipped(FILES)[:-30]]
)
def test_what_is_no_archive_is_told(content: bytes) -> None:
    if content.startswith(b"PK\x05\x06"):
        assert len(read_package(content)) == 0  # an empty archive: lint says what it lacks
    else:
        assert reasons(content) == [("ZIP", None, "archive-damaged")]


def test_a_flipped_byte_in_a_stored_file_is_noticed() -> None:
    content = zipped(FILES, method=0).replace(b"format = 1", b"format = 2", 1)
    assert reasons(content) == [("ZIP", None, "archive-damaged")]


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert reasons(tmp_path / "nothing") == [("nothing", None, "package-unreadable")]
