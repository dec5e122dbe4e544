"""The commands: each reads its arguments, uses the desk, and answers with a document and a few lines."""

from __future__ import annotations

import argparse
import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from clerk_app.cli import dates, evaluating, exits, filing, forwarding, gaps, posting, printing
from clerk_app.cli.answer import Answer
from clerk_app.cli.backup import backup
from clerk_app.cli.case_document import case_document, row_document
from clerk_app.cli.county import county
from clerk_app.cli.data_key import key
from clerk_app.cli.entrance import Entrance, GlobalOptions, SandboxRequest
from clerk_app.cli.examining import doctor
from clerk_app.cli.folder import folder, review
from clerk_app.cli.output import table
from clerk_app.cli.output_path import pour, reserved, write_whole
from clerk_app.cli.packages import package
from clerk_app.cli.password import ask_password
from clerk_app.cli.policy import policy
from clerk_app.cli.related import related
from clerk_app.cli.retention import retention
from clerk_app.cli.searching import index, tell_problems
from clerk_app.cli.service import service
from clerk_app.cli.stand_in import stand_in
from clerk_app.cli.support import support_bundle
from clerk_app.cli.team import team
from clerk_app.cli.update import update
from clerk_app.cli.verifying import verify
from clerk_app.cli.wording import wording
from clerk_app.cli.writing import letter, warned, wording_of
from clerk_app.domain.case import CaseFile, CaseQuery, CaseStatus
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.decision import Outcome
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import AttachmentId, CaseId, DocumentId, SubmissionId
from clerk_app.sync.status import MailboxFailure
from clerk_app.texts import _
from clerk_app.texts.findings import finding_sentence
from clerk_app.texts.formats import day, moment
from clerk_app.texts.gap_words import gap_summary, pause_lines
from clerk_app.texts.statuses import case_status_label, channel_label
from clerk_app.usecases.case_work import resolve_case
from clerk_app.usecases.desk import Desk

Command = Callable[[Entrance, GlobalOptions, argparse.Namespace], Answer]


