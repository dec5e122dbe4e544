"""Exit codes are a promise to scripts."""

from __future__ import annotations

import pytest

from clerk_app.cli import exits
from clerk_app.domain.errors import ClerkError, ErrorCode


def test_every_code_has_exactly_one_exit() -> None:
    placed = [code for codes in exits._BY_EXIT.values() for code in codes]

    assert sorted(placed) == sorted(ErrorCode), "each once"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (ErrorCode.USAGE, 2),
        (ErrorCode.PORTAL_UNREACHABLE, 3),
        (ErrorCode.SIGN_IN_FAILED, 4),
        (ErrorCode.CASE_ALREADY_DECIDED, 5),
        (ErrorCode.PREFLIGHT_FAILED, 5),
        (ErrorCode.SIGNATURE_INVALID, 6),
        (ErrorCode.LEDGER_DAMAGED, 6),
        (ErrorCode.INTERNAL, 1),
    ],
)
def test_the_promised_exits(code: ErrorCode, expected: int) -> None:
    assert exits.exit_code(ClerkError(code)) == expected
