"""Hostile and honest files: the parent survives all of them and says what is the matter."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.preview.kinds import kind_of
from clerk_app.preview.renderer import Page, Renderer
from tests.preview.photo import HEIC

posix_only = pytest.mark.skipif(os.name != "posix", reason="POSIX measures")


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as made:
        yield made


def pdf(*texts: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for text in texts:
        canvas.bookmarkPage(text)
        canvas.addOutlineEntry(text, text)
        canvas.setFillColorRGB(1, 0, 0)
        canvas.rect(0, 421, 595, 421, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.drawString(72, 100, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_the_states_of_one_letter_share_a_child_and_nothing_else_does() -> None:
    with Renderer(kept=3) as made:
        states = [pdf(f"Stand {number}") for number in range(4)]
        pages = [made.page(state, "application/pdf", lineage="brief") for state in states]
        assert len(made._children) == 1
        first = next(iter(made._children.values()))
        assert first.documents == 4
        assert pages[3].rgba == made.page(states[3], "application/pdf", lineage="brief").rgba
        assert pages[0].rgba != pages[3].rgba
        made.page(pdf("Anlage"), "application/pdf")
        made.page(pdf("zweiter Brief"), "application/pdf", lineage="anderer")
        assert len({child.pid for child in made._children.values()}) == 3
        assert made.page(states[0], "application/pdf", lineage="brief").rgba == pages[0].rgba
        assert first.documents == 5


def test_a_letters_child_that_died_is_replaced() -> None:
    with Renderer() as made:
        made.page(pdf("1"), "application/pdf", lineage="brief")
        (child,) = made._children.values()
        os.kill(child.pid, signal.SIGKILL) if os.name == "posix" else child.end()
        child._process.wait()
        assert made.page(pdf("2"), "application/pdf", lineage="brief").page_count == 1


def image(form: str, size: tuple[int, int] = (40, 20), colour: str = "blue") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


def pdf_with_stream(stream: bytes, resources: bytes = b"<<>>") -> bytes:
    """A one-page PDF around a deflated content stream."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources " + resources + b">>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(stream) + stream + b"\nendstream",
    ]
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start)


def flate_bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    zeros = bytes(1_000_000)
    return b"".join([packer.compress(zeros) for _ in range(megabytes)]) + packer.flush()


def refusal(
    renderer: Renderer, content: bytes, media_type: str = "application/pdf"
) -> tuple[ErrorCode, object]:
    with pytest.raises(ClerkError) as caught:
        renderer.page(content, media_type)
    return caught.value.code, caught.value.params["reason"]


def pixel(page: Page, x: int, y: int) -> tuple[int, ...]:
    at = (y * page.width + x) * 4
    return tuple(page.rgba[at : at + 4])


def test_a_page_becomes_pixels(renderer: Renderer) -> None:
    page = renderer.page(pdf("eins", "zwei"), "application/pdf", 1, 420)
    assert (page.page_count, page.number) == (2, 1)
    assert (page.width, page.height) == (297, 420)
    assert len(page.rgba) == page.width * page.height * 4
    assert pixel(page, 5, 5) == (255, 0, 0, 255)
    assert pixel(page, 5, 415) == (255, 255, 255, 255)


def test_text_and_outline_of_a_pdf(renderer: Renderer) -> None:
    content = pdf("Grundriss", "Lageplan")
    assert [part.strip() for part in renderer.text(content).split("\f")] == ["Grundriss", "Lageplan"]
    assert [(entry.title, entry.page) for entry in renderer.outline(content)] == [
        ("Grundriss", 0),
        ("Lageplan", 1),
    ]
    assert renderer.page_count(content) == 2


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_images_become_pixels(renderer: Renderer, form: str) -> None:
    page = renderer.page(image(form, (400, 200)), "image/png", 0, 100)
    assert (page.width, page.height, page.page_count) == (100, 50, 1)
    red, green, blue, alpha = pixel(page, 50, 25)
    assert red < 10
    assert green < 10
    assert blue > 245
    assert alpha == 255
    assert renderer.text(image(form)) == ""


def test_the_frames_of_a_tiff_are_pages(renderer: Renderer) -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("white", "red")]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    page = renderer.page(out.getvalue(), "image/tiff", 1)
    assert page.page_count == 2
    assert pixel(page, 3, 3) == (255, 0, 0, 255)


