"""The window's renderer protocol is the one of the preview room, with its real child process."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.preview.renderer import Renderer as PreviewRenderer
from clerk_app.ui.application import open_window
from clerk_app.ui.rendering import Renderer
from tests.ui.conftest import Pilot, shell_of
from tests.ui.fake_store import FakeOffice, case_id_of
from tests.ui.seeds import fill


def png() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (120, 80), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def real_pilot(qtbot: QtBot, qapp: QApplication, office: FakeOffice) -> Iterator[Pilot]:
    fill(office)
    seed = office.seeds[case_id_of(1)]
    office.contents[seed.attachments[0].attachment.attachment_id] = png()
    open_renderer: Callable[[], Renderer] = PreviewRenderer
    desk = open_window(replace(shell_of(office), open_renderer=open_renderer), qapp)
    desk.window.activateWindow()
    pilot = Pilot(qtbot, office, desk)
    pilot.calm()
    yield pilot
    desk.window.close()
    desk.bench.close()
    desk.window.deleteLater()
    QApplication.processEvents()


def test_a_picture_travels_from_the_child_to_the_screen(real_pilot: Pilot) -> None:
    desk = real_pilot.desk
    desk.open_case()
    pages = desk.review.viewer.pane.pages
    real_pilot.until(lambda: pages.shown)
    real_pilot.calm()
    image = pages.viewport().grab().toImage()
    centre = image.pixelColor(image.width() // 2, pages._rect(0).center().y())
    assert (centre.red(), centre.green(), centre.blue()) == (200, 30, 30)
    desk.review.viewer.step(1)
    real_pilot.calm()
    assert not pages.shown  # the fake documents are none: refused, said in words
    assert pages.page_count == 0
