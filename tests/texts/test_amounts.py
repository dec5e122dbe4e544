"""Amounts as people type them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.texts import catalogue
from clerk_app.texts.amounts import read_euros, written_euros


@pytest.fixture
def english() -> Iterator[None]:
    catalogue.set_language("en")
    yield
    catalogue.set_language("de")


@pytest.mark.parametrize(
    ("typed", "euros"),
    [
        ("12", "12.00"),
        ("12,5", "12.50"),
        ("12,50", "12.50"),
        (" 1.234,50 € ", "1234.50"),
        ("1234,50\u00a0EUR", "1234.50"),
        ("€ 3", "3.00"),
        ("0", "0.00"),
        ("1.234", "1234.00"),
        ("9.999.999,99", "9999999.99"),
    ],
)
def test_what_is_clearly_an_amount_is_read(typed: str, euros: str) -> None:
    assert read_euros(typed) == Decimal(euros)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "12.50", "1,234.50", "-3", "12,505", "1.23", "1.2345", "12,", ",5", "zwölf", "12€50", "1e3",
     "NaN", "10.000.000,00", "٣", "12 50 x", "1..234"],
)  # fmt: skip
def test_what_may_be_read_in_two_ways_is_not_read(typed: str) -> None:
    assert read_euros(typed) is None


@pytest.mark.usefixtures("english")
def test_english_turns_point_and_comma_round() -> None:
    assert read_euros("1,234.50") == Decimal("1234.50")
    assert read_euros("1.234,50") is None
    assert written_euros(Decimal("1234.5")) == "1,234.50"


@given(st.decimals(0, Decimal("9999999.99"), places=2))
def test_a_written_amount_is_read_back(euros: Decimal) -> None:
    assert read_euros(written_euros(euros)) == euros
