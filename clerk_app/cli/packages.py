"""Service packages of an office: ``package install|list|rehearse|move``, and the tools for authors."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from clerk_app.cli import exits
from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output import error_body, table, visible
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.package import PackageFault, PackageFaultyError, PackageMark
from clerk_app.domain.rehearsal import CaseRehearsal, Rehearsal
from clerk_app.texts import _, language, ngettext
from clerk_app.texts.errors import sentence
from clerk_app.texts.formats import moment
from clerk_app.texts.package_words import rehearsal_lines, rehearsed_lines, source_label
from clerk_app.usecases.case_work import resolve_case
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.packages import MOST_REHEARSED, PackageExam, RunningPackage

_TOLD_BY_LINT = frozenset({ErrorCode.PACKAGE_FAULTY, ErrorCode.PACKAGE_INCOMPATIBLE})
AddAction = Callable[[str, str], argparse.ArgumentParser]


def add_package(action: AddAction, count: Callable[[str], int]) -> None:
    """The grammar of ``package``."""

    def with_package(name: str, words: str) -> argparse.ArgumentParser:
        parser = action(name, words)
        parser.add_argument("package", type=Path, metavar=_("PAKET"), help=_("Ordner oder ZIP"))
        return parser

    lint = with_package("lint", _("prüfen: Datei, Zeile, Grund"))
    lint.add_argument(
        "--samples", action="store_true", help=_("auch zeigen, was man bei jedem Beispiel sähe")
    )
    new = action("new", _("einen Ordner mit einem kleinen Paket anlegen, das ohne Fehler ist"))
    new.add_argument("folder", type=Path, metavar="DIR")
    new.add_argument("--leika", required=True, metavar="KEY", help=_("LeiKa-Schlüssel, 14 Ziffern"))
    new.add_argument("--title", required=True, metavar="TEXT", help=_("deutscher Name der Leistung"))
    build = with_package("build", _("bauen: gleicher Inhalt, gleiche Bytes"))
    build.add_argument("--output", type=Path, required=True, metavar="DIR")
    sign = with_package("sign", _("signieren (Ed25519)"))
    sign.add_argument("--key", type=Path, required=True, metavar="FILE", help=_("privater Schlüssel (PEM)"))
    sign.add_argument("--output", type=Path, default=None, metavar="FILE", help=_("sonst an Ort und Stelle"))
    diff = action("diff", _("Unterschiede zweier Fassungen in Worten"))
    diff.add_argument("old", type=Path, metavar=_("ALT"), help=_("Ordner oder ZIP"))
    diff.add_argument("new", type=Path, metavar=_("NEU"), help=_("Ordner oder ZIP"))
    install = with_package("install", _("einspielen; gilt für Vorgänge, die von jetzt an eingehen"))
    install.add_argument("--older", action="store_true", help=_("auch eine ältere Fassung als die geltende"))
    action("list", _("zeigen, was eingespielt ist und wie viele Vorgänge damit laufen"))
    rehearse = with_package("rehearse", _("Probe an den laufenden Vorgängen, ohne etwas zu ändern"))
    rehearse.add_argument(
        "--limit", type=count, default=MOST_REHEARSED, metavar="N", help=_("nur die neuesten N Vorgänge")
    )
    move = action("move", _("laufende Vorgänge auf eine andere Fassung umstellen"))
    move.add_argument("cases", nargs="*", metavar="CASE")
    move.add_argument("--all", action="store_true", help=_("alle, die nach einer älteren Fassung gehen"))
    move.add_argument("--to", default=None, metavar=_("VERSION"), help=_("sonst die geltende"))
    move.add_argument("--dry-run", action="store_true", help=_("nur zeigen, was sich ändern würde"))


def package(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``package new|lint|build|sign|diff|install|list|rehearse|move``."""
    if args.action is None:
        raise ClerkError(ErrorCode.USAGE, {"message": _("Es fehlt, was mit dem Paket geschehen soll.")})
    if args.action in ("install", "list", "rehearse", "move"):
        return _IN_OFFICE[args.action](entrance, options, args)
    from clerk_app.cli.package_tools import TOOLS

    return TOOLS[args.action](args)


