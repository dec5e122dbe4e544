"""``support-bundle``: what somebody who helps needs, without personal data."""

from __future__ import annotations

import argparse
from typing import BinaryIO

from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output_path import reserved
from clerk_app.texts import _


def support_bundle(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """Writes it, also when the office cannot be opened: that is when it is needed."""
    names: list[str] = []

    def fill(sink: BinaryIO) -> None:
        names.extend(entrance.support(options, sink))

    with reserved(args.file) as write:
        write(fill)
    lines = [
        _("Support-Paket geschrieben: {path}.").format(path=args.file),
        _("Darin: {names}.").format(names=", ".join(names)),
        _("Personendaten und Geheimnisse sind nicht enthalten."),
    ]
    return Answer({"path": str(args.file), "files": names}, lines)
