"""Prüfbericht: a verification as a document to keep, for programs (JSON) and for people (plain text)."""

from __future__ import annotations

import json

from clerk_app.domain.signature import VerificationReport
from clerk_app.domain.verdict import DecisionCheck
from clerk_app.texts.catalogue import N_
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.formats import moment, size
from clerk_app.texts.verdict_reasons import DIFFERENCES
from clerk_app.texts.verdicts import (
    claims_words,
    decision_words,
    facts,
    paragraphs,
    stamp_words,
    verdict_sentence,
    verdict_word,
)


def report_document(report: VerificationReport) -> dict[str, object]:
    """The report with its words, as plain values."""
    return report.to_json() | {
        "sentence": verdict_sentence(report),
        "findings": [
            {
                "reason": paragraph.reason.value,
                "note": paragraph.note,
                "found": paragraph.found,
                "means": paragraph.means,
                "todo": paragraph.todo,
            }
            for paragraph in paragraphs(report)
        ],
    }


def report_json(report: VerificationReport, name: str) -> bytes:
    """The report of the document called ``name`` as a JSON file."""
    document = {"document": name, **report_document(report)}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def report_text(report: VerificationReport, name: str) -> str:
    """The report of the document called ``name``, to read and to print."""
    lines = [_("Prüfbericht"), "=" * len(_("Prüfbericht")), ""]
    lines += [f"{label}: {value}" for label, value in document_facts(report, name)]
    lines += ["", f"{verdict_word(report.verdict)}", verdict_sentence(report)]
    for paragraph in paragraphs(report):
        lines += ["", f"- {paragraph.text}"]
    for signature in report.signatures:
        title = _("Signatur {name}").format(name=signature.field_name or "–")
        lines += ["", title, "-" * len(title), verdict_word(signature.verdict)]
        lines += [f"{label}: {value}" for label, value in facts(signature)]
        lines += [stamp_words(stamp) for stamp in signature.time_stamps]
    if report.decision_check is not DecisionCheck.NOT_ATTACHED and report.attached_decision is not None:
        title = _("Beigefügte Entscheidung")
        lines += ["", title, "-" * len(title), decision_words(report)]
        lines += [f"{label}: {value}" for label, value in decision_rows(report)]
    return "\n".join(lines) + "\n"


def document_facts(report: VerificationReport, name: str) -> list[tuple[str, str]]:
    """What is known of the document itself, as label and value."""
    return [
        (_("Dokument"), name),
        (_("Geprüft am"), moment(report.checked_at) if report.checked_at else "–"),
        (_("Größe"), size(report.size)),
        (_("Prüfsumme (SHA-256)"), report.sha256),
        (_("Das Dokument nennt sich"), claims_words(report)),
        (_("Vertraute Stellen"), str(report.authorities_believed)),
    ]


def decision_rows(report: VerificationReport) -> list[tuple[str, str]]:
    """The attached decision as label and value, in its own order; members not known here by their path."""
    rows = _flat("", report.attached_decision or {}, 0)[:_MOST_ROWS]
    return [(_label(path), _value(path, value)) for path, value in rows]


def _label(path: str) -> str:
    name = path.removesuffix(".name")
    return _(DIFFERENCES[name]) if name in DIFFERENCES else path


def _value(path: str, value: str) -> str:
    return _(_OUTCOMES[value]) if path == "outcome" and value in _OUTCOMES else value


_OUTCOMES = {
    "granted": N_("bewilligt"),
    "refused": N_("abgelehnt"),
    "partly-granted": N_("teilweise bewilligt"),
}


_MOST_ROWS = 500
_DEEPEST = 12


def _flat(path: str, value: object, depth: int) -> list[tuple[str, str]]:
    if depth >= _DEEPEST:
        return [(path, "…")]
    if isinstance(value, dict):
        members = [(f"{path}.{name}" if path else str(name), each) for name, each in value.items()]
    elif isinstance(value, list):
        members = [(f"{path} {at}", each) for at, each in enumerate(value, 1)]
    else:
        words = {None: "–", True: _("ja"), False: _("nein")}
        shown = words[value] if value is None or isinstance(value, bool) else str(value)
        return [(path, shown)]
    return [row for name, each in members[:_MOST_ROWS] for row in _flat(name, each, depth + 1)]
