"""What is in force on this machine and why: policy before profile before the program's own default."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from clerk_app.domain.policy_state import PolicyLine, PolicyState
from clerk_app.system.policy import MachinePolicy, machine_policy
from clerk_app.system.policy_keys import KEYS
from clerk_app.system.profile import Profile
from clerk_app.ui.policed import PolicyFacts

#: What counts when nobody settles it. Keys that are not named are simply not limited.
_DEFAULTS: dict[str, object] = {
    "delivery.take_back_s": 60,
    "review.four_eyes": "services",
    "signing.level": "B-B",
    "signing.pin_minutes": 0,
    "secrets.files": "all",
    "secrets.environment": True,
    "logs.level": "info",
    "logs.keep_days": 90,
    "retention.least_years": 0,
    "updates.channel": "off",
    "window.theme": "system",
    "window.font_scale": 1.0,
    "window.language": "de",
    "window.single_keys": True,
    "window.start_area": "last",
    "window.tray": True,
    "window.lock_minutes": 10,
}


def policy_state(profile: Profile | None, policy: MachinePolicy | None = None) -> PolicyState:
    """Every key with its value and source. ``profile``: the office's, already under the policy, or None."""
    policy = machine_policy() if policy is None else policy
    free = profile is not None and profile.practice
    said = dict(_of_profile(profile)) if profile is not None else {}
    lines = []
    for key in KEYS:
        value, source = _DEFAULTS.get(key.name), "default"
        if key.name in said and said[key.name] != value:
            value, source = said[key.name], "profile"
        locked = key.name in policy.values and (key.practice or not free)
        if locked:
            settled = policy.values[key.name]
            # The policy sets the least level; a stricter profile or service package still counts.
            above = key.name == "signing.level" and source == "profile" and value != settled
            value, source = (value if above else settled), "policy"
        lines.append(PolicyLine(key.name, value, source, locked, key.unit))
    return PolicyState(
        tuple(lines),
        policy.source,
        policy.fault,
        policy.line,
        policy.unknown,
        policy.invalid,
        policy.changed_at,
        str(profile.path) if profile is not None else "",
    )


def window_policy() -> PolicyFacts:
    """The window's part."""
    policy = machine_policy()
    return PolicyFacts(policy.section("window"), policy.source, policy.changed_at)


def _of_profile(profile: Profile) -> Iterator[tuple[str, object]]:
    yield "office.profile", str(profile.path)
    yield "office.mailboxes", tuple(str(each.destination_id) for each in profile.mailboxes)
    yield "delivery.take_back_s", profile.delivery.take_back_s
    yield "review.four_eyes", profile.review.four_eyes.value
    yield "signing.level", profile.signing.level.value
    yield "signing.pin_minutes", profile.signing.pin_minutes
    if profile.network.proxy is not None:
        yield "network.proxy", _without_password(profile.network.proxy)
    if profile.network.pac is not None:
        yield "network.pac", profile.network.pac
    if profile.network.ca_file is not None:
        yield "network.ca_file", str(Path(profile.network.ca_file))


def _without_password(address: str) -> str:
    """An address as it may be shown."""
    scheme, mark, rest = address.partition("://")
    login, at, host = rest.rpartition("@")
    return f"{scheme}{mark}{'***@' if at and login else ''}{host}"
