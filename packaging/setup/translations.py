"""Extract, update, compile and check the gettext catalogues (source language German).

Without arguments: update ``translations/<lang>/LC_MESSAGES/clerk_app.po`` and compile. ``--check`` changes
nothing and fails when a catalogue is stale, an English entry is missing or fuzzy, or a placeholder differs.
``--missing`` prints what is untranslated as JSON; ``--fill FILE`` takes such a JSON with values filled in.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.plurals import PLURALS
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent.parent
DOMAIN = "clerk_app"
COMPLETE = ("en",)
BEGUN = ("hsb",)
KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "ngettext": (1, 2)}
# gettext's own list knows no Sorbian: without this it would be given the two forms of English. One, two,
# three and four, the rest, each by the last two digits, as CLDR has it.
_SORBIAN = "(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3)"
PLURALS.update(dict.fromkeys(("hsb", "dsb"), (4, _SORBIAN)))
HEADER = "# Translations of Amtsstube. Source language: German.\n#"


def po_path(lang: str) -> Path:
    """The catalogue a translator edits."""
    return ROOT / "translations" / lang / "LC_MESSAGES" / f"{DOMAIN}.po"


def extract() -> Catalog:
    """Every marked string of the package, with the files it stands in."""
    catalogue = Catalog(domain=DOMAIN, fuzzy=False)
    for filename, _line, message, comments, context in extract_from_dir(
        ROOT / "clerk_app", method_map=[("**.py", "python")], keywords=KEYWORDS
    ):
        catalogue.add(message, None, [(f"clerk_app/{filename}", 1)], auto_comments=comments, context=context)
    return catalogue


def load(lang: str) -> Catalog:
    """The catalogue of a language as it stands; empty if nobody has begun it."""
    path = po_path(lang)
    if not path.exists():
        return Catalog(locale=lang, domain=DOMAIN, fuzzy=False)
    with path.open("rb") as source:
        catalogue = read_po(source, locale=lang, domain=DOMAIN)
    # Babel would write the present time into the compiled file; it must change only when a string does.
    catalogue.creation_date = catalogue.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    return catalogue


def updated(lang: str, template: Catalog) -> Catalog:
    """The catalogue of ``lang`` with exactly the strings of ``template``; no guesses, no dead entries."""
    old = load(lang)
    fresh = Catalog(locale=lang, domain=DOMAIN, fuzzy=False, header_comment=HEADER, charset="utf-8")
    messages = sorted((m for m in template if m.id), key=lambda m: (sorted(m.locations)[0], str(m.id)))
    for message in messages:
        known = old.get(message.id[0] if isinstance(message.id, tuple) else message.id)
        usable = known is not None and isinstance(known.id, tuple) == isinstance(message.id, tuple)
        fresh.add(
            message.id,
            known.string if known is not None and usable else None,
            [(name, None) for name in sorted({name for name, _line in message.locations})],  # type: ignore[misc]
            flags=known.flags if known is not None and usable else (),
            user_comments=known.user_comments if known is not None and usable else (),
        )
    return fresh


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as text, without dates or line numbers: it changes only when a string does."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, include_lineno=False, omit_header=True)
    plural = catalogue.plural_forms
    head = (
        f'{HEADER}\nmsgid ""\nmsgstr ""\n"Language: {catalogue.locale}\\n"\n'
        f'"Plural-Forms: {plural}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    return head.encode() + out.getvalue()


def mo_bytes(lang: str) -> bytes:
    """What the program reads."""
    out = io.BytesIO()
    write_mo(out, load(lang))
    return out.getvalue()


def parts(value: Any) -> list[str]:
    """The texts of an id or a translation: one, or one per plural form."""
    if value is None:
        return []
    return [text or "" for text in value] if isinstance(value, list | tuple) else [value]


def blanks(text: str) -> set[str]:
    """The placeholders of a text."""
    return {name for _t, name, _s, _c in Formatter().parse(text) if name is not None}


def untranslated(catalogue: Catalog) -> list[Message]:
    """Entries without a complete, confirmed translation."""
    return [m for m in catalogue if m.id and (m.fuzzy or not parts(m.string) or not all(parts(m.string)))]


def check() -> list[str]:
    """What is wrong with the catalogues; empty when everything is in order."""
    template = extract()
    problems: list[str] = []
    for lang in COMPLETE + BEGUN:
        if not po_path(lang).exists() or po_path(lang).read_bytes() != po_bytes(updated(lang, template)):
            problems.append(f"{lang}: stale, run make translations")
        mo = po_path(lang).with_suffix(".mo")
        if not mo.exists() or mo.read_bytes() != mo_bytes(lang):
            problems.append(f"{lang}: not compiled, run make translations")
        fresh = updated(lang, template)
        for message in fresh:
            sources, targets = parts(message.id), [t for t in parts(message.string) if t]
            if message.id and targets:
                allowed = set().union(*map(blanks, sources))
                problems.extend(
                    f"{lang}: other placeholders in {t!r}" for t in targets if blanks(t) - allowed
                )
                if not isinstance(message.id, tuple) and blanks(targets[0]) != allowed:
                    problems.append(f"{lang}: placeholder lost in {targets[0]!r}")
        if lang in COMPLETE:
            problems.extend(f"{lang}: missing {m.id!r}" for m in untranslated(fresh))
    return problems


def update() -> None:
    """Write all catalogues anew from the source and compile them."""
    template = extract()
    for lang in COMPLETE + BEGUN:
        path = po_path(lang)
        content = po_bytes(updated(lang, template))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.with_suffix(".mo").write_bytes(mo_bytes(lang))


def fill(lang: str, pairs: dict[str, str | list[str]]) -> None:
    """Take over translations: German text (the singular for plurals) → translation."""
    catalogue = updated(lang, extract())
    for message in catalogue:
        key = parts(message.id)[0] if message.id else ""
        if key and pairs.get(key):
            value = pairs[key]
            message.string = tuple(value) if isinstance(value, list) else value
            message.flags.discard("fuzzy")
    po_path(lang).parent.mkdir(parents=True, exist_ok=True)
    po_path(lang).write_bytes(po_bytes(catalogue))
    po_path(lang).with_suffix(".mo").write_bytes(mo_bytes(lang))


def main(arguments: list[str] | None = None) -> int:
    """The command line of this script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("--fill", type=Path)
    parser.add_argument("--lang", default="en")
    chosen = parser.parse_args(arguments)
    if chosen.check:
        problems = check()
        for problem in problems:
            sys.stderr.write(problem + "\n")
        return 1 if problems else 0
    if chosen.missing:
        catalogue = updated(chosen.lang, extract())
        gaps = {
            parts(m.id)[0]: "" if isinstance(m.id, str) else [""] * catalogue.num_plurals
            for m in untranslated(catalogue)
        }
        sys.stdout.write(json.dumps(gaps, ensure_ascii=False, indent=0) + "\n")
        return 0
    if chosen.fill:
        fill(chosen.lang, json.loads(chosen.fill.read_text(encoding="utf-8")))
    update()
    return 0


if __name__ == "__main__":
    sys.exit(main())
