"""Pictures of screens: one other pixel is a difference, said so that a person can look and decide."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication, QLabel

from tests.ui.pictures import Album, picture


@pytest.fixture
def album(tmp_path: Path) -> Album:
    return Album(tmp_path / "accepted", tmp_path / "refused")


def test_the_same_picture_has_no_complaint(album: Album) -> None:
    shown = Image.effect_noise((40, 30), 60).convert("RGB")
    album.keep("noise", shown)
    assert album.complaint("noise", shown.copy()) is None
    assert not album.refused.exists()


def test_one_pixel_is_told_with_its_place(album: Album) -> None:
    shown = Image.new("RGB", (40, 30), "#102030")
    album.keep("plain", shown)
    other = shown.copy()
    other.putpixel((7, 9), (16, 32, 49))
    told = album.complaint("plain", other)
    assert told is not None
    assert told.startswith("plain: 1 pixels differ within (7, 9, 8, 10)")
    assert "CLERK_SNAPSHOTS=write" in told
    with Image.open(album.refused / "plain-differs.png") as marked:
        assert marked.convert("RGB").getpixel((7, 9)) == (255, 0, 0)
        assert marked.convert("RGB").getpixel((8, 9)) != (255, 0, 0)
    album.keep("plain", other)
    assert album.complaint("plain", other) is None


def test_another_size_and_a_missing_picture_are_told(album: Album) -> None:
    shown = Image.new("RGB", (40, 30))
    assert "no picture was accepted" in (album.complaint("new", shown) or "")
    album.keep("new", shown)
    assert "1230 pixels differ" in (album.complaint("new", Image.new("RGB", (41, 30))) or "")


def test_a_picture_nobody_wants_any_more_is_found(album: Album) -> None:
    for name in ("light-list", "light-gone"):
        album.keep(name, Image.new("RGB", (4, 4)))
    assert album.strays({"light-list"}) == ["light-gone"]
    album.drop(["light-gone"])
    assert album.strays({"light-list"}) == []


def test_a_widget_is_painted_twice_alike(qapp: QApplication) -> None:
    shown = QLabel("Grüße")
    shown.resize(61, 23)  # rows that are padded in memory
    first = picture(shown)
    assert first.size == (61, 23)
    assert first.tobytes() == picture(shown).tobytes()
    shown.setText("Grüsse")
    assert first.tobytes() != picture(shown).tobytes()
