"""``doctor``: the self-check for people, for programs and for monitoring."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from enum import IntEnum

from clerk_app.cli import exits
from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import DoctorFinding, Entrance, GlobalOptions
from clerk_app.cli.sentences import doctor_sentence
from clerk_app.texts import _


class Severity(IntEnum):
    """How bad a finding is, and the exit code monitoring systems expect of a plugin (Monitoring Plugins
    Development Guidelines: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN)."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


#: What a person should see to, but nobody's work stands still for.
_WARNINGS = frozenset(
    {
        "POLICY_STRANGE", "POLICY_FAULT", "PARAMETERS_OUTDATED", "OWN_VALUES_UNKNOWN", "NEVER_SYNCED",
        "CACHE_DAMAGED", "PORTAL_UNREACHABLE", "PORTAL_SLOW", "PORTAL_DISTURBED", "PORTAL_NOT_ITSELF",
        "PROXY_SCRIPT_UNUSABLE", "UPDATE_UNREACHABLE", "UPDATE_UNTRUSTED", "UPDATE_AVAILABLE",
        "INSTANCE_RUNNING",
    }
)  # fmt: skip


def severity(finding: DoctorFinding) -> Severity:
    """What is not known to be harmless is critical."""
    if finding.code in _WARNINGS:
        return Severity.WARNING
    return Severity.OK if finding.ok else Severity.CRITICAL


def worst(findings: Sequence[DoctorFinding]) -> Severity:
    """Of all; UNKNOWN when nothing was looked at."""
    return max(map(severity, findings), default=Severity.UNKNOWN)


def doctor(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """Exit 5 when something needs a person; with ``--monitor`` the codes of ``Severity`` and one line."""
    findings = entrance.doctor(options, begin_ledger=args.begin_ledger)
    found = worst(findings)
    document = {
        "ok": all(finding.ok for finding in findings),
        "severity": found.name.lower(),
        "findings": [
            {
                "area": finding.area,
                "ok": finding.ok,
                "severity": severity(finding).name.lower(),
                "code": finding.code,
                "params": dict(finding.params),
                "text": doctor_sentence(finding),
            }
            for finding in findings
        ],
    }
    if args.monitor:
        bad = [finding for finding in findings if severity(finding) is found]
        said = " ".join(doctor_sentence(finding) for finding in bad) if found else _("alles in Ordnung")
        return Answer(document, [f"AMTSSTUBE {found.name} - {said}"], int(found))
    lines = [f"{'✓' if finding.ok else '✗'} {doctor_sentence(finding)}" for finding in findings]
    return Answer(document, lines, exits.DONE if document["ok"] else exits.CLERK_MUST_DECIDE)
