"""A machine's policy as the window is told of it: something settled, something strange."""

from __future__ import annotations

from clerk_app.domain.policy_state import PolicyLine, PolicyState
from tests.ui.fake_store import NOW

FILE = "/etc/amtsstube/policy.toml"
STATE = PolicyState(
    (
        PolicyLine("delivery.take_back_s", 300, "policy", locked=True, unit="s"),
        PolicyLine("review.four_eyes", "always", "profile", locked=False),
        PolicyLine("network.proxy", None, "default", locked=False),
        PolicyLine("window.theme", "dark", "policy", locked=True),
    ),
    FILE,
    unknown=("colour", "window.odd"),
    invalid=("window.font_scale",),
    changed_at=NOW,
    profile="/etc/amtsstube/profil.toml",
)
