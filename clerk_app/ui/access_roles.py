"""What assistive technology is told about parts for which Qt's own interface says nothing or does harm."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

_Role = QAccessible.Role
#: Our classes that Qt knows nothing of.
_OURS = {"PageView": _Role.Graphic, "BarChart": _Role.Chart, "HeatMap": _Role.Chart}
#: Qt's interface of a scroll area counts a scroll bar as a child only while it is shown, and looks a child up
#: without asking whether it is (still) there: a reader that asks for the bar just after it has gone ends the
#: program. ``QAccessibleWidget`` says the same and asks first.
_SCROLLING = {"QScrollArea": _Role.Client, "QAbstractScrollArea": _Role.Client}
_ROLES = _SCROLLING | _OURS


def install_roles() -> None:
    """Once in a process, before the first window."""
    if not _installed:
        QAccessible.installFactory(_interface)
        _installed.append(True)


def _interface(class_name: str, of: QObject) -> QAccessibleInterface | None:
    """Qt asks for every class a part is of, its own first; None leaves the answer to Qt."""
    role = _ROLES.get(class_name)
    if role is None or not isinstance(of, QWidget):
        return None
    return QAccessibleWidget(of, role)


_installed: list[bool] = []
