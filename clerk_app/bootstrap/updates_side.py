"""Where this machine looks for new versions: as its policy says, and nowhere without one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clerk_app import __version__
from clerk_app.bootstrap.portal_side import network_config
from clerk_app.cli.entrance import DoctorFinding, UpdateDesk
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.portal.update_calls import UpdateCalls
from clerk_app.system.clock import SystemClock
from clerk_app.system.paths import Home
from clerk_app.system.policy import MachinePolicy, machine_policy
from clerk_app.system.profile import NetworkProfile
from clerk_app.updates.channel import Channel

OFF = "off"


@contextmanager
def open_channel(home: Home, policy: MachinePolicy | None = None) -> Iterator[Channel]:
    """The channel of this machine's policy. Raises ClerkError UPDATE_OFF, KEY_FILE_INVALID."""
    policy = machine_policy() if policy is None else policy
    url, root = policy.text("updates.url"), policy.text("updates.root")
    if (policy.text("updates.channel") or OFF) == OFF or not url or not root:
        raise ClerkError(ErrorCode.UPDATE_OFF, {}, Disposition.ASK_CLERK)
    try:
        anchor = Path(root).expanduser().read_bytes()
    except OSError as error:
        params = {"path": root, "reason": error.strerror or ""}
        raise ClerkError(ErrorCode.KEY_FILE_INVALID, params, Disposition.ASK_CLERK) from error
    folder = home.root / "updates"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    calls = UpdateCalls(network_config(_way_out(policy), practice=False), folder, SystemClock().now)
    try:
        yield Channel(url, anchor, folder, calls)
    finally:
        calls.close()


@contextmanager
def open_updates(home: Home) -> Iterator[UpdateDesk]:
    """What is newest, and fetching it where the policy allows that. Raises ClerkError UPDATE_…"""
    policy = machine_policy()
    with open_channel(home, policy) as channel:
        newest = channel.newest()

        def download(into: Path) -> Path:
            if policy.text("updates.channel") != "download":
                params = {"key": "updates.channel", "value": "download", "source": policy.source}
                raise ClerkError(ErrorCode.POLICY_FORBIDS, params, Disposition.ASK_CLERK)
            return channel.download(newest, into)

        yield UpdateDesk(
            __version__, newest.version, newest.is_newer_than(__version__), newest.notes, download
        )


def update_finding(home: Home) -> DoctorFinding | None:
    """A line of the self-check, where the policy wants to be told at all."""
    try:
        with open_updates(home) as desk:
            code = "UPDATE_AVAILABLE" if desk.is_newer else "OK"
            params = {"detail": __version__, "newest": desk.newest}
            return DoctorFinding("updates", True, code, params)
    except ClerkError as error:
        if error.code is ErrorCode.UPDATE_OFF:
            return None
        return DoctorFinding("updates", False, error.code.value, error.params)


def _way_out(policy: MachinePolicy) -> NetworkProfile:
    """By policy alone: updates are the machine's affair, not an office's."""
    ca_file = policy.text("network.ca_file")
    return NetworkProfile(
        proxy=policy.text("network.proxy") or None,
        pac=policy.text("network.pac") or None,
        ca_file=Path(ca_file) if ca_file else None,
    )
