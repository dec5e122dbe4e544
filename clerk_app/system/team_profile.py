"""The profile's section [team]: where the office's team meets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from clerk_app.domain.county import USUAL_RULES, PriorityRule
from clerk_app.system import profile_values as values
from clerk_app.system.profile_values import Section
from clerk_app.system.secrets import SecretReference


@dataclass(frozen=True)
class TeamProfile:
    """Team-Server: a PostgreSQL database. ``office_id``: the office's name there (by default its ARS).
    ``login`` None: the account's name. ``password`` None: Kerberos. ``plain``: no TLS, practice on this
    machine only. ``patience``: how long an absent server keeps this desktop from fetching alone.
    ``county_id``: the county's desk, not an office's. ``priorities``: how urgent cases are, as rules."""

    host: str
    port: int
    database: str
    office_id: str
    login: str | None
    password: SecretReference | None
    ca_file: Path | None
    plain: bool
    patience: timedelta
    county_id: str | None = None
    priorities: tuple[PriorityRule, ...] = USUAL_RULES


def read_team(root: Section, practice: bool) -> TeamProfile | None:
    """The section, or None without one. Raises ClerkError PROFILE_… ."""
    if not root.has("team"):
        return None
    section = root.section("team").only(
        "host",
        "port",
        "database",
        "office",
        "login",
        "password",
        "ca_file",
        "plain",
        "fetch_alone_after_h",
        "county",
        "priority",
    )
    host = section.text("host")
    plain = section.boolean("plain", default=False)
    if practice and host not in ("localhost", "127.0.0.1", "::1"):
        raise section.wrong("host", "practice_here")
    if plain and not practice:
        raise section.wrong("plain", "practice_only")
    ca_file = section.optional_text("ca_file")
    return TeamProfile(
        host=host,
        port=section.integer("port", 1, 65535, "port", default=5432),
        database=section.optional_text("database") or "amtsstube",
        office_id=section.optional_text("office")
        or root.section("authority").text("ars", check=values.is_ars, expected="ars"),
        login=section.optional_text("login") or None,
        password=section.secret("password", literal_allowed=practice) if section.has("password") else None,
        ca_file=root.path.parent / Path(ca_file).expanduser() if ca_file else None,
        plain=plain,
        patience=timedelta(hours=section.integer("fetch_alone_after_h", 1, 24 * 13, "hours", default=24)),
        county_id=section.optional_text("county") or None,
        priorities=_priorities(section),
    )


def _priorities(section: Section) -> tuple[PriorityRule, ...]:
    if not section.has("priority"):
        return USUAL_RULES
    rules = []
    for rule in section.sections("priority"):
        rule.only("points", "due_within_days", "older_than_days", "service", "unassigned")
        rules.append(
            PriorityRule(
                rule.integer("points", -1000, 1000, "points", default=0),
                _days(rule, "due_within_days"),
                _days(rule, "older_than_days"),
                rule.optional_text("service") or None,
                rule.boolean("unassigned", default=True) if rule.has("unassigned") else None,
            )
        )
    return tuple(rules)


def _days(rule: Section, key: str) -> int | None:
    return rule.integer(key, -3660, 3660, "days", default=0) if rule.has(key) else None
