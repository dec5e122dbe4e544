"""The grammar of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from clerk_app.cli.backup import add_backup
from clerk_app.cli.county import add_county
from clerk_app.cli.data_key import add_key
from clerk_app.cli.forwarding import add_forwarding
from clerk_app.cli.gaps import add_gaps, add_request
from clerk_app.cli.packages import add_package
from clerk_app.cli.retention import add_retention
from clerk_app.cli.service import add_service
from clerk_app.cli.stand_in import add_stand_in
from clerk_app.cli.team import add_team
from clerk_app.cli.update import add_update
from clerk_app.cli.wording import add_wording_command
from clerk_app.cli.writing import add_letter, add_wording
from clerk_app.cli.wrong_usage import in_our_words
from clerk_app.domain.case import CaseStatus
from clerk_app.domain.case_dates import DateKind
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.statistics import Span
from clerk_app.texts import _

OUTBOX_ACTIONS = ("retry", "withdraw", "posted", "post", "nevertheless", "take-over", "compare", "print")


class _Parser(argparse.ArgumentParser):
    """Wrong usage becomes an error like every other: code first, one line, exit 2."""

    def error(self, message: str) -> NoReturn:
        raise ClerkError(
            ErrorCode.USAGE, {"message": in_our_words(message), "usage": self.format_usage().strip()}
        )


def _wrong(message: str) -> ClerkError:
    return ClerkError(ErrorCode.USAGE, {"message": message})


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Reads the command line. Global options may stand before or after the command.

    Raises ClerkError USAGE.
    """
    args, unknown = _parser().parse_known_args(list(argv))
    if unknown:
        raise ClerkError(
            ErrorCode.USAGE,
            {"message": _("unbekannt: {words}").format(words=" ".join(unknown)), "usage": "clerk-app --help"},
        )
    return args


