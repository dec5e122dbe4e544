"""The calls v1 and v2 of the Submission API have in common (domain reference 1.4, 1.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, SubmissionId
from clerk_app.domain.outbox import RemoteRef
from clerk_app.portal import failures, strict_json, wire
from clerk_app.portal.auth import TokenSource
from clerk_app.portal.config import Limits
from clerk_app.portal.transport import JOSE_TYPES, JSON_TYPES, JWK_TYPES, Answer, Expect, Transport
from clerk_app.sync.ports import EncryptedBody, Waiting

T = TypeVar("T")
_PAGES = 10_000  # a list that never ends is not one


class Calls:
    """Signed-in calls below ``submission_url``/v<version>. Safe to use from several threads."""

    version = 0
    page_size = 100
    service_member = ""  # how this version names the service in an announcement

    def __init__(
        self, transport: Transport, tokens: TokenSource, submission_url: str, limits: Limits
    ) -> None:
        self._transport = transport
        self._tokens = tokens
        self._root = submission_url
        self._base = f"{submission_url}/v{self.version}"
        self._host = urlsplit(submission_url).hostname or ""
        self._limits = limits

    # receiving ---------------------------------------------------------------------------------------------

    def waiting(self, destination_id: DestinationId) -> Sequence[Waiting]:
        """All pages of the list. Entries for other destinations of the same client are left out."""
        found: dict[str, Waiting] = {}
        seen: set[str] = set()
        offset = 0
        for _ in range(_PAGES):
            path = f"/submissions?destinationId={destination_id}&limit={self.page_size}&offset={offset}"
            page = self._decoded(self._get(path), wire.SubmissionPage)
            for each in page.submissions:
                try:
                    entry = Waiting(
                        SubmissionId(wire.uuid_text(each.submission_id)),
                        CaseId(wire.uuid_text(each.case_id)),
                        DestinationId(wire.uuid_text(each.destination_id)),
                    )
                except wire.UnexpectedBodyError:
                    raise failures.not_itself(self._host, "id") from None
                if entry.destination_id == destination_id:
                    found.setdefault(entry.submission_id, entry)
            offset += len(page.submissions)
            ids = {each.submission_id for each in page.submissions}
            if _is_last(len(page.submissions), offset, page.total_count, fresh=bool(ids - seen)):
                break
            seen |= ids
        return list(found.values())

    def submission(self, submission_id: SubmissionId) -> bytes:
        """The body as received."""
        expect = Expect({"application/json"}, self._limits.submission_bytes, citizens_own=True)
        return self._get(f"/submissions/{submission_id}", expect).body

    def attachment(
        self, submission_id: SubmissionId, attachment_id: AttachmentId, spool: Path
    ) -> EncryptedBody:
        """A compact JWE; large ones in a file below ``spool``."""
        expect = Expect(
            JOSE_TYPES,
            self._limits.attachment_bytes,
            citizens_own=True,
            spool=spool,
            in_memory_bytes=self._limits.in_memory_bytes,
        )
        answer = self._get(f"/submissions/{submission_id}/attachments/{attachment_id}", expect)
        return answer.path if answer.path is not None else answer.body

    def event_log(self, case_id: CaseId) -> wire.EventLog:
        """All pages, in the service's order; an event that two pages repeat stands once."""
        tokens: dict[str, None] = {}
        offset = 0
        server_at = None
        while True:
            answer = self._get(f"/cases/{case_id}/events?limit={self.page_size}&offset={offset}")
            server_at = answer.server_at or server_at
            page = self._decoded(answer, wire.EventPage)
            known = len(tokens)
            tokens.update(dict.fromkeys(page.event_log))
            offset += len(page.event_log)
            if offset > self._limits.events:
                raise failures.too_large(self._host, self._limits.events)
            if _is_last(len(page.event_log), offset, page.total_count, fresh=len(tokens) > known):
                return wire.EventLog(tuple(tokens), server_at)

    def post_event(self, case_id: CaseId, token: str) -> None:
        """Adds our event to the case's log."""
        self._send("POST", f"/cases/{case_id}/events", token.encode("ascii"), "application/jose")

    # keys and destinations ---------------------------------------------------------------------------------

    def service_keys(self) -> Mapping[str, Mapping[str, object]]:
        """The delivery service's signature keys, by key id."""
        return _keys_by_id(self._object(self._key_set()))

    def _key_set(self) -> Answer:
        """Public, without sign-in. Beside the API, or at the host's root (both layouts are in use)."""
        parts = urlsplit(self._root)
        places = dict.fromkeys((self._root, f"{parts.scheme}://{parts.netloc}"))
        failure: ClerkError | None = None
        for place in places:
            try:
                answer = self._transport.call(
                    "GET", f"{place}/.well-known/jwks.json", Expect(JWK_TYPES, self._limits.json_bytes)
                )
                if answer.ok:
                    return answer
                failure = self._refused(answer)
            except ClerkError as error:
                if error.code is not ErrorCode.PORTAL_NOT_ITSELF:
                    raise
                failure = error
        if failure is None or failure.code is ErrorCode.REMOTE_GONE:
            raise failures.not_itself(self._host, "no keys")
        raise failure

    def destination_key(self, destination_id: str, kid: str) -> Mapping[str, object] | None:
        """A published key, or None."""
        path = f"/destinations/{quote(destination_id, safe='')}/keys/{quote(kid, safe='')}"
        try:
            return self._object(self._get(path, Expect(JWK_TYPES, self._limits.json_bytes)))
        except ClerkError as error:
            if error.code in (ErrorCode.REMOTE_GONE, ErrorCode.PORTAL_REFUSED):
                return None
            raise

    def destination(self, destination_id: str) -> wire.DestinationBody:
        """Public facts of a destination."""
        return self._decoded(
            self._get(f"/destinations/{quote(destination_id, safe='')}"), wire.DestinationBody
        )

    def server_clock(self) -> datetime | None:
        """From the Date header of the public key set."""
        return self._key_set().server_at

    # sending -----------------------------------------------------------------------------------------------

    def announce(
        self,
        destination_id: str,
        *,
        service_identifier: str,
        service_name: str,
        attachments: Sequence[str],
        region: str | None = None,
        case_id: str | None = None,
    ) -> RemoteRef:
        """Announces a submission: gives it an id and a case, nothing is delivered yet."""
        body: dict[str, object] = {
            "destinationId": destination_id,
            "announcedAttachments": list(attachments),
            self.service_member: {"name": service_name, "identifier": service_identifier},
        }
        if case_id is not None:
            body["caseId"] = case_id
        if region is not None and self.version >= 2:
            body["region"] = region
        created = self._announced("/submissions", body)
        return self._remote(created.submission_id, created.case_id, case_id)

    def put_attachment(self, submission_id: str, attachment_id: str, jwe: bytes) -> None:
        """Uploads one announced attachment; may be repeated."""
        self._send(
            "PUT", f"/submissions/{submission_id}/attachments/{attachment_id}", jwe, "application/jose"
        )

    def submit(self, submission_id: str, metadata: bytes, content: bytes) -> None:
        """Hands the submission over."""
        self._hand_over(f"/submissions/{submission_id}", metadata, content)

    # Replies. Assumed: documented is only POST /replies and the states; the shape follows submissions. ------

    def announce_reply(self, case_id: str, attachments: Sequence[str]) -> RemoteRef:
        """Announces a reply in a case."""
        body = {"caseId": case_id, "announcedAttachments": list(attachments)}
        created = self._announced("/replies", body)
        return self._remote(created.reply_id, created.case_id, case_id)

    def put_reply_attachment(self, reply_id: str, attachment_id: str, jwe: bytes) -> None:
        """Uploads one announced attachment; may be repeated."""
        self._send("PUT", f"/replies/{reply_id}/attachments/{attachment_id}", jwe, "application/jose")

    def submit_reply(self, reply_id: str, metadata: bytes, content: bytes) -> None:
        """Hands the reply over."""
        self._hand_over(f"/replies/{reply_id}", metadata, content)

    # below -------------------------------------------------------------------------------------------------

    def _get(self, path: str, expect: Expect | None = None) -> Answer:
        return self._signed_in("GET", path, expect or Expect({"application/json"}, self._limits.json_bytes))

    def _announced(self, path: str, body: object) -> wire.Created:
        expect = Expect({"application/json"}, self._limits.json_bytes)
        encoded = msgspec.json.encode(body)
        answer = self._signed_in("POST", path, expect, encoded, "application/json")
        return self._decoded(answer, wire.Created)

    def _hand_over(self, path: str, metadata: bytes, content: bytes) -> None:
        """Answered with a body or without, with 200 or 202; whether it is true stands in the event log."""
        body = {"encryptedMetadata": metadata.decode("ascii"), "encryptedData": content.decode("ascii")}
        expect = Expect(max_bytes=self._limits.json_bytes, may_be_empty=True)
        self._signed_in("PUT", path, expect, msgspec.json.encode(body), "application/json")

    def _send(self, method: str, path: str, body: bytes, content_type: str) -> None:
        self._signed_in(method, path, Expect((), self._limits.json_bytes), body, content_type)

    def _signed_in(
        self,
        method: str,
        path: str,
        expect: Expect,
        body: bytes | None = None,
        content_type: str | None = None,
    ) -> Answer:
        token = self._tokens.token()
        headers = {"Authorization": f"Bearer {token}"}
        if content_type is not None:
            headers["Content-Type"] = content_type
        answer = self._transport.call(method, self._base + path, expect, headers=headers, content=body)
        if answer.status == 401:  # expired or withdrawn early: once more with a new token
            headers["Authorization"] = f"Bearer {self._tokens.renewed(token)}"
            answer = self._transport.call(method, self._base + path, expect, headers=headers, content=body)
        if not answer.ok:
            raise self._refused(answer)
        return answer

    def _refused(self, answer: Answer) -> ClerkError:
        params: dict[str, object] = {}
        if answer.content_type in JSON_TYPES:
            try:
                problem = wire.decode(answer.body, wire.ProblemBody)
            except wire.UnexpectedBodyError:
                problem = wire.ProblemBody()
            if problem.title:
                params["title"] = problem.title[:120]
            if problem.type:
                params["problem_type"] = problem.type[:300]
        return failures.refused(answer.status, self._host, params)

    def _decoded(self, answer: Answer, kind: type[T]) -> T:
        try:
            return wire.decode(answer.body, kind)
        except wire.UnexpectedBodyError:
            raise failures.not_itself(self._host, "unexpected body", status=answer.status) from None

    def _object(self, answer: Answer) -> dict[str, object]:
        try:
            return strict_json.parse_object(answer.body, max_bytes=self._limits.json_bytes)
        except strict_json.JsonRejectedError as error:
            raise failures.not_itself(self._host, error.reason, status=answer.status) from None

    def _remote(self, remote_id: str | None, case_id: str, asked_case_id: str | None) -> RemoteRef:
        """What was announced. Its event log is looked for in this case for good, so it must be the case that
        was asked for."""
        try:
            remote = RemoteRef(wire.uuid_text(remote_id or ""), wire.uuid_text(case_id))
        except wire.UnexpectedBodyError:
            raise failures.not_itself(self._host, "id") from None
        if asked_case_id is not None and remote.remote_case_id != asked_case_id.lower():
            raise failures.not_itself(self._host, "another case")
        return remote


def _is_last(count: int, offset: int, total: int | None, *, fresh: bool) -> bool:
    """Whether a page ends its list. Without a total only a page with nothing new does: a service may give
    fewer entries than asked for, so a short page proves nothing."""
    if count == 0:
        return True
    return offset >= total if total is not None else not fresh


def _keys_by_id(key_set: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    listed = key_set.get("keys")
    keys: dict[str, Mapping[str, object]] = {}
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and isinstance(kid := each.get("kid"), str):
            keys[kid] = each
    return keys
