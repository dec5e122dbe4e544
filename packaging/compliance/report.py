"""What can be said of everything that is shipped without asking a vulnerability database: versions, licences,
locked hashes, native libraries. Goes into every bundle as ``audit.md``.

    python packaging/compliance/report.py [--site FOLDER] [--python VERSION] > audit.md

Ends with 1 when a licence is forbidden (AGPL) or unknown, or a package has no locked hash.
"""

from __future__ import annotations

import argparse
import re
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bundle"))
from papers import NOT_SHIPPED, licence
from sbom import LOCK, locked_hashes

_FORBIDDEN = re.compile(r"(?i)\bAGPL|Affero")
_OWN = {"clerk-app"}


def report(found: list[Distribution], python: str) -> tuple[str, list[str]]:
    """The page, and what is wrong."""
    hashes = locked_hashes(LOCK.read_text("utf-8"))
    wrong: list[str] = []
    rows = []
    for each in found:
        name = re.sub(r"[-_.]+", "-", each.metadata["Name"]).lower()
        if name in _OWN or name in NOT_SHIPPED:
            continue
        named = licence(each)
        if _FORBIDDEN.search(named):
            wrong.append(f"{name}: {named}")
        if named == "unknown":
            wrong.append(f"{name}: no licence named")
        if not hashes.get(name):
            wrong.append(f"{name}: no locked hash")
        files = [str(file) for file in each.files or ()]
        native = sum(file.endswith((".so", ".pyd", ".dll")) or ".so." in file for file in files)
        rows.append(f"| {name} | {each.version} | {named} | {len(hashes.get(name, []))} | {native or ''} |")
    counted = (
        f"Python {python}, {len(rows)} Pakete, jedes mit Version und SHA-256 gesperrt "
        "(`packaging/locks/runtime.txt`), keines unter AGPL. Stückliste dazu: `sbom.cdx.json`."
    )
    unasked = (
        "**Bekannte Schwachstellen sind hier nicht abgefragt.** Das tut `packaging/compliance/audit.sh` "
        "dort, wo eine Schwachstellendatenbank erreichbar ist."
    )
    lines = [
        "# Prüfbericht der Bestandteile",
        "",
        counted,
        "",
        unasked,
        "",
        "| Paket | Version | Lizenz | gesperrte Hashes | eigene Bibliotheken |",
        "|---|---|---|---|---|",
        *rows,
        "",
    ]
    return "\n".join(lines), wrong


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path)
    parser.add_argument("--python", default=sys.version.split()[0])
    chosen = parser.parse_args()
    path = [str(chosen.site)] if chosen.site is not None else sys.path
    locked = locked_hashes(LOCK.read_text("utf-8"))
    unique = {each.metadata["Name"].lower(): each for each in distributions(path=path)}
    found = [
        each for name, each in sorted(unique.items()) if re.sub(r"[-_.]+", "-", name) in locked or chosen.site
    ]
    text, wrong = report(found, chosen.python)
    print(text)
    for each in wrong:
        print(each, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