def _parser() -> _Parser:
    everywhere = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    _add_globals(everywhere)
    parser = _Parser(prog="clerk-app", description=_("Amtsstube: Anträge prüfen, entscheiden, zustellen."))
    parser.add_argument("--version", action="store_true", help=_("Version nennen und beenden"))
    parser.set_defaults(home=None, profile=None, json=False, verbose=False, command=None)
    _add_globals(parser)
    commands = parser.add_subparsers(dest="command", metavar=_("BEFEHL"), parser_class=_Parser)

    def command(name: str, help_text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=help_text, description=help_text, parents=[everywhere])

    demo = command("demo", _("Übungsbüro: der ganze Weg vom Antrag zum zugestellten Bescheid"))
    demo.add_argument("--headless", action="store_true", help=_("ohne Fenster, jeden Schritt melden"))
    demo.add_argument("--team", action="store_true", help=_("zwei Arbeitsplätze und der Landkreis"))
    demo.add_argument("--keep", type=Path, metavar="DIR", help=_("Bilder, Bescheid und Prüfbericht ablegen"))

    sandbox = command("sandbox", _("Übungsportal starten (bis SIGTERM)"))
    sandbox.add_argument("--directory", type=Path, required=True, metavar="DIR")
    sandbox.add_argument("--port", type=_port, default=0)
    sandbox.add_argument("--applications", type=_count, default=0, metavar="N")
    sandbox.add_argument("--seed", type=int, default=1, metavar="N")
    sandbox.add_argument("--fault", action="append", default=[], metavar="NAME", dest="faults")
    sandbox.add_argument("--defective", type=_count, default=None, metavar="N")

    sync = command("sync", _("Abgleich mit den Portalen: erst senden, dann abholen"))
    sync.add_argument("--once", action="store_true", help=_("genau eine Runde"))

    cases = command("cases", _("Vorgänge auflisten, neueste zuerst"))
    cases.add_argument("--query", default="", metavar="TEXT", help=_("Suche, etwa: müller leistung:wohngeld"))
    cases.add_argument("--status", choices=[status.value for status in CaseStatus])
    cases.add_argument("--limit", type=_count, default=None, metavar="N")

    case = command("case", _("alles zu einem Vorgang"))
    case.add_argument("case", metavar="ID")

    related = command("related", _("Bezüge: gleiche Person, Anschrift oder Anlage in anderen Vorgängen"))
    related.add_argument("case", metavar="CASE", nargs="?")
    related.add_argument("--all", action="store_true", help=_("alle Paare, die doppelt sein könnten"))
    related.add_argument("--limit", type=_count, default=1000, metavar="N", help=_("mit --all: höchstens"))

    attachment = command("attachment", _("eine Anlage oder ein eigenes Dokument entschlüsselt ablegen"))
    attachment.add_argument("case", metavar="CASE")
    attachment.add_argument("attachment", metavar="ATTACHMENT")
    attachment.add_argument("--output", type=Path, required=True, metavar="PATH")

    add_gaps(command("gaps", _("was fehlt, angefordert und eingegangen ist; abhaken")))
    add_request(command("request-documents", _("Unterlagen nachfordern")), _date)

    decide = command("decide", _("entscheiden, signieren, in den Postausgang legen"))
    decide.add_argument("case", metavar="CASE")
    add_wording(decide)
    decide.add_argument("--sign", default=None, metavar="KEYREF", dest="key_reference")
    decide.add_argument("--output", type=Path, default=None, metavar="PATH")
    decide.add_argument("--now", action="store_true", help=_("ohne Rückholfrist"))

    add_letter(
        command("letter", _("Anhörung, Zwischennachricht, Abgabe, Eingang oder Mitteilung senden")), _date
    )

    add_forwarding(command, _date)

    _add_folder(command("folder", _("Unterschriftsmappe: viele Bescheide mit einer PIN")), everywhere)
    _add_review(command("review", _("Mitzeichnung nach dem Vier-Augen-Prinzip")), everywhere)

    outbox = command("outbox", _("Postausgang zeigen oder ändern"))
    outbox.add_argument("action", nargs="?", choices=list(OUTBOX_ACTIONS))
    outbox.add_argument("entry", nargs="?", metavar="ID")
    outbox.add_argument(
        "--on",
        type=_date,
        default=None,
        metavar="DATE",
        help=_(
            "posted: Tag, an dem das Schreiben zur Post ging (sonst heute); berichtigt einen schon "
            "vermerkten Tag"
        ),
    )
    outbox.add_argument(
        "--reason", default="", metavar="TEXT", help=_("take-over: warum dieser Arbeitsplatz übernimmt")
    )
    outbox.add_argument(
        "--output",
        type=Path,
        default=None,
        metavar="PATH",
        help=_("print: eine PDF-Datei zum Drucken; ohne ID alles, was zur Post soll"),
    )

    _add_dates(command)

    proof = command("proof", _("Zustellnachweis: ein Paket, das jeder ohne dieses Programm prüfen kann"))
    proof.add_argument("case", metavar="CASE")
    proof.add_argument("--output", type=Path, required=True, metavar="FILE")
    proof.add_argument(
        "--entry", default=None, metavar="ID", help=_("ein anderes Schreiben als der Bescheid (Postausgang)")
    )

    export = command("export", _("Vorgänge als E-Akte ausgeben (xdomea 3.0.0)"))
    export.add_argument("cases", nargs="*", metavar="CASE")
    export.add_argument("--xdomea", type=Path, required=True, metavar="FILE", help=_("Paket (ZIP)"))
    export.add_argument("--query", default="", metavar="TEXT", help=_("alle Vorgänge, die eine Suche findet"))
    export.add_argument("--status", choices=[status.value for status in CaseStatus])
    export.add_argument("--recipient", default="", metavar="TEXT", help=_("empfangende Stelle"))

    assign = command("assign", _("Vorgänge jemandem zuweisen"))
    assign.add_argument("cases", nargs="+", metavar="CASE")
    assign.add_argument("--reason", default="", metavar="TEXT", help=_("warum, etwa bei einer Übernahme"))
    whose = assign.add_mutually_exclusive_group(required=True)
    whose.add_argument("--to", metavar="NAME")
    whose.add_argument("--me", action="store_true", help=_("mir"))
    whose.add_argument("--nobody", action="store_true", help=_("niemandem"))

    inspection = command("inspection", _("Akteneinsicht: ein nummeriertes PDF mit Verzeichnis"))
    inspection.add_argument("case", metavar="CASE")
    inspection.add_argument(
        "--output", type=Path, default=None, metavar="FILE", help=_("ohne: nur auflisten")
    )
    inspection.add_argument(
        "--without", action="append", default=[], metavar="ID", help=_("ein Dokument nicht vorlegen")
    )
    inspection.add_argument("--recipient", default="", metavar="TEXT", help=_("wer Einsicht nimmt"))
    inspection.add_argument("--reason", default="", metavar="TEXT", help=_("Anlass"))

    printed = command("sheet", _("Vorgangsblatt als PDF"))
    printed.add_argument("case", metavar="CASE")
    printed.add_argument("--output", type=Path, required=True, metavar="FILE")

    figures = command("statistics", _("Auswertung: Eingänge, Dauer, Fristen; nie nach Personen"))
    figures.add_argument("--span", choices=[span.value for span in Span], default=Span.YEAR.value)
    figures.add_argument("--back", type=int, default=0, metavar="N", help=_("so viele Zeiträume zurück"))
    figures.add_argument("--service", default="", metavar="TEXT")
    figures.add_argument("--municipality", default="", metavar="TEXT")
    figures.add_argument("--csv", type=Path, default=None, metavar="FILE")
    figures.add_argument("--pdf", type=Path, default=None, metavar="FILE")

    reading = command("index", _("Anlagen für die Suche lesen"))
    reading.add_argument("--status", action="store_true", help=_("nur sagen, wie viele gelesen sind"))

    verify = command("verify", _("Bescheide prüfen: Signatur, Unversehrtheit, Zertifikat, PDF/A"))
    verify.add_argument("pdfs", nargs="+", type=Path, metavar="PDF")
    verify.add_argument(
        "--online",
        action="store_true",
        help=_("beim Aussteller nachfragen, ob ein Zertifikat gesperrt ist"),
    )
    verify.add_argument(
        "--trust",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help=_("Zertifikat einer Stelle, der vertraut wird (PEM oder DER)"),
    )

    add_wording_command(command("wording", _("Formulierungshilfe: Hinweise zu einem Text, wie im Fenster")))

    audit = command("audit", _("Protokoll prüfen"))
    audit.add_argument("action", choices=["verify"])

    add_county(_actions(command("county", _("Verteilung im Landkreis")), everywhere))
    add_stand_in(
        _actions(command("stand-in", _("Vertretung eintragen, beenden, nachsehen")), everywhere), _date
    )
    add_team(_actions(command("team", _("Team: Server, Arbeitsplätze, Schlüssel")), everywhere))

    add_backup(_actions(command("backup", _("Sicherung: schreiben, prüfen, zurücklegen")), everywhere))
    add_key(_actions(command("key", _("Datenschlüssel: Ort, Wiederherstellung, Wechsel")), everywhere))

    ended = command("retention", _("Aussonderung: Fristen, Anbietung an das Archiv, Vernichtung"))
    add_retention(_actions(ended, everywhere))

    doctor = command("doctor", _("Selbstprüfung: Datenbank, Schlüssel, Zertifikate, Uhr, Portal"))
    doctor.add_argument(
        "--begin-ledger",
        action="store_true",
        help=_("verlorenes Protokoll (ledger.db, keine Sicherung) neu beginnen, älteres übernehmen"),
    )
    doctor.add_argument(
        "--monitor",
        action="store_true",
        help=_("eine Zeile und Exit-Code 0, 1, 2 oder 3 für Überwachungssysteme"),
    )
    bundle = command("support-bundle", _("Support-Paket ohne Personendaten schreiben"))
    bundle.add_argument("file", type=Path, metavar="FILE", help=_("Ziel"))
    add_service(_actions(command("service", _("nachts von selbst abholen: systemd, Windows")), everywhere))
    updates = command("update", _("Aktualisierung: nachsehen, laden"))
    add_update(_actions(updates, everywhere))
    command("policy", _("Richtlinie dieses Rechners: was gilt, und wer es festgelegt hat"))
    packages = command(
        "package", _("Leistungspakete: prüfen, bauen, signieren, einspielen, proben, umstellen")
    )
    add_package(_actions(packages, everywhere), _count)
    return parser


