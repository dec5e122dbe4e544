"""A profile under a policy: what is settled counts, what is forbidden is refused by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import ReviewPolicy
from clerk_app.domain.signature import SignatureLevel
from clerk_app.system.governed import governed
from clerk_app.system.policy import MachinePolicy, policy_of
from clerk_app.system.profile import Profile, parse_profile
from tests.system.test_profile import GOOD

SOURCE = "/etc/amtsstube/policy.toml"


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return parse_profile(GOOD.encode(), tmp_path / "profile.toml")


def says(**sections: dict[str, object]) -> MachinePolicy:
    found = policy_of(sections, SOURCE)
    assert not found.unknown
    assert not found.invalid
    return found


def test_what_is_settled_stands_over_the_profile(profile: Profile) -> None:
    policy = says(
        delivery={"take_back_s": 900},
        review={"four_eyes": "always"},
        signing={"level": "B-T", "pin_minutes": 10},
        network={"proxy": "http://proxy.example:3128", "ca_file": "/etc/ssl/office.pem"},
        retention={"least_years": 30},
    )
    found = governed(profile, policy)
    assert found.delivery.take_back_s == 900
    assert found.review.four_eyes is ReviewPolicy.ALWAYS
    assert found.signing.level is SignatureLevel.B_LTA, "the profile asks for more than the least"
    assert found.signing.pin_minutes == 10
    assert (found.network.proxy, found.network.ca_file) == (
        "http://proxy.example:3128",
        Path("/etc/ssl/office.pem"),
    )
    assert found.least_retention_years == 30
    assert governed(profile, MachinePolicy()) is profile


@pytest.mark.parametrize(
    ("policy", "key", "value"),
    [
        (says(office={"profile": "/etc/amtsstube/profile.toml"}), "office.profile", "profile.toml"),
        (
            says(office={"mailboxes": ["7a2c8d1e-0f34-4b56-9a78-bc90de12f345"]}),
            "office.mailboxes",
            "11111111-2222-4333-8444-555555555555",
        ),
        (says(secrets={"files": "none"}), "secrets.files", "mailbox.signing_key"),
        (says(secrets={"environment": False}), "secrets.environment", "mailbox.client_secret"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_what_is_forbidden_is_refused_by_name(
    profile: Profile, policy: MachinePolicy, key: str, value: str
) -> None:
    with pytest.raises(ClerkError) as caught:
        governed(profile, policy)
    assert caught.value.code is ErrorCode.POLICY_FORBIDS
    assert (caught.value.params["key"], caught.value.params["source"]) == (key, SOURCE)
    assert str(caught.value.params["value"]).endswith(value)


def test_key_files_may_stay_where_passwords_may_not(profile: Profile) -> None:
    only_keys = says(secrets={"files": "keys"})
    governed(profile, only_keys)
    mailbox = replace(profile.mailboxes[0], client_secret=profile.mailboxes[0].signing_key)
    with pytest.raises(ClerkError) as caught:
        governed(replace(profile, mailboxes=(mailbox,)), only_keys)
    assert caught.value.params["value"] == "mailbox.client_secret"


@pytest.mark.parametrize(("level", "needs"), [("B-T", "signing.timestamp_url"), ("B-LT", "signing.trust")])
def test_a_level_nobody_can_reach_is_said_at_once(profile: Profile, level: str, needs: str) -> None:
    signing = replace(
        profile.signing,
        level=SignatureLevel.B_B,
        timestamp_url=None if level == "B-T" else profile.signing.timestamp_url,
        trust=(),
    )
    with pytest.raises(ClerkError) as caught:
        governed(replace(profile, signing=signing), says(signing={"level": level}))
    assert (caught.value.code, caught.value.params["needs"]) == (ErrorCode.POLICY_UNMET, needs)


def test_an_exercise_is_free(profile: Profile) -> None:
    practice = replace(profile, practice=True)
    assert governed(practice, says(office={"profile": "/x"}, delivery={"take_back_s": 0})) is practice
