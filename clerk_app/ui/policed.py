"""Settings under a policy: what the machine's admin has settled counts, whatever a person chose before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from clerk_app.ui.settings import MemorySettings, WindowSettings


@dataclass(frozen=True)
class PolicyFacts:
    """The window's part of the policy by the settings' names; its values have been looked at already."""

    values: Mapping[str, object] = field(default_factory=dict)
    source: str = ""
    changed_at: datetime | None = None


class PolicedSettings(MemorySettings):
    """Implements WindowSettings over a person's own settings."""

    def __init__(self, own: WindowSettings, policy: PolicyFacts) -> None:
        super().__init__()
        self._own, self.policy = own, policy
        self._settled = dict(policy.values)

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
