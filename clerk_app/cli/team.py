"""``team``: the office's team and its server; ``stand-in`` and taking over stand beside it."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable

from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.exits import CLERK_MUST_DECIDE, DONE, NOT_VERIFIED
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.texts import _
from clerk_app.texts.formats import moment
from clerk_app.usecases.teamwork import DesktopFacts, ServerCheck, TeamStatus

ROLES = ("clerk", "reviewer", "intake", "triage", "auditor")
Action = Callable[[str, str], argparse.ArgumentParser]


def add_team(action: Action) -> None:
    """The grammar of ``team``."""
    for name, words in (
        ("init", _("Team-Server einrichten und diese Dienststelle eintragen (Administration)")),
        ("upgrade", _("Team-Server auf den Stand dieses Programms bringen (Administration)")),
        ("check", _("Team-Server ganz prüfen: Stand, Lückenlosigkeit (Administration)")),
    ):
        admin = action(name, words)
        _admin(admin)
        if name == "init":
            admin.add_argument("--county", default="", metavar="ID", help=_("Landkreis der Dienststelle"))

    office = action("office", _("eine Dienststelle eintragen (Administration)"))
    _admin(office)
    office.add_argument("office", metavar="ID")
    office.add_argument("--ars", required=True, metavar="ARS")
    office.add_argument("--name", required=True, metavar="NAME")
    office.add_argument("--county", required=True, metavar="ID")

    member = action("member", _("eine Person in Dienststelle oder Landkreis eintragen (Administration)"))
    _admin(member)
    member.add_argument("member", metavar="LOGIN")
    member.add_argument("--place", default="", metavar="ID", help=_("Dienststelle oder Landkreis"))
    member.add_argument("--role", action="append", choices=ROLES, required=True, dest="roles")
    member.add_argument("--actor", default="", metavar="NAME", help=_("Name des Kontos am Arbeitsplatz"))
    member.add_argument(
        "--create", action="store_true", help=_("Anmeldung anlegen (Kennwort: CLERK_TEAM_PASSWORD)")
    )

    end = action("end-member", _("alle Rechte einer Person beenden (Administration)"))
    _admin(end)
    end.add_argument("member", metavar="LOGIN")

    join = action("join", _("mit diesem Arbeitsplatz dem Team beitreten"))
    join.add_argument("--label", default="", metavar="NAME", help=_("wie der Arbeitsplatz heißen soll"))
    admit = action("admit", _("den Arbeitsplatz einer Kollegin oder eines Kollegen zulassen"))
    admit.add_argument("desktop", metavar="ID|NAME")
    admit.add_argument("--fingerprint", required=True, metavar="HEX", help=_("wie am Telefon vorgelesen"))
    action("revoke", _("einen verlorenen Arbeitsplatz sperren und den Schlüssel wechseln")).add_argument(
        "desktop", metavar="ID|NAME"
    )
    action("rotate-key", _("den Schlüssel des Teams wechseln"))
    action("status", _("Arbeitsplätze und Stand des Austauschs"))


def _admin(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--login", required=True, metavar="NAME", help=_("Anmeldung der Administration"))


def team(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``team ACTION``."""
    if args.action is None:
        raise ClerkError(ErrorCode.USAGE, {"message": _("team: was soll geschehen?")})
    if args.action in _ADMINISTRATION:
        return _administer(entrance, options, args)
    with entrance.team(options) as desk:
        if args.action == "status":
            return _status(desk.status())
        if args.action == "join":
            return _joined(desk.join(args.label))
        if args.action == "admit":
            facts = desk.admit(args.desktop, args.fingerprint)
            line = _("„{label}“ ({actor}) ist zugelassen.").format(label=facts.label, actor=facts.actor)
            return Answer(_desktop(facts), [line])
        generation = desk.revoke(args.desktop) if args.action == "revoke" else desk.rotate_key()
    line = _("Schlüssel Nr. {generation} gilt ab jetzt.").format(generation=generation)
    return Answer({"generation": generation}, [line])


_ADMINISTRATION = frozenset({"init", "upgrade", "check", "office", "member", "end-member"})