def _add_dates(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Deadlines, reminders, entered days, the log of a day."""
    deadlines = command("deadlines", _("Fristen mit Rechenweg: eines Vorgangs, sonst die fälligen"))
    deadlines.add_argument("case", metavar="CASE", nargs="?")
    deadlines.add_argument(
        "--until",
        type=_date,
        default=None,
        metavar="DATE",
        help=_("fällig bis (sonst 14 Tage)"),
    )

    follow_up = command("follow-up", _("Wiedervorlage setzen"))
    follow_up.add_argument("case", metavar="CASE")
    follow_up.add_argument("--on", type=_date, required=True, metavar="DATE")
    follow_up.add_argument("--text", default="", metavar="TEXT")

    entered = command("date", _("Datum eintragen, ändern, streichen oder als erledigt vermerken"))
    entered.add_argument("case", metavar="CASE")
    act = entered.add_mutually_exclusive_group(required=True)
    act.add_argument("--kind", choices=[kind.value for kind in DateKind], help=_("eintragen"))
    act.add_argument("--remove", metavar="ID", help=_("streichen"))
    act.add_argument("--done", metavar="ID", help=_("als erledigt vermerken"))
    entered.add_argument("--on", type=_date, default=None, metavar="DATE")
    entered.add_argument("--text", default="", metavar="TEXT", help=_("Grund oder Vermerk"))
    entered.add_argument("--change", default=None, metavar="ID", help=_("dieses Datum ändern"))
    entered.add_argument(
        "--entry", default=None, metavar="ID", help=_("ein anderes Schreiben als der Bescheid")
    )

    dates = command("dates", _("Fristenbuch: was an einem Tag eingetragen oder geändert wurde"))
    dates.add_argument("--day", type=_date, default=None, metavar="DATE", help=_("sonst heute"))
    dates.add_argument("--output", type=Path, default=None, metavar="FILE", help=_("als PDF ablegen"))


def _add_folder(parser: argparse.ArgumentParser, everywhere: _Parser) -> None:
    action = _actions(parser, everywhere)
    action("list", _("zeigen, was auf eine Signatur wartet"))
    add = action("add", _("einen Bescheid hineinlegen"))
    add.add_argument("case", metavar="CASE")
    add_wording(add)
    seen = action("seen", _("einen Bescheid ansehen; ohne das wird er nicht signiert"))
    seen.add_argument("draft", metavar="ID")
    seen.add_argument("--output", type=Path, default=None, metavar="PATH", help=_("als PDF ablegen"))
    action("remove", _("herausnehmen; er ist wieder ein Entwurf")).add_argument("draft", metavar="ID")
    sign = action("sign", _("signieren und in den Postausgang legen; die PIN wird einmal gefragt"))
    sign.add_argument("drafts", nargs="*", metavar="ID")
    sign.add_argument("--all", action="store_true", help=_("alles, was in der Mappe liegt"))
    sign.add_argument("--sign", default=None, metavar="KEYREF", dest="key_reference")
    sign.add_argument("--now", action="store_true", help=_("ohne Rückholfrist"))


def _add_review(parser: argparse.ArgumentParser, everywhere: _Parser) -> None:
    action = _actions(parser, everywhere)
    action("list", _("zeigen, was auf eine Mitzeichnung wartet"))
    submit = action("submit", _("einen Bescheid zur Mitzeichnung geben"))
    submit.add_argument("case", metavar="CASE")
    add_wording(submit)
    action("release", _("freigeben; er liegt dann in der Unterschriftsmappe")).add_argument(
        "draft", metavar="ID"
    )
    send_back = action("return", _("ohne Freigabe zurückgeben"))
    send_back.add_argument("draft", metavar="ID")
    send_back.add_argument("--reason", required=True, metavar="TEXT")


def _actions(
    parser: argparse.ArgumentParser, everywhere: _Parser
) -> Callable[[str, str], argparse.ArgumentParser]:
    parser.set_defaults(action=None)
    actions = parser.add_subparsers(dest="action", metavar=_("BEFEHL"), parser_class=_Parser)
    return lambda name, words: actions.add_parser(name, help=words, description=words, parents=[everywhere])


def _add_globals(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--home", type=Path, metavar="DIR", help=_("Ablage dieses Büros"))
    parser.add_argument("--profile", type=Path, metavar="FILE", help=_("Profil der Behörde (TOML)"))
    parser.add_argument("--json", action="store_true", help=_("ein JSON-Dokument auf der Standardausgabe"))
    parser.add_argument("-v", "--verbose", action="store_true", help=_("mehr Einzelheiten"))


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(_("„{value}“ ist keine ganze Zahl ab 0").format(value=text))
    return int(text)


def _port(text: str) -> int:
    number = _count(text)
    if number > 65535:
        raise argparse.ArgumentTypeError(_("„{value}“ ist kein Port (0 bis 65535)").format(value=text))
    return number


def _date(text: str) -> date:
    """ISO (2026-12-31) or German (31.12.2026)."""
    try:
        if "." in text:
            day, month, year = text.split(".")
            return date(int(year), int(month), int(day))
        return date.fromisoformat(text)
    except ValueError as error:
        words = _("„{value}“ ist kein Datum (JJJJ-MM-TT oder TT.MM.JJJJ)").format(value=text)
        raise argparse.ArgumentTypeError(words) from error
