"""A keyring that keeps plain text in a file, as some do when nothing better is installed."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend


class PlaintextKeyring(KeyringBackend):
    """``$HOME/plain.json``."""

    priority = 20

    @property
    def _path(self) -> Path:
        return Path(os.environ["HOME"]) / "plain.json"

    def _all(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self._path.read_text()) if self._path.exists() else {}
        return found

    def get_password(self, service: str, username: str) -> str | None:
        return self._all().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._path.write_text(json.dumps(self._all() | {f"{service}/{username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        self._path.write_text(
            json.dumps({k: v for k, v in self._all().items() if k != f"{service}/{username}"})
        )
