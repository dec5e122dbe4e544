"""Which version of a package a case goes by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.localized import Localized
from clerk_app.domain.package import InstalledPackage, PackageMark, PackageSource, PackageVersion
from clerk_app.domain.package_register import NO_PACKAGES, PackageRegister

DOG, CAT = "99102013104000", "99102013104001"
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def installed(
    version: str, day: int, *keys: str, package_id: str = "de.example.dog", digest: str = ""
) -> InstalledPackage:
    mark = PackageMark(package_id, PackageVersion.parse(version), digest or f"{version}-{package_id}")
    at = MONDAY + timedelta(days=day)
    return InstalledPackage(mark, Localized({"de": "Hund"}), keys or (DOG,), at, "clerk", PackageSource.FILE)


@pytest.mark.parametrize(
    ("day", "version"),
    [(-400, "1.0.0"), (0, "1.0.0"), (1, "1.0.0"), (2, "1.1.0"), (4, "1.1.0"), (5, "2.0.0"), (99, "2.0.0")],
)
def test_a_case_goes_by_what_was_in_force_when_it_arrived(day: int, version: str) -> None:
    register = PackageRegister((installed("1.0.0", 0), installed("1.1.0", 2), installed("2.0.0", 5)))
    found = register.in_force(DOG, MONDAY + timedelta(days=day))
    assert found is not None
    assert str(found.mark.version) == version


def test_nobody_serves_an_unknown_service() -> None:
    register = PackageRegister((installed("1.0.0", 0),))
    for key in (CAT, None, ""):
        assert register.in_force(key, MONDAY) is None
        assert register.newest(key) is None
    assert NO_PACKAGES.in_force(DOG, MONDAY) is None


def test_an_older_version_put_back_is_in_force_from_then_on() -> None:
    register = PackageRegister((installed("1.0.0", 0), installed("2.0.0", 1), installed("1.0.0", 2)))
    assert str(register.newest(DOG).mark.version) == "1.0.0"  # type: ignore[union-attr]
    assert str(register.in_force(DOG, MONDAY + timedelta(days=1)).mark.version) == "2.0.0"  # type: ignore[union-attr]


def test_a_service_left_out_later_stays_with_the_version_that_names_it() -> None:
    register = PackageRegister((installed("1.0.0", 0, DOG, CAT), installed("2.0.0", 1, DOG)))
    assert str(register.newest(CAT).mark.version) == "1.0.0"  # type: ignore[union-attr]
    assert [str(each.mark.version) for each in register.in_force_now()] == ["2.0.0", "1.0.0"]


def test_another_package_that_takes_a_service_over_is_in_force() -> None:
    other = installed("0.1.0", 3, package_id="de.example.other")
    register = PackageRegister((installed("1.0.0", 0), other))
    assert register.newest(DOG) == other
    assert register.latest("de.example.dog") == register.installed[0]
    assert register.version("de.example.other", PackageVersion(0, 1, 0)) == other
    assert register.version("de.example.other", PackageVersion(1, 0, 0)) is None


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12), st.integers(-5, 55), st.integers(0, 20))
def test_what_is_installed_later_never_changes_what_a_case_goes_by(
    days: list[int], arrived: int, later: int
) -> None:
    register = PackageRegister(
        tuple(installed(f"1.{number}.0", day) for number, day in enumerate(sorted(days)))
    )
    at = MONDAY + timedelta(days=arrived)
    after = max(arrived, *days) + 1 + later
    more = PackageRegister((*register.installed, installed("9.0.0", after)))
    assert more.in_force(DOG, at) == register.in_force(DOG, at)
