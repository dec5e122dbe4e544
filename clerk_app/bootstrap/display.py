"""Whether a window can be shown here. Asked before Qt is: without a display Qt ends the process."""

from __future__ import annotations

import os
import platform

from clerk_app.domain.errors import ClerkError, ErrorCode

PLATFORM_VARIABLE = "QT_QPA_PLATFORM"
WITHOUT_DISPLAY = "offscreen"


def has_display() -> bool:
    """Whether a person would see a window."""
    chosen = os.environ.get(PLATFORM_VARIABLE)
    if chosen:
        return chosen not in (WITHOUT_DISPLAY, "minimal")
    if platform.system() != "Linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def require_platform() -> None:
    """Raises ClerkError NO_DISPLAY where Qt has nothing to draw on, not even in memory."""
    if not os.environ.get(PLATFORM_VARIABLE) and not has_display():
        raise ClerkError(ErrorCode.NO_DISPLAY)
