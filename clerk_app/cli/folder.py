"""Signature folder and review: ``folder`` and ``review``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from clerk_app.cli import exits
from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output import table, visible
from clerk_app.cli.output_path import reserved
from clerk_app.cli.password import ask_password
from clerk_app.cli.writing import wording_of
from clerk_app.domain.decision import DraftDecision, Outcome
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import FolderRun, PaperResult, PaperState, WaitingDraft
from clerk_app.domain.ids import EntryId
from clerk_app.texts import _, ngettext
from clerk_app.texts.errors import sentence_for
from clerk_app.texts.folder_words import place_label, result_sentence
from clerk_app.texts.formats import moment
from clerk_app.usecases.case_work import resolve_case
from clerk_app.usecases.desk import Desk


def folder(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``folder [list|add|seen|remove|sign]``."""
    action = args.action or "list"
    if action == "list":
        with entrance.desk(options, writing=False) as desk:
            return _listed(desk, desk.folder.waiting(), _("Die Unterschriftsmappe ist leer."))
    if action == "seen":
        return _seen(entrance, options, args)
    with entrance.desk(options, writing=True) as desk:
        if action == "add":
            return _one(desk, desk.folder.add(_draft(desk, args)))
        if action == "remove":
            return _one(desk, desk.drafts.take_out(desk.drafts.resolve(args.draft)))
        return _sign(desk, args)


def review(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``review [list|submit|release|return]``."""
    action = args.action or "list"
    if action == "list":
        with entrance.desk(options, writing=False) as desk:
            return _listed(desk, desk.reviewing.waiting(), _("Nichts wartet auf eine Mitzeichnung."))
    with entrance.desk(options, writing=True) as desk:
        if action == "submit":
            return _one(desk, desk.reviewing.submit(_draft(desk, args)))
        draft_id = desk.drafts.resolve(args.draft)
        if action == "release":
            return _one(desk, desk.reviewing.release(draft_id))
        return _one(desk, desk.reviewing.send_back(draft_id, args.reason))


def _draft(desk: Desk, args: argparse.Namespace) -> DraftDecision:
    case_id = resolve_case(desk.reads, args.case)
    return desk.deciding.draft(case_id, Outcome(args.outcome), wording_of(args))


def _seen(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """Shows the paper: as a file with ``--output``, and its words in any case."""
    with reserved(args.output) as write, entrance.desk(options, writing=True) as desk:
        draft_id = desk.drafts.resolve(args.draft)
        paper = desk.drafts.paper(draft_id)
        text = desk.deciding.writer.message_text(desk.ledger.frozen_draft(draft_id).draft.letter)
        write(lambda sink: sink.write(paper))
        draft = desk.drafts.seen(draft_id, paper)
        path = None if args.output is None else args.output.resolve()
        document = {**_document(desk, draft), "text": text, "path": path}
        return Answer(document, [text, "", _("Angesehen: {sha256}").format(sha256=draft.sha256)])


def _sign(desk: Desk, args: argparse.Namespace) -> Answer:
    if bool(args.drafts) == args.all:
        words = _("Bitte entweder Entwürfe nennen oder --all.")
        raise ClerkError(ErrorCode.USAGE, {"message": words, "usage": ""})
    wanted: Sequence[EntryId] = (
        [each.draft_id for each in desk.folder.waiting()]
        if args.all
        else [desk.drafts.resolve(text) for text in args.drafts]
    )
    run = desk.folder.sign(
        wanted,
        ask_password,
        args.key_reference,
        at_once=args.now,
        progress=partial(_tell, as_json=args.json),
    )
    signed = run.count(PaperState.SIGNED)
    words = ngettext(
        "{n} von {total} Bescheid signiert.", "{n} von {total} Bescheiden signiert.", len(wanted)
    )
    lines = [f"{each.case_reference}  {result_sentence(each)}" for each in run.results]
    total = words.format(n=signed, total=len(wanted))
    lines.append(total if wanted else _("Die Unterschriftsmappe ist leer."))
    document = {
        "signed": signed,
        "stopped": run.stopped,
        "rest": run.rest,
        "results": [_result(each) for each in run.results],
    }
    return Answer(document, lines, _exit_code(run))


def _exit_code(run: FolderRun) -> int:
    if run.stopped is not None:
        return exits.exit_code(ClerkError(run.stopped))
    return exits.DONE if run.count(PaperState.SIGNED) == len(run.results) else exits.CLERK_MUST_DECIDE


def _tell(done: int, total: int, result: PaperResult, *, as_json: bool) -> None:
    """Progress on the error stream, so that ``--json`` stays one document."""
    if not as_json and total > 1:
        sys.stderr.write(f"{done}/{total} {visible(result.case_reference)}\n")


def _result(result: PaperResult) -> dict[str, object]:
    code = result.code
    return {
        "draft_id": result.draft_id,
        "case_reference": result.case_reference,
        "state": result.state,
        "code": code,
        "message": None if code is None else sentence_for(code, result.params),
        "given_back": result.given_back,
        "channel": result.channel,
        "sha256": result.sha256 or None,
        "hold_until": result.hold_until,
    }


def _one(desk: Desk, draft: WaitingDraft) -> Answer:
    line = f"{draft.draft_id}  {draft.case_reference}  {place_label(draft.place)}"
    return Answer(_document(desk, draft), [line])


def _listed(desk: Desk, drafts: Sequence[WaitingDraft], empty: str) -> Answer:
    lines = [
        (
            draft.draft_id[:8],
            draft.case_reference,
            draft.title,
            draft.recipient_name,
            draft.frozen_by,
            moment(draft.frozen_at),
            _("ja") if desk.ledger.actor in draft.seen_by else _("nein"),
        )
        for draft in drafts
    ]
    header = (
        _("Entwurf"), _("Aktenzeichen"), _("Dokument"), _("Antrag von"), _("Erstellt von"), _("Seit"),
        _("Gesehen"),
    )  # fmt: skip
    return Answer([_document(desk, draft) for draft in drafts], [table(lines, header) if lines else empty])


def _document(desk: Desk, draft: WaitingDraft) -> dict[str, object]:
    """One fixed draft. ``problem`` says why it is worth nothing any more, ``why_not_release`` why this clerk
    cannot release it now (null: can)."""
    return {
        "draft_id": draft.draft_id,
        "case_id": draft.case_id,
        "case_reference": draft.case_reference,
        "place": draft.place,
        "outcome": draft.outcome,
        "title": draft.title,
        "service": draft.service,
        "sha256": draft.sha256,
        "created_by": draft.frozen_by,
        "created_at": draft.frozen_at,
        "authors": sorted(draft.authors),
        "seen": desk.ledger.actor in draft.seen_by,
        "released_by": draft.released_by,
        "released_at": draft.released_at,
        "problem": desk.drafts.worthless(draft) if draft.waits else draft.end_reason,
        "why_not_release": desk.reviewing.why_not_release(draft),
        "remark": draft.remark or None,
    }
