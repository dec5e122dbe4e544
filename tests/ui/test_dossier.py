"""What a case page gathers, before any widget."""

from __future__ import annotations

import pytest

from clerk_app.domain.localized import Localized
from clerk_app.domain.service_package import CheckLevel, CheckResult
from clerk_app.ui.dossier import CheckLine


@pytest.mark.parametrize("level", list(CheckLevel))
def test_only_what_is_in_order_or_accepted_is_done(level: CheckLevel) -> None:
    line = CheckLine(CheckResult("chip", level, Localized({"de": "Chip"})))
    assert line.is_open is (level is not CheckLevel.OK)
    assert not CheckLine(line.result, accepted=True).is_open