def test_a_child_stays_warm_and_forgets_the_oldest_document() -> None:
    with Renderer(kept=2) as renderer:
        documents = [pdf(str(number)) for number in range(3)]
        renderer.page(documents[0], "application/pdf")
        first = renderer._children.copy()
        renderer.page(documents[0], "application/pdf", 0, 100)
        assert renderer._children == first
        for content in documents[1:]:
            renderer.page(content, "application/pdf")
        assert len(renderer._children) == 2
        assert not set(first) & set(renderer._children)
        assert not next(iter(first.values())).alive


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b"<!DOCTYPE html><html><body>hello</body></html>",
        b"PK\x03\x04" + bytes(200),
        b"GIF89a" + bytes(100),
        b"\x00\x00\x01\x00" + bytes(100),
        b"%!PS-Adobe-3.0",
        b"MZ" + bytes(500),
        b"just words",
        bytes(5000) + b"%PDF-1.7",
    ],
)
def test_other_formats_are_refused_whatever_they_are_called(renderer: Renderer, content: bytes) -> None:
    assert refusal(renderer, content, "image/png") == (ErrorCode.PREVIEW_REFUSED, "format")


def test_nothing_is_refused_as_empty(renderer: Renderer) -> None:
    assert refusal(renderer, b"") == (ErrorCode.PREVIEW_REFUSED, "empty")


def locked(text: str, password: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(text))) as document:
        document.save(out, encryption=pikepdf.Encryption(user=password, owner=password))
    return out.getvalue()


def test_an_encrypted_pdf_is_refused_until_its_password_is_given(renderer: Renderer) -> None:
    content = locked("secret", "Wörtchen")
    assert refusal(renderer, content) == (ErrorCode.PREVIEW_REFUSED, "encrypted")
    with pytest.raises(ClerkError) as caught:
        renderer.unlock(content, "falsch")
    assert caught.value.params["reason"] == "wrong-password"
    assert refusal(renderer, content) == (ErrorCode.PREVIEW_REFUSED, "encrypted"), "a wrong one is forgotten"
    renderer.unlock(content, "Wörtchen")
    assert renderer.page(content, "application/pdf").page_count == 1
    assert "secret" in renderer.text(content)
    for other in range(4):  # its child has long gone
        renderer.page(pdf(f"other {other}"), "application/pdf")
    assert "secret" in renderer.text(content)
    renderer.close()
    assert refusal(renderer, content) == (ErrorCode.PREVIEW_REFUSED, "encrypted")


