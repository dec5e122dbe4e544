"""``wording``: looks through a text as the editor does."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.wording_hints import WordingHint
from clerk_app.texts import _
from clerk_app.texts.wording_words import hint_sentence
from clerk_app.usecases.case_work import resolve_case

_LARGEST_BYTES = 1_000_000


def add_wording_command(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("text", metavar="FILE", help=_("Textdatei, „-“ liest die Standardeingabe"))
    parser.add_argument("--case", default=None, metavar="CASE", help=_("mit den Texten dieser Leistung"))


def wording(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``wording FILE [--case CASE]``. Hints never fail: the exit code is 0 with and without any."""
    text = _read(args.text)
    with entrance.desk(options, writing=False) as desk:
        case_id = None if args.case is None else resolve_case(desk.reads, args.case)
        hints = desk.wording.hints(text, case_id)
    lines = [_line(text, hint) for hint in hints] or [_("Keine Hinweise.")]
    return Answer([_document(hint) for hint in hints], lines)


def _read(name: str) -> str:
    try:
        content = sys.stdin.buffer.read(_LARGEST_BYTES + 1) if name == "-" else Path(name).read_bytes()
        if len(content) > _LARGEST_BYTES:
            raise ValueError("too large")
        return content.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        words = _("„{path}“ ist keine lesbare Textdatei (UTF-8, höchstens 1 MB).").format(path=name)
        raise ClerkError(ErrorCode.USAGE, {"message": words, "usage": ""}) from error


def _line(text: str, hint: WordingHint) -> str:
    line = text.count("\n", 0, hint.start) + 1
    at = hint.start - (text.rfind("\n", 0, hint.start) + 1) + 1
    advice = "  → " + " / ".join(hint.suggestions) if hint.suggestions else ""
    return f"{line}:{at}: {hint_sentence(hint)}{advice}"


def _document(hint: WordingHint) -> dict[str, object]:
    return {
        "kind": hint.kind.value,
        "start": hint.start,
        "end": hint.end,
        "found": hint.found,
        "suggestions": list(hint.suggestions),
        "message": hint_sentence(hint),
    }
