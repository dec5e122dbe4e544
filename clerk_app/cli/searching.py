"""What the search knows of attachments (``index``), and what of a search was not understood."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from datetime import date

from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output import visible
from clerk_app.domain.attachment_text import TextCoverage
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.search_terms import parse
from clerk_app.texts import _, formats, ngettext
from clerk_app.texts.search_words import coverage_sentences, problem_sentence


def index(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``index [--status]``: reads attachments for the search, or says how many are read."""
    if args.status:
        with entrance.desk(options, writing=False) as desk:
            return _told(desk.reads.text_coverage())
    shown = sys.stderr.isatty()

    def say(coverage: TextCoverage) -> None:
        if shown:
            words = _("Noch {n} Anlagen").format(n=formats.number(coverage.wanted))
            print(f"\r{words}   ", end="", file=sys.stderr, flush=True)

    return _told(entrance.read_texts(options, say))


def tell_problems(text: str, today: date) -> None:
    """On the error stream: what of a search was not understood and is left out."""
    for problem in parse(text, today).problems:
        print(visible(problem_sentence(problem)), file=sys.stderr)


def refuse_problems(text: str, today: date) -> None:
    """A search that says something else than was meant must not choose what is handed out. Raises USAGE."""
    search = parse(text, today)
    if not search.usable:
        words = " ".join(problem_sentence(problem) for problem in search.problems)
        raise ClerkError(ErrorCode.USAGE, {"message": words, "usage": ""})


def _told(coverage: TextCoverage) -> Answer:
    read = ngettext("{n} Anlage ist durchsuchbar.", "{n} Anlagen sind durchsuchbar.", coverage.read).format(
        n=formats.number(coverage.read)
    )
    lines = [read, *coverage_sentences(coverage)]
    if coverage.refused:
        words = ngettext(
            "{n} Anlage lässt sich nicht sicher lesen.",
            "{n} Anlagen lassen sich nicht sicher lesen.",
            coverage.refused,
        )
        lines.append(words.format(n=formats.number(coverage.refused)))
    return Answer(asdict(coverage), lines)