def _install(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    from clerk_app.cli.package_tools import package_content, say_faults

    content = package_content(args.package)
    with entrance.desk(options, writing=True) as desk:
        try:
            exam = desk.packages.install(content, older_too=args.older)
        except ClerkError as error:
            if error.code in _TOLD_BY_LINT:
                say_faults(_all_faults(desk, content, error), as_json=args.json)
            raise
        say_faults(exam.faults, as_json=args.json)
        waiting = len(desk.versions.movable())
        return Answer(_exam_document(exam, waiting), _installed_lines(exam, waiting))


def _all_faults(desk: Desk, content: bytes, error: ClerkError) -> tuple[PackageFault, ...]:
    return error.faults if isinstance(error, PackageFaultyError) else desk.packages.examine(content).faults


def _exam_document(exam: PackageExam, waiting: int) -> dict[str, object]:
    from clerk_app.cli.package_tools import fault_document

    return {
        **mark_document(exam.mark),
        "title": str(exam.manifest.title),
        "leika_keys": exam.manifest.leika_keys,
        "signer": exam.signer,
        "replaces": None if exam.replaces is None else mark_document(exam.replaces.mark),
        "already_installed": exam.there,
        "hints": [fault_document(fault) for fault in exam.faults],
        "cases_on_older_versions": waiting,
    }


def _installed_lines(exam: PackageExam, waiting: int) -> list[str]:
    words = (
        _("{title} {version} ist schon eingespielt; geändert wurde nichts.")
        if exam.there
        else _("{title} {version} eingespielt. Die Fassung gilt für Vorgänge, die von jetzt an eingehen.")
    )
    lines = [words.format(title=exam.manifest.title, version=exam.mark.version)]
    if waiting and not exam.there:
        text = ngettext(
            "{n} laufender Vorgang geht nach einer älteren Fassung; „clerk-app package move“ stellt um.",
            "{n} laufende Vorgänge gehen nach einer älteren Fassung; „clerk-app package move“ stellt um.",
            waiting,
        )
        lines.append(text.format(n=waiting))
    return lines


def _list(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    with entrance.desk(options, writing=False) as desk:
        installed = desk.packages.installed()
        rows = [
            (
                line.package.title.text(language()),
                str(line.package.mark.version),
                _("gilt") if line.in_force else _("abgelöst"),
                str(line.cases),
                moment(line.package.at),
                source_label(line.package.source),
                "" if line.whole else _("fehlt!"),
            )
            for line in installed
        ]
        header = (
            _("Leistungspaket"), _("Fassung"), _("Stand"), _("Vorgänge"), _("Seit"), _("Herkunft"),
            _("Archiv"),
        )  # fmt: skip
        none = _("Noch ist nichts eingespielt; es gelten die mitgelieferten Leistungspakete.")
        return Answer(
            [_running_document(line) for line in installed], [table(rows, header) if rows else none]
        )


def _running_document(line: RunningPackage) -> dict[str, object]:
    found = line.package
    return {
        **mark_document(found.mark),
        "title": str(found.title),
        "leika_keys": found.leika_keys,
        "installed_at": found.at,
        "installed_by": found.actor,
        "source": found.source,
        "signer": found.signer,
        "in_force": line.in_force,
        "running_cases": line.cases,
        "archive_there": line.whole,
    }


def mark_document(mark: PackageMark) -> dict[str, object]:
    """Which package, exactly."""
    return {"id": mark.package_id, "version": str(mark.version), "sha256": mark.sha256}


def _rehearse(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    from clerk_app.cli.package_tools import package_content, say_faults

    content = package_content(args.package)
    with entrance.desk(options, writing=False) as desk:

        def tell(done: int, total: int, reference: str) -> None:
            if not args.json and total > 1:
                sys.stderr.write(f"{done + 1}/{total} {visible(reference)}\n")

        try:
            found = desk.packages.rehearse(content, args.limit, tell)
        except ClerkError as error:
            if error.code in _TOLD_BY_LINT:
                say_faults(_all_faults(desk, content, error), as_json=args.json)
            raise
        return Answer(_rehearsal_document(found), rehearsal_lines(found))


def _rehearsal_document(found: Rehearsal) -> dict[str, object]:
    return {
        "package": mark_document(found.mark),
        "open_cases": found.open_cases,
        "rehearsed": len(found.cases),
        "changed": len(found.changed),
        "totals": [
            {"area": area, "kind": kind, "count": count} for (area, kind), count in found.totals().items()
        ],
        "kept": [{"term": each.term, "name": each.name} for each in found.kept],
        "cases": [_case_document(case) for case in found.changed],
    }


def _case_document(case: CaseRehearsal) -> dict[str, object]:
    return {
        "case_id": case.case_id,
        "case_reference": case.case_reference,
        "goes_by": None if case.goes_by is None else mark_document(case.goes_by),
        "changes": [
            {
                "area": change.area,
                "key": change.key,
                "label": str(change.label),
                "kind": change.kind,
                "before": change.before or None,
                "after": change.after or None,
            }
            for change in case.changes
        ],
    }


def _move(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    if bool(args.cases) == args.all:
        raise ClerkError(ErrorCode.USAGE, {"message": _("Bitte entweder Vorgänge nennen oder --all.")})
    with entrance.desk(options, writing=not args.dry_run) as desk:
        wanted = [resolve_case(desk.reads, name) for name in dict.fromkeys(args.cases)]
        case_ids = desk.versions.movable() if args.all else tuple(wanted)
        if args.to is not None and not case_ids:
            desk.packages.any_version(args.to)
        targets = {case_id: _target(desk, case_id, args.to) for case_id in case_ids}
        if args.dry_run:
            previews = [desk.versions.preview_move(case_id, to) for case_id, to in targets.items()]
            return Answer(
                [_case_document(case) for case in previews],
                [line for case in previews for line in rehearsed_lines(case)]
                or [_("Kein laufender Vorgang geht nach einer älteren Fassung.")],
            )
        return _moved(desk, targets)


def _target(desk: Desk, case_id: CaseId, version: str | None) -> PackageMark | None:
    """The version a person named, of the package the case goes by."""
    if version is None:
        return None
    row = desk.reads.row(case_id)
    return desk.packages.version((row.leika_key if row is not None else None) or "", version).mark


def _moved(desk: Desk, targets: dict[CaseId, PackageMark | None]) -> Answer:
    moved: list[CaseId] = []
    refused: list[tuple[CaseId, ClerkError]] = []
    for to in dict.fromkeys(targets.values()):
        found = desk.versions.move([case_id for case_id, mark in targets.items() if mark == to], to)
        moved += found.moved
        refused += found.refused
    count = len(moved)
    lines = [ngettext("{n} Vorgang umgestellt.", "{n} Vorgänge umgestellt.", count).format(n=count)]
    lines += [sentence(error) for _case, error in refused]
    document = {
        "moved": [_moved_document(desk, case_id) for case_id in moved],
        "refused": [{"case_id": case_id, **error_body(error)} for case_id, error in refused],
    }
    return Answer(document, lines, exits.exit_code(refused[0][1]) if refused else exits.DONE)


def _moved_document(desk: Desk, case_id: CaseId) -> dict[str, object]:
    case = desk.reads.case_file(case_id)
    mark = None if case is None else case.moved_to
    reference = "" if case is None else case.row.case_reference
    package_ = None if mark is None else mark_document(mark)
    return {"case_id": case_id, "case_reference": reference, "package": package_}


_IN_OFFICE: dict[str, Callable[[Entrance, GlobalOptions, argparse.Namespace], Answer]] = {
    "install": _install,
    "list": _list,
    "rehearse": _rehearse,
    "move": _move,
}