def test_a_page_that_is_not_there_is_refused_and_the_document_stays_open(renderer: Renderer) -> None:
    content = pdf("only")
    for page in (1, -1, 10**9):
        with pytest.raises(ClerkError) as caught:
            renderer.page(content, "application/pdf", page)
        assert caught.value.params == {"reason": "no-such-page"}
    assert renderer.page(content, "application/pdf").page_count == 1


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_a_truncated_image_is_damaged(renderer: Renderer, form: str) -> None:
    whole = image(form, (300, 300))
    code, reason = refusal(renderer, whole[: len(whole) // 2])
    assert (code, reason) == (ErrorCode.PREVIEW_FAILED, "damaged")


def test_garbage_behind_a_good_mark_is_damaged(renderer: Renderer) -> None:
    for head in (b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\x00"):
        code, reason = refusal(renderer, head + bytes(range(256)) * 20)
        assert (code, reason) == (ErrorCode.PREVIEW_FAILED, "damaged")


def test_an_image_bomb_is_refused_before_it_is_unpacked(renderer: Renderer) -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return len(content).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = chunk(b"IHDR", (50_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00")
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", flate_bomb(20)) + chunk(b"IEND", b"")
    assert refusal(renderer, bomb) == (ErrorCode.PREVIEW_REFUSED, "too-large")


@posix_only
def test_a_flate_bomb_costs_a_child_and_no_more(renderer: Renderer) -> None:
    bomb = pdf_with_stream(zlib.compress(flate_bomb(900), 9))
    twice = bomb.replace(b"/Filter/FlateDecode", b"/Filter[/FlateDecode/FlateDecode]")
    assert len(twice) < 100_000
    code, reason = refusal(renderer, twice)
    assert code is ErrorCode.PREVIEW_FAILED
    assert reason in ("memory", "crashed", "timeout")
    assert renderer.page(pdf("still here"), "application/pdf").page_count == 1


def test_a_page_that_never_ends_is_cut_off() -> None:
    out = io.BytesIO()
    with pikepdf.new() as document:
        inner = document.make_stream(b"0 0 m 9 9 l S")
        for _ in range(9):  # each form draws the one below ten times: 10**9 strokes
            outer = document.make_stream(b"/F Do " * 10)
            for form in (inner, outer):
                form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
                form.BBox = pikepdf.Array([0, 0, 100, 100])
            outer.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
            inner = outer
        page = document.add_blank_page(page_size=(100, 100)).obj
        page.Contents = document.make_stream(b"/F Do")
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
        document.save(out)
    with Renderer(timeout_s=1.0) as renderer:
        assert refusal(renderer, out.getvalue()) == (ErrorCode.PREVIEW_FAILED, "timeout")
        renderer._timeout_s = 30.0
        assert renderer.page(pdf("next"), "application/pdf").page_count == 1


def test_far_too_many_pages_are_refused(renderer: Renderer) -> None:
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(2001):
            document.add_blank_page(page_size=(10, 10))
        document.save(out)
    assert refusal(renderer, out.getvalue()) == (ErrorCode.PREVIEW_REFUSED, "too-many-pages")


@posix_only
def test_a_killed_child_is_replaced(renderer: Renderer) -> None:
    content = pdf("again")
    renderer.page(content, "application/pdf")
    for child in renderer._children.values():
        os.kill(child.pid, signal.SIGKILL)
        child._process.wait()
    assert renderer.page(content, "application/pdf").page_count == 1


def test_control_characters_never_leave() -> None:
    with Renderer() as renderer:
        assert not set(renderer.text(pdf("ab\x07c\x1b[31m"))) & {"\x07", "\x1b"}


def test_closing_ends_every_child() -> None:
    renderer = Renderer()
    renderer.page(pdf("x"), "application/pdf")
    (child,) = renderer._children.values()
    renderer.close()
    assert not child.alive
    renderer.close()


PROBE = """
import socket, sys, os
from clerk_app.preview.confinement import confine, readable_folders
measures = confine()
done = []
def attempt(name, act):
    try:
        act()
        done.append(name)
    except BaseException:
        pass
attempt("write", lambda: open(sys.argv[1] + "/written", "w").write("x"))
attempt("append", lambda: open(sys.argv[1] + "/there", "a").write("x"))
attempt("read", lambda: open(sys.argv[1] + "/there").read())
attempt("remove", lambda: os.unlink(sys.argv[1] + "/there"))
attempt("connect", lambda: socket.create_connection(("127.0.0.1", int(sys.argv[2])), 5).close())
attempt("memory", lambda: len(bytearray(900_000_000)))
print(",".join(measures), ",".join(done))
"""


@posix_only
def test_the_child_really_cannot(tmp_path: Path) -> None:
    import socket
    import subprocess

    (tmp_path / "there").write_text("content")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        root = Path(__file__).parent.parent.parent
        result = subprocess.run(
            [sys.executable, "-c", PROBE, str(tmp_path), str(port)],
            capture_output=True,
            text=True,
            check=True,
            cwd=root,
        )
    measures, _, done = result.stdout.strip().partition(" ")
    succeeded = set(filter(None, done.split(",")))
    assert "limits" in measures
    assert not succeeded & {"write", "append", "memory"} - (
        {"write"} if "read-only" not in measures else set()
    )
    if "read-only" in measures:
        assert not succeeded & {"read", "remove"}
        assert (tmp_path / "there").read_text() == "content"
        assert not (tmp_path / "written").exists()
    if "no-network" in measures:
        assert "connect" not in succeeded


@posix_only
def test_what_holds_here_is_said(renderer: Renderer) -> None:
    assert "limits" in renderer.confinement
    with Renderer() as fresh:
        assert fresh.confinement == renderer.confinement


@posix_only
def test_a_bwrap_that_does_not_work_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with Renderer() as renderer:
        assert renderer.page(pdf("x"), "application/pdf").page_count == 1
        assert "bwrap" not in renderer.confinement


LIAR = """#!{python}
import json, struct, sys
def send(head, body=b""):
    text = json.dumps(head).encode()
    sys.stdout.buffer.write(struct.pack(">II", len(text), len(body)) + text + body)
    sys.stdout.buffer.flush()
send({{"confinement": []}})
answers = {answers!r}
for answer in answers:
    length = struct.unpack(">II", sys.stdin.buffer.read(8))
    sys.stdin.buffer.read(sum(length))
    send(*answer)
"""


@posix_only
@pytest.mark.parametrize(
    "answers",
    [
        [({"ok": True, "page_count": 10**9},)],
        [({"ok": True, "page_count": "many"},)],
        [({"ok": True, "page_count": 1},), ({"ok": True, "width": 10, "height": 10}, b"short")],
        [({"ok": True, "page_count": 1},), ({"ok": True, "width": -10, "height": -10}, b"x" * 400)],
        [({"ok": True, "page_count": 1},), ({"ok": True, "width": 10**6, "height": 1}, b"x" * 4_000_000)],
        [({"ok": True, "page_count": 1},), ({"ok": False, "reason": {"a": []}},)],
        [({"ok": "yes"},)],
        [],
    ],
)
def test_a_child_that_lies_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: list[object]
) -> None:
    liar = tmp_path / "bwrap"
    liar.write_text(LIAR.format(python=sys.executable, answers=answers))
    liar.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with Renderer(timeout_s=10) as renderer, pytest.raises(ClerkError) as caught:
        renderer.page(pdf("x"), "application/pdf")
    assert caught.value.code is ErrorCode.PREVIEW_FAILED


@given(st.binary(max_size=3000))
def test_only_known_marks_have_a_kind(content: bytes) -> None:
    found = kind_of(content)
    if found is None:
        assert not content.startswith((b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
    else:
        assert found in ("pdf", "image")


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=8))
@settings(max_examples=15, deadline=None)
def test_a_damaged_pdf_is_shown_or_refused(at: int, inserted: bytes) -> None:
    content = pdf("damaged")
    at %= len(content)
    with Renderer() as renderer:
        damaged = content[:at] + inserted + content[at + len(inserted) :]
        with contextlib.suppress(ClerkError):  # anything else would be a defect of the parent
            assert renderer.page(damaged, "application/pdf").page_count >= 1


def test_a_photo_of_a_telephone_is_shown(renderer: Renderer) -> None:
    assert kind_of(HEIC) == "photo"
    page = renderer.page(HEIC, "image/heic", max_px=96)
    assert (page.width, page.height, page.page_count) == (96, 64, 1)
    left, right = page.rgba[(32 * 96 + 8) * 4 :][:3], page.rgba[(32 * 96 + 88) * 4 :][:3]
    assert left[2] > 150 > left[0]
    assert right[0] > 150 > right[2]
    assert refusal(renderer, HEIC[:300]) == (ErrorCode.PREVIEW_FAILED, "damaged")
    film = HEIC.replace(b"ftypheic", b"ftyphevc", 1)
    assert refusal(renderer, film) == (ErrorCode.PREVIEW_REFUSED, "heic")


_PROBE = """
import sys, os, threading
sys.path.insert(0, sys.argv[1])
from clerk_app.preview import confinement
measures = confinement.confine()
assert confinement.NO_PROCESSES in measures, measures
ran = []
thread = threading.Thread(target=ran.append, args=(1,))
thread.start()
thread.join()
said = []
spawn = lambda: os.posix_spawn("/bin/true", ["true"], {})
for start in (os.fork, spawn, lambda: os.system("true") and 1 / 0):
    try:
        start()
    except (OSError, ZeroDivisionError):
        said.append("refused")
print(ran, said)
"""


@pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine != "x86_64", reason="a filter of Linux x86-64"
)
def test_the_child_may_start_threads_and_no_process() -> None:
    """Also for root, whom RLIMIT_NPROC does not bind."""
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run([sys.executable, "-c", _PROBE, root], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[1] ['refused', 'refused', 'refused']", done.stderr