def _administer(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    with entrance.team_admin(options, args.login, _admin_password) as (admin, own):
        if args.action == "check":
            return _checked(admin.check())
        if args.action == "office":
            admin.office(args.office, args.ars, args.name, args.county)
            return Answer({"office_id": args.office}, [_("Eingetragen: {name}").format(name=args.name)])
        if args.action == "member":
            admin.member(
                args.member,
                args.place or own.office_id,
                args.roles,
                args.actor or args.member,
                _new_password() if args.create else None,
            )
            return Answer({"login": args.member}, [_("Eingetragen: {name}").format(name=args.member)])
        if args.action == "end-member":
            count = admin.end_member(args.member)
            return Answer({"ended": count}, [_("Beendet: {count} Rechte.").format(count=count)])
        version = admin.upgrade()
        if args.action == "init":
            admin.office(own.office_id, own.ars, own.name, args.county or own.office_id)
    line = _("Team-Server bereit, Stand {version}.").format(version=version)
    return Answer({"schema": version}, [line])


def _admin_password() -> str:
    given = os.environ.get("PGPASSWORD")
    if given is None and sys.stdin is not None and sys.stdin.isatty():
        given = getpass.getpass(_("Kennwort der Administration: "))
    return given or ""


def _new_password() -> str:
    password = os.environ.get("CLERK_TEAM_PASSWORD", "")
    if len(password) < 12:
        words = _("CLERK_TEAM_PASSWORD fehlt oder hat weniger als 12 Zeichen")
        raise ClerkError(ErrorCode.USAGE, {"message": words}, Disposition.ASK_CLERK)
    return password


def _joined(facts: DesktopFacts) -> Answer:
    lines = [_("Beigetreten als „{label}“.").format(label=facts.label)]
    if facts.waits:
        lines.append(_("Fingerabdruck zum Vorlesen: {fingerprint}").format(fingerprint=facts.fingerprint))
        lines.append(_("Zulassen mit: clerk-app team admit {id}").format(id=facts.desktop_id[:8]))
    return Answer(_desktop(facts), lines)


def _desktop(facts: DesktopFacts) -> dict[str, object]:
    return {
        "desktop_id": facts.desktop_id,
        "label": facts.label,
        "actor": facts.actor,
        "fingerprint": facts.fingerprint,
        "joined_at": facts.joined_at,
        "admitted_at": facts.admitted_at,
        "revoked_at": facts.revoked_at,
        "ours": facts.ours,
    }


def _status(status: TeamStatus) -> Answer:
    document = {
        "office_id": status.office_id,
        "to_send": status.to_send,
        "read": status.read,
        "there": status.there,
        "generation": status.generation,
        "desktops": [_desktop(each) for each in status.desktops],
        "set_aside": [
            {"number": number, "author": author, "fault": fault} for number, author, fault in status.set_aside
        ],
    }
    lines = [
        _("Gelesen: {read} von {there} · noch zu senden: {to_send} · Schlüssel Nr. {generation}").format(
            read=status.read, there=status.there, to_send=status.to_send, generation=status.generation
        )
    ]
    lines.extend(_desktop_line(each) for each in status.desktops)
    if status.set_aside:
        lines.append(_("Nicht geglaubte Einträge: {count}").format(count=len(status.set_aside)))
    return Answer(document, lines, CLERK_MUST_DECIDE if status.set_aside else DONE)


def _desktop_line(facts: DesktopFacts) -> str:
    if facts.revoked_at is not None:
        state = _("gesperrt am {day}").format(day=moment(facts.revoked_at))
    elif facts.waits:
        state = _("wartet auf Zulassung, Fingerabdruck {fingerprint}").format(fingerprint=facts.fingerprint)
    else:
        state = _("dieser Arbeitsplatz") if facts.ours else _("zugelassen")
    return f"{facts.desktop_id[:8]}  {facts.label}  ({facts.actor})  {state}"


def _checked(found: ServerCheck) -> Answer:
    document = {
        "ok": found.ok,
        "server_version": found.server_version,
        "schema": {"found": found.schema_found, "known": found.schema_known},
        "encrypted": found.encrypted,
        "entries": found.entries,
        "chain_breaks": [{"office_id": office, "number": number} for office, number in found.chain_breaks],
    }
    lines = [
        _("PostgreSQL {version}, Stand {found} (bekannt: {known}), {count} Einträge.").format(
            version=found.server_version, found=found.schema_found, known=found.schema_known,
            count=found.entries,
        )
    ]  # fmt: skip
    lines.extend(
        _("Bruch in der Reihe von {office} bei Nr. {number}.").format(office=office, number=number)
        for office, number in found.chain_breaks
    )
    if found.chain_breaks:
        return Answer(document, lines, NOT_VERIFIED)
    return Answer(document, lines, DONE if found.ok else CLERK_MUST_DECIDE)
