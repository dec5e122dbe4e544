"""PySide6 6.12.0 drops references to None or True on common calls; on Python 3.11 that ends the process."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QRect, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from clerk_app.ui.case_list_model import CaseListModel

CALLS = 1000


class Sender(QObject):
    plain = Signal()
    carrying = Signal(object)
    flag = Signal(bool)

    @Slot(object)
    def take(self, _value: object) -> None:
        return None


def drift(value: object, call: Callable[[], object]) -> float:
    call()
    before = sys.getrefcount(value)
    for _at in range(CALLS):
        call()
    return (sys.getrefcount(value) - before) / CALLS


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None and True are immortal from Python 3.12 on")
def test_no_call_the_window_lives_on_loses_references(qapp: QApplication) -> None:
    widget, words, sender = QWidget(), QLabel(), Sender()
    image = QImage(20, 20, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    box = QRect(0, 0, 10, 10)
    model = CaseListModel(lambda _ids: [], lambda row: row.applicant)
    sender.plain.connect(sender.take)
    sender.carrying.connect(sender.take)
    sender.flag.connect(sender.take)
    calls: dict[str, Callable[[], object]] = {
        "resize": lambda: widget.resize(10, 10),
        "setText": lambda: words.setText("a"),
        "setProperty": lambda: widget.setProperty("kind", "x"),
        "setPen": lambda: painter.setPen(QColor("red")),
        "drawText": lambda: painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "x"),
        "fillRect": lambda: painter.fillRect(box, QColor("red")),
        "save": painter.save,
        "restore": painter.restore,
        "carry None": lambda: sender.carrying.emit(None),
        "carry object": lambda: sender.carrying.emit([]),
        "flag": lambda: sender.flag.emit(True),
        "model": lambda: model.data(model.index(0, 0), Qt.ItemDataRole.DisplayRole),
        "events": QApplication.processEvents,
        "parent": widget.parent,
        "focus": QApplication.focusWidget,
        "accessible": lambda: widget.setAccessibleName("x"),
    }
    lost = {name: (drift(None, call), drift(True, call)) for name, call in calls.items()}
    painter.end()
    assert not {name: found for name, found in lost.items() if any(abs(value) > 0.1 for value in found)}
