"""What is inside, as CycloneDX 1.6: every package with version, licence and the locked hashes."""

from __future__ import annotations

import json
import os
import re
import sys
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import Distribution
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "locks" / "runtime.txt"


def document(found: Sequence[Distribution], python: str = "") -> str:
    """The bill of materials as JSON; the same packages give the same text. ``python``: the version that is
    shipped, by default the one that builds."""
    python = python or sys.version.split()[0]
    hashes = locked_hashes(LOCK.read_text("utf-8"))
    components: list[dict[str, object]] = [
        {
            "type": "platform",
            "name": "CPython",
            "version": python,
            "licenses": [{"license": {"id": "PSF-2.0"}}],
            "purl": f"pkg:generic/cpython@{python}",
        }
    ]
    for each in found:
        name = re.sub(r"[-_.]+", "-", each.metadata["Name"]).lower()
        component: dict[str, object] = {
            "type": "library",
            "name": name,
            "version": each.version,
            "purl": f"pkg:pypi/{name}@{each.version}",
        }
        if expression := each.metadata.get("License-Expression"):
            component["licenses"] = [{"expression": expression}]
        if name in hashes:
            component["properties"] = [
                {"name": "amtsstube:locked-sha256", "value": value} for value in sorted(hashes[name])
            ]
        components.append(component)
    identity = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(components, sort_keys=True))
    at = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), UTC)
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{identity}",
        "version": 1,
        "metadata": {
            "timestamp": at.isoformat().replace("+00:00", "Z"),
            "component": {
                "type": "application",
                "name": "clerk-app",
                "licenses": [{"license": {"id": "EUPL-1.2"}}],
            },
        },
        "components": components,
    }
    return json.dumps(bill, indent=1, sort_keys=True) + "\n"


def locked_hashes(lock: str) -> dict[str, list[str]]:
    """The SHA-256 hashes a lock file allows, by package."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in lock.splitlines():
        if match := re.match(r"([A-Za-z0-9_.-]+)(\[[^]]*\])?==", line):
            name = re.sub(r"[-_.]+", "-", match[1]).lower()
        for digest in re.findall(r"--hash=sha256:([0-9a-f]{64})", line):
            found.setdefault(name, []).append(digest)
    return found
