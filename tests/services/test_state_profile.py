"""State profiles: what is wrong in one is named with file and entry; holidays of single municipalities."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from clerk_app.domain.deadlines import DispatchWay
from clerk_app.services.catalogue import CatalogueError, resources_folder
from clerk_app.services.state_profile import HolidayCalendar, load_state

CORPUS_CHRISTI = date(2026, 6, 4)
SAXONY = (resources_folder("states") / "sn.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("day = 4", "tag = 4", "notification 2 (VwVfG letter 2025-01-01): the n-th day counts from 1"),
        ("day = 3", "day = 3\ntag = 4", "notification 1 (VwVfG letter 1977-01-01): unknown keys ['tag']"),
        ('law = "VwVfG"', 'law = "VwVG"', "notification 1 (VwVG letter 1977-01-01): 'VwVG' is not a valid"),
        ("valid_from = 1977-01-01", "", "notification 1 (VwVfG letter): valid_from is missing"),
        ("1977-01-01", '"1977"', "notification 1 (VwVfG letter 1977): valid_from must be of type date"),
        ('kind = "objection"\nmonths = 1', 'kind = "objection"', "appeal 1 (objection): months is missing"),
        ("period_only = true", "", "appeal 5 (tax-action): text is missing"),
        ("[[fiction]]\nmonths = 3", "[[fiction]]\nmonths = 0", "fiction 1 (2008-12-18): a fiction needs"),
        ('fitConnect = "electronic"', 'fitConnect = "pigeon"', "ways: 'pigeon' is not a valid DispatchWay"),
        ("\n[ways]", "\n[wege]", "unknown or missing keys ['wege']"),
        ("\n[ways]", "\n[ways", "sn.toml: "),
    ],
)
def test_a_mistake_is_named_with_file_and_entry(tmp_path: Path, good: str, bad: str, said: str) -> None:
    assert good in SAXONY
    (tmp_path / "sn.toml").write_text(SAXONY.replace(good, bad, 1), "utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_state("SN", tmp_path)
    assert str(caught.value).startswith("sn.toml: ")
    assert said in str(caught.value)


@pytest.mark.parametrize("land", ["BW", "SN", "NW"])
def test_every_rule_says_where_it_comes_from(land: str) -> None:
    state = load_state(land)
    bases = [*(rule.basis for rule in state.notification), *(rule.basis for rule in state.appeals)]
    assert all(basis.startswith("§ ") for basis in bases)
    assert all(
        rule.uninstructed_months == 12 and rule.uninstructed_basis for rule in state.appeals if rule.months
    )
    assert state.fiction(date(2026, 1, 1)).assumed
    with pytest.raises(LookupError):
        state.fiction(date(2000, 1, 1))


def test_a_channel_is_a_way_of_dispatch() -> None:
    state = load_state("SN")
    assert state.way(None) is DispatchWay.LETTER
    assert state.way("idBundDeMailbox") is DispatchWay.MAILBOX
    assert state.way("fitConnect") is DispatchWay.ELECTRONIC
    assert state.way("eMail") is DispatchWay.ELECTRONIC


@pytest.mark.parametrize(
    ("land", "said", "name", "doubtful"),
    [
        ("SN", None, None, "Fronleichnam"),
        ("SN", True, "Fronleichnam", None),
        ("SN", False, None, None),
        ("TH", None, None, "Fronleichnam"),
        ("BW", None, "Fronleichnam", None),
        ("BW", False, "Fronleichnam", None),  # in the whole Land: not for a municipality to say
        ("BE", None, None, None),
        ("BE", True, None, None),
    ],
)
def test_corpus_christi(land: str, said: bool | None, name: str | None, doubtful: str | None) -> None:
    days = HolidayCalendar(land, corpus_christi=said)
    assert (days.holiday_name(CORPUS_CHRISTI), days.doubtful_name(CORPUS_CHRISTI)) == (name, doubtful)


def test_assumption_day_is_a_matter_of_its_own() -> None:
    on = date(2026, 8, 15)
    days = HolidayCalendar("BY", corpus_christi=True)
    assert (days.holiday_name(on), days.doubtful_name(on)) == (None, "Mariä Himmelfahrt")
    assert HolidayCalendar("BY", assumption_day=True).holiday_name(on) == "Mariä Himmelfahrt"
