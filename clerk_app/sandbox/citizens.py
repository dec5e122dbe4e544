"""The citizens: their mailboxes, the states of their applications, and their answers to document requests."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from clerk_app.sandbox.content import OpenedFile
from clerk_app.sandbox.generator.filing import Filed, Filing
from clerk_app.sandbox.state import Portal
from clerk_app.sandbox.wire import Refusal


@dataclass(frozen=True)
class Message:
    """A message as it lies in a mailbox."""

    message_id: str
    submission_id: str
    received_s: float
    content: dict[str, Any]
    files: tuple[OpenedFile, ...]


@dataclass
class Mailbox:
    """BundID-Postfach."""

    mailbox_uuid: str
    messages: list[Message] = field(default_factory=list)


@dataclass(frozen=True)
class ReadReply:
    """A FIT-Connect reply after the online service has read it."""

    reply_id: str
    case_id: str
    received_s: float
    content: dict[str, Any]
    files: tuple[OpenedFile, ...]


@dataclass
class _Conversation:
    """What a case's citizen has been told and not yet answered."""

    asked: list[str] | None = None
    action_required: bool = False


_STATEMENT = "Stellungnahme"


class Citizens:
    """Bürgerinnen und Bürger. A document request is answered at once with a follow-up submission.

    Through the mailbox a request is a message with lines starting with "- " plus the state ACTION_REQUIRED
    (in either order); through a reply it is data with ``kind`` "documentRequest" (or "document-request") and
    ``items``. A message without such lines that wants an answer all the same is a hearing (in a reply:
    ``kind`` "hearing"): the citizen answers with a statement.
    """

    def __init__(self, portal: Portal, filing: Filing) -> None:
        self._portal = portal
        self._filing = filing
        self._lock = threading.RLock()
        self._mailboxes: dict[str, Mailbox] = {}
        self._states: dict[str, list[dict[str, Any]]] = {}
        self._conversations: dict[str, _Conversation] = {}
        self._to_do: list[Callable[[], None]] = []
        self.replies: dict[str, ReadReply] = {}

    # -- mailboxes ---------------------------------------------------------------------------------------

    def open_mailbox(self, mailbox_uuid: str) -> None:
        """Makes a mailbox known to the bridge (for applications that somebody else files)."""
        with self._lock:
            self._mailboxes.setdefault(mailbox_uuid.lower(), Mailbox(mailbox_uuid.lower()))

    def has_mailbox(self, mailbox_uuid: str) -> bool:
        """Whether messages can be put there."""
        known = mailbox_uuid.lower()
        return known in self._mailboxes or self._filing.of_mailbox(known) is not None

    def mailbox(self, mailbox_uuid: str) -> Mailbox:
        """The mailbox, or 404."""
        if not self.has_mailbox(mailbox_uuid):
            raise Refusal(404, "mailbox-not-found", "no such mailbox")
        with self._lock:
            known = mailbox_uuid.lower()
            return self._mailboxes.setdefault(known, Mailbox(known))

    def states(self, application_id: str) -> list[dict[str, Any]]:
        """The states told for an application, oldest first."""
        with self._lock:
            return list(self._states.get(application_id.lower(), ()))

    # -- being told --------------------------------------------------------------------------------------

    def take_message(
        self, submission_id: str, content: dict[str, Any], files: tuple[OpenedFile, ...]
    ) -> Message:
        """A message arrives in a mailbox."""
        message = Message(str(uuid.uuid4()), submission_id, self._portal.now_s(), content, files)
        with self._lock:
            self.mailbox(content["mailboxUuid"]).messages.append(message)
            filed = self._application(content.get("applicationId"), content["mailboxUuid"])
            lines = (line.strip() for line in content["content"].splitlines())
            items = [line[2:].strip() for line in lines if line.startswith("- ")]
            if filed is not None:
                conversation = self._conversations.setdefault(filed.caseId, _Conversation())
                conversation.asked = items
                self._answer_if_asked(filed, conversation)
        return message

    def take_status(self, content: dict[str, Any]) -> None:
        """An application's state changes."""
        with self._lock:
            self._states.setdefault(content["applicationId"].lower(), []).append(content)
            filed = self._application(content["applicationId"], None)
            if filed is not None:
                conversation = self._conversations.setdefault(filed.caseId, _Conversation())
                conversation.action_required = content["status"] == "ACTION_REQUIRED"
                if not conversation.action_required:
                    conversation.asked = None
                self._answer_if_asked(filed, conversation)

    def take_reply(self, reply: ReadReply) -> None:
        """A reply was read by the online service."""
        with self._lock:
            self.replies[reply.reply_id] = reply
            filed = self._filing.of_case(reply.case_id)
            kind = str(reply.content.get("kind")).replace("-", "").lower()
            if filed is None or kind not in ("documentrequest", "hearing"):
                return
            entries = reply.content.get("items")
            items = [str(entry.get("text", "")) for entry in entries or () if isinstance(entry, dict)]
            if kind == "hearing":
                items = [_STATEMENT]
            if items:
                self._to_do.append(lambda: self._answer(filed, items))

    def _application(self, application_id: object, mailbox_uuid: str | None) -> Filed | None:
        found = None
        if isinstance(application_id, str):
            found = self._filing.of_application(application_id.lower())
        if found is None and mailbox_uuid is not None:
            found = self._filing.of_mailbox(mailbox_uuid.lower())
        return found

    # -- answering ---------------------------------------------------------------------------------------

    def _answer_if_asked(self, filed: Filed, conversation: _Conversation) -> None:
        if conversation.action_required and conversation.asked is not None:
            items, conversation.asked = conversation.asked or [_STATEMENT], None
            conversation.action_required = False
            self._to_do.append(lambda: self._answer(filed, items))

    def act(self) -> None:
        """Files the answers that are due, unless they are to come late."""
        if not self._portal.faults.is_on("late-answer"):
            self.answer_now()

    def answer_now(self) -> int:
        """Files all answers that are due; how many that were."""
        with self._lock:
            due, self._to_do = self._to_do, []
        for answer in due:
            answer()
        return len(due)

    def _answer(self, filed: Filed, items: list[str]) -> None:
        faults = self._portal.faults
        if faults.strike("no-answer-from-citizen"):
            return
        if faults.strike("partial-answer"):
            items = items[:-1]
        self._filing.file_answer(filed, items)