def assign(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``assign CASE… --to NAME | --me | --nobody``: whose cases they are from now on."""
    with entrance.desk(options, writing=True) as desk:
        to = desk.ledger.actor if args.me else None if args.nobody else args.to
        case_ids = [resolve_case(desk.reads, name) for name in args.cases]
        was = desk.cases.assign(case_ids, to, args.reason)
        words = _("{count} von {all} Vorgängen neu zugewiesen.").format(count=len(was), all=len(case_ids))
        return Answer(
            {"assigned_to": to, "changed": [{"case_id": c, "was": w} for c, w in was.items()]}, [words]
        )


def cases(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``cases``."""
    query = CaseQuery(
        text=args.query, status=CaseStatus(args.status) if args.status else None, limit=args.limit
    )
    tell_problems(args.query, office_day(datetime.now(UTC)))
    with entrance.desk(options, writing=False) as desk:
        rows = desk.reads.list(replace(query, actor=desk.ledger.actor))
        lines = [
            (
                row.case_reference,
                moment(row.arrived_at),
                row.service,
                row.applicant,
                case_status_label(row.status),
                day(row.due_on) if row.due_on else "",
            )
            for row in rows
        ]
        header = (_("Aktenzeichen"), _("Eingang"), _("Leistung"), _("Antrag von"), _("Status"), _("Frist"))
        text = table(lines, header) if lines else _("Keine Vorgänge.")
        return Answer([row_document(row) for row in rows], [text])


def case(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``case ID``."""
    with entrance.desk(options, writing=False) as desk:
        found = desk.reads.case_file(resolve_case(desk.reads, args.case))
        if found is None:
            raise ClerkError(ErrorCode.CASE_UNKNOWN, {"case": args.case})
        document = case_document(desk, found, datetime.now(UTC))
        lines = [f"{found.row.case_reference} · {found.row.service} · {case_status_label(found.row.status)}"]
        if found.applications:
            for group in desk.assessor.form(found, found.first).groups:
                lines += ["", group.title] if group.title else [""]
                lines += [f"  {row.label}: {row.value}" for row in group.rows]
        if found.attachments:
            lines += ["", _("Anlagen")]
            lines += [
                f"  {item.attachment.filename or item.attachment.attachment_id} "
                f"({item.attachment.media_type}, {item.attachment.size_bytes} B)"
                for item in found.attachments
            ]
        if found.applications:
            lines += _gap_lines(desk, found)
        return Answer(document, lines)


def _gap_lines(desk: Desk, case: CaseFile) -> list[str]:
    found = desk.gaps.of(case)
    if not found.items:
        return []
    pauses = pause_lines(found, desk.dates.today())
    return ["", _("Unterlagen und Angaben"), f"  {gap_summary(found)}", *(f"  {line}" for line in pauses)]


def attachment(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``attachment CASE ATTACHMENT --output PATH``: by id, by file name, or by the beginning of the id."""
    with entrance.desk(options, writing=False) as desk:
        found = desk.reads.case_file(resolve_case(desk.reads, args.case))
        if found is None:
            raise ClerkError(ErrorCode.CASE_UNKNOWN, {"case": args.case})
        wanted: str = args.attachment
        for item in found.attachments:
            described = item.attachment
            if wanted in (described.attachment_id, described.filename) or (
                len(wanted) >= 4 and described.attachment_id.startswith(wanted.lower())
            ):
                write_whole(
                    args.output,
                    _attachment_writer(desk, found.row.case_id, item.submission_id, described.attachment_id),
                )
                return _written(args.output, described.media_type, described.sha512)
        for issued in found.issued:
            if wanted in (issued.document_id, issued.filename, issued.entry_id):
                content = desk.documents.read(found.row.case_id, DocumentId(issued.document_id))
                write_whole(args.output, partial(pour, content))
                return _written(args.output, issued.media_type, None)
        raise ClerkError(ErrorCode.ATTACHMENT_UNKNOWN, {"attachment": wanted, "case": args.case})


def _attachment_writer(
    desk: Desk, case_id: CaseId, submission_id: SubmissionId, attachment_id: AttachmentId
) -> Callable[[BinaryIO], object]:
    return lambda sink: desk.attachments.write_to(case_id, submission_id, attachment_id, sink)


def _written(path: Path, media_type: str, sha512: str | None) -> Answer:
    size = path.stat().st_size
    document = {"path": path.resolve(), "size": size, "media_type": media_type, "sha512": sha512}
    return Answer(document, [_("{path} geschrieben ({size} Byte)").format(path=path, size=size)])


def sync(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``sync``: what could be done was done, even when a portal failed."""
    from clerk_app.cli.output import error_body, say_error

    summary = entrance.sync(options, once=args.once)
    document: dict[str, object] = {
        "received": summary.received,
        "joined": summary.joined,
        "rejected": summary.rejected,
        "quarantined": summary.quarantined,
        "sent": summary.sent,
        "delivered": summary.delivered,
        "waiting": summary.waiting,
    }
    answer = Answer(document)
    taken_in = _(
        "Neu: {received} · Antworten: {joined} · zurückgewiesen: {rejected} · in Quarantäne: {quarantined}"
    )
    sent_out = _("Gesendet: {sent} · zugestellt: {delivered} · wartet: {waiting}")
    answer.lines = [taken_in.format(**document), sent_out.format(**document)]
    if summary.failures:
        errors = [_failure_error(failure) for failure in summary.failures]
        document["error"] = error_body(errors[0])
        document["failures"] = [
            {"portal": failure.mailbox.portal, "destination_id": failure.mailbox.destination_id or None}
            | error_body(error)
            for failure, error in zip(summary.failures, errors, strict=True)
        ]
        for error in errors:
            say_error(error, as_json=False)
        answer.exit_code = exits.exit_code(errors[0])
    return answer


def _failure_error(failure: MailboxFailure) -> ClerkError:
    params = {"portal": failure.mailbox.portal, **failure.params}
    return ClerkError(failure.code, params, Disposition.RETRY)


def decide(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``decide``."""
    with reserved(args.output) as write, entrance.desk(options, writing=True) as desk:
        case_id = resolve_case(desk.reads, args.case)
        draft = desk.deciding.draft(case_id, Outcome(args.outcome), wording_of(args))
        warnings = warned(desk.deciding.preflight(draft, args.key_reference))
        queued = desk.deciding.sign(draft, ask_password, args.key_reference, at_once=args.now)
        write(partial(pour, queued.pdf))
        entry = desk.reads.outbox_entry(queued.entry_id)
        document = {
            "entry_id": queued.entry_id,
            "case_id": queued.case_id,
            "channel": queued.channel,
            "path": args.output.resolve() if args.output is not None else None,
            "sha256": queued.sha256,
            "signature": queued.signature.to_json(),
            "hold_until": queued.hold_until,
            "state": entry.state if entry else None,
            "warnings": [finding.code for finding in warnings],
        }
        line = _("Bescheid signiert von {who}, im Postausgang ({way}).").format(
            who=queued.signature.subject, way=channel_label(queued.channel)
        )
        return Answer(document, [line, *(finding_sentence(finding) for finding in warnings)])


def audit(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``audit verify``."""
    count = entrance.audit(options)
    line = _("Protokoll lückenlos: {count} Einträge.").format(count=count)
    return Answer({"verified": True, "entries": count}, [line])


def sandbox(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``sandbox``: speaks for itself."""
    request = SandboxRequest(
        args.directory, args.port, args.applications, args.seed, tuple(args.faults), args.defective
    )
    with _on_this_machine(args.directory, args.port):
        return Answer(exit_code=entrance.sandbox(request), silent=True)


def demo(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``demo``: speaks for itself."""

    def say(line: str) -> None:
        print(line, flush=True)

    with _on_this_machine(args.keep or Path("demo-output")):
        code = entrance.demo(args.keep, headless=args.headless, say=say, team=args.team)
        return Answer(exit_code=code, silent=True)


@contextmanager
def _on_this_machine(folder: Path, port: int = 0) -> Iterator[None]:
    """Tells a folder that cannot be used and a port that is taken from a mistake of ours."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES) and error.filename is None:
            words = _("der Port {port} ist belegt oder nicht erlaubt").format(port=port)
            raise ClerkError(ErrorCode.USAGE, {"message": words}) from error
        params = {"path": str(folder), "reason": error.strerror or ""}
        raise ClerkError(ErrorCode.OUTPUT_NOT_WRITABLE, params) from error


COMMANDS: dict[str, Command] = {
    "assign": assign,
    "cases": cases,
    "case": case,
    "related": related,
    "attachment": attachment,
    "sync": sync,
    "gaps": gaps.gaps,
    "request-documents": gaps.request_documents,
    "decide": decide,
    "letter": letter,
    "competence": forwarding.competence,
    "forward": forwarding.forward,
    "hand-over": forwarding.hand_over,
    "folder": folder,
    "review": review,
    "outbox": posting.outbox,
    "deadlines": dates.deadlines,
    "follow-up": dates.follow_up,
    "date": dates.enter,
    "dates": dates.log,
    "export": filing.export,
    "inspection": printing.inspection,
    "sheet": printing.sheet,
    "statistics": evaluating.statistics,
    "index": index,
    "proof": filing.proof,
    "verify": verify,
    "wording": wording,
    "audit": audit,
    "county": county,
    "team": team,
    "stand-in": stand_in,
    "package": package,
    "doctor": doctor,
    "support-bundle": support_bundle,
    "service": service,
    "policy": policy,
    "update": update,
    "backup": backup,
    "key": key,
    "retention": retention,
    "sandbox": sandbox,
    "demo": demo,
}
