"""Tools for those who write service packages: ``package new|lint|build|sign|diff``. They need no office."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from clerk_app import __version__
from clerk_app.cli import exits
from clerk_app.cli.answer import Answer
from clerk_app.cli.output import visible
from clerk_app.cli.output_path import pour, write_whole
from clerk_app.cli.package_samples import sample_document, sample_lines, sample_runs
from clerk_app.cli.password import ask_password
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.package import PackageFault, PackageFaultyError, PackageVersion
from clerk_app.services.packages.archive import archive_name, build, mark_of
from clerk_app.services.packages.bench import opened
from clerk_app.services.packages.difference import difference
from clerk_app.services.packages.files import PackageFiles, read_package
from clerk_app.services.packages.lint import lint
from clerk_app.services.packages.packing import SIGNATURE
from clerk_app.services.packages.reading import manifest_of
from clerk_app.services.packages.signature import sign
from clerk_app.services.packages.skeleton import skeleton
from clerk_app.texts import _, ngettext
from clerk_app.texts.package_changes import change_line
from clerk_app.texts.package_faults import fault_sentence

_LARGEST_KEY_BYTES = 100_000


def lint_package(args: argparse.Namespace) -> Answer:
    """``package lint ORDNER|ZIP [--samples]``: exit 6 when there is a fault; hints alone are no fault."""
    faults = _faults(args.package)
    serious = [fault for fault in faults if not fault.warning]
    document: dict[str, object] = {
        "path": args.package.resolve(),
        "ok": not serious,
        "faults": [fault_document(fault) for fault in faults],
    }
    lines = [fault_line(fault) for fault in faults]
    if args.samples or args.verbose:
        runs = sample_runs(args.package)
        document["samples"] = [sample_document(run) for run in runs]
        lines = [*(line for run in runs for line in sample_lines(run)), *lines]
    if serious:
        lines.append(ngettext("{n} Fehler.", "{n} Fehler.", len(serious)).format(n=len(serious)))
    else:
        lines.append(_("{path}: in Ordnung.").format(path=args.package))
    return Answer(document, lines, exits.NOT_VERIFIED if serious else exits.DONE)


def new_package(args: argparse.Namespace) -> Answer:
    """``package new DIR --leika KEY --title TEXT``: nothing that is there already is touched."""
    folder: Path = args.folder
    title = " ".join(args.title.split())
    if not title or not re.fullmatch("99[0-9]{12}", args.leika, re.ASCII):
        words = _(
            "Verlangt sind ein Name der Leistung und ein LeiKa-Schlüssel: 14 Ziffern, beginnend mit 99."
        )
        raise ClerkError(ErrorCode.USAGE, {"message": words})
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            words = _("{path} ist kein leerer Ordner; angelegt wurde nichts.").format(path=folder)
            raise ClerkError(ErrorCode.USAGE, {"message": words})
        files = skeleton(args.leika, title, program_version())
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8", newline="\n")
    except OSError as error:
        params = {"path": str(folder), "reason": error.strerror or ""}
        raise ClerkError(ErrorCode.OUTPUT_NOT_WRITABLE, params) from error
    line = _("{path} angelegt. Weiter mit „clerk-app package lint {path}“.").format(path=folder)
    return Answer({"path": folder.resolve(), "files": sorted(files)}, [line])


def build_package(args: argparse.Namespace) -> Answer:
    """``package build ORDNER --output DIR``: a faulty package is not built."""
    faults = _faults(args.package)
    say_faults(faults, as_json=args.json)
    if any(not fault.warning for fault in faults):
        raise PackageFaultyError(faults, code=ErrorCode.PACKAGE_NOT_BUILT)
    files = read_package(args.package)
    manifest = manifest_of(files)
    folder: Path = args.output
    path = folder / archive_name(manifest)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        params = {"path": str(folder), "reason": error.strerror or ""}
        raise ClerkError(ErrorCode.OUTPUT_NOT_WRITABLE, params) from error
    archive = build(files)
    write_whole(path, partial(pour, archive))
    return _written(path, files, len(archive))


def sign_package(args: argparse.Namespace) -> Answer:
    """``package sign ZIP --key FILE [--output FILE]``: signs in place unless told otherwise."""
    archive = package_content(args.package)
    key = _key_of(args.key)
    try:
        signed = _signed(archive, key)
    except ClerkError as error:
        if error.code is not ErrorCode.SIGNING_KEY_UNSUITABLE:
            raise
        raise _unfit(args.key, "public" if _is_public(key) else str(error.params["reason"])) from error
    path: Path = args.output or args.package
    if path.is_dir():
        raise ClerkError(ErrorCode.USAGE, {"message": _("Signiert wird ein ZIP, kein Ordner.")})
    write_whole(path, partial(pour, signed))
    return _written(path, read_package(signed), len(signed))


def _signed(archive: bytes, key: bytes) -> bytes:
    try:
        return sign(archive, key)
    except ClerkError as error:
        if error.code is not ErrorCode.SIGNING_PASSWORD_NEEDED or (password := ask_password()) is None:
            raise
        return sign(archive, key, password.encode())


def _key_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_KEY_BYTES:
            raise _unfit(path, "not-pem")
        return path.read_bytes()
    except OSError as error:
        raise _unfit(path, "no-file" if isinstance(error, FileNotFoundError) else "unreadable") from error


def _is_public(key: bytes) -> bool:
    return b"PRIVATE KEY" not in key and (b"PUBLIC KEY" in key or b"CERTIFICATE" in key)


def _unfit(path: Path, reason: str) -> ClerkError:
    return ClerkError(ErrorCode.PACKAGE_KEY_UNFIT, {"path": str(path), "reason": reason})


def diff_packages(args: argparse.Namespace) -> Answer:
    """``package diff ALT NEU``: what differs, value by value."""
    changes = difference(opened(args.old), opened(args.new))
    document = {
        "old": args.old.resolve(),
        "new": args.new.resolve(),
        "changes": [
            {
                "part": change.part.value,
                "name": change.name,
                "kind": change.kind.value,
                "field": change.field,
                "before": change.before,
                "after": change.after,
                "of_base": change.of_base,
                "message": change_line(change),
            }
            for change in changes
        ],
    }
    return Answer(document, [change_line(change) for change in changes] or [_("Kein Unterschied.")])


def package_content(path: Path) -> bytes:
    """A package as bytes: a ZIP as it is, a folder built.

    Raises ClerkError PACKAGE_NOT_FOUND, PACKAGE_UNREADABLE, PACKAGE_FAULTY.
    """
    try:
        files = opened(path)  # refuses what is too large before it is read whole
        return build(files) if path.is_dir() else path.read_bytes()
    except OSError as error:
        raise ClerkError(
            ErrorCode.PACKAGE_UNREADABLE, {"path": str(path), "reason": error.strerror or ""}
        ) from error


def fault_line(fault: PackageFault) -> str:
    """``datei:zeile: Grund``, as editors jump to it."""
    place = fault.file if fault.line is None else f"{fault.file}:{fault.line}"
    text = fault_sentence(fault)
    return f"{place}: " + (_("Hinweis: {text}").format(text=text) if fault.warning else text)


def fault_document(fault: PackageFault) -> dict[str, object]:
    """One fault, for ``--json``."""
    return {
        "file": fault.file,
        "line": fault.line,
        "reason": fault.reason,
        "params": dict(fault.params),
        "message": fault_sentence(fault),
        "warning": fault.warning,
    }


def say_faults(faults: Sequence[PackageFault], *, as_json: bool) -> None:
    """All of them on the error stream, one per line, beside whatever the command answers."""
    if not as_json:
        for fault in faults:
            sys.stderr.write(visible(fault_line(fault)) + "\n")


def program_version() -> PackageVersion:
    """The version of this program, as packages name it."""
    return PackageVersion.parse(__version__)


def _faults(path: Path) -> tuple[PackageFault, ...]:
    """Raises ClerkError PACKAGE_NOT_FOUND."""
    if not path.exists():
        raise ClerkError(ErrorCode.PACKAGE_NOT_FOUND, {"path": str(path)})
    try:
        return lint(read_package(path), program_version())
    except PackageFaultyError as error:
        return error.faults


def _written(path: Path, files: PackageFiles, size: int) -> Answer:
    manifest = manifest_of(files)
    document = {
        "path": path.resolve(),
        "size": size,
        "package_id": manifest.package_id,
        "version": str(manifest.version),
        "sha256": mark_of(files, manifest).sha256,
        "signed": SIGNATURE in files,
    }
    words = (
        _("{path} signiert ({id} {version}).") if SIGNATURE in files else _("{path} gebaut ({id} {version}).")
    )
    line = words.format(path=path, id=manifest.package_id, version=manifest.version)
    return Answer(document, [line])


Tool = Callable[[argparse.Namespace], Answer]
TOOLS: dict[str, Tool] = {
    "new": new_package,
    "lint": lint_package,
    "build": build_package,
    "sign": sign_package,
    "diff": diff_packages,
}
