"""Settings under a policy: what the machine's admin has settled counts, whatever a person chose before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from clerk_app.ui.setting_rows import SETTINGS
from clerk_app.ui.settings import MemorySettings, WindowSettings


@dataclass(frozen=True)
class PolicyFacts:
    """The policy as the window is told of it; see ``system.policy.MachinePolicy``."""

    values: Mapping[str, object] = field(default_factory=dict)
    source: str = ""
    fault: str = ""
    unknown: tuple[str, ...] = ()
    changed_at: datetime | None = None


class PolicedSettings(MemorySettings):
    """Implements WindowSettings over a person's own settings."""

    def __init__(self, own: WindowSettings, policy: PolicyFacts) -> None:
        super().__init__()
        self._own, self.policy = own, policy
        known = {setting.name: [choice.value for choice in setting.choices()] for setting in SETTINGS}
        self._settled = {name: value for name, value in policy.values.items() if value in known.get(name, [])}
        #: Names in the policy that mean nothing, and values that are none.
        self.strange = (*policy.unknown, *(name for name in policy.values if name not in known))
        self.invalid = tuple(
            name for name, value in policy.values.items() if name in known and value not in known[name]
        )

    def get(self, name: str, default: object = None) -> object:
        """See WindowSettings."""
        return self._settled[name] if name in self._settled else self._own.get(name, default)

    def set(self, name: str, value: object) -> None:
        """See WindowSettings."""
        if name not in self._settled:
            self._own.set(name, value)

    def locked(self, name: str) -> str:
        """See WindowSettings."""
        return self.policy.source if name in self._settled else ""
