"""Chooses the way back: what the applicant offered, as far as this office can go that way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clerk_app.domain.application import ReplyChannelKind
from clerk_app.domain.case import MailboxKey
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import DestinationId
from clerk_app.domain.outbox import Outgoing
from clerk_app.portal import wire
from clerk_app.portal.channels.reply import ReplyChannel, usable_address
from clerk_app.portal.channels.zbp import ZbpChannel
from clerk_app.sync.ports import DeliveryChannel


@dataclass(frozen=True)
class Ways:
    """Electronic ways one mailbox has. None: not available."""

    zbp: ZbpChannel | None
    reply: ReplyChannel | None


class OfficeChannels:
    """Implements ``sync.ports.Channels``. E-mail, De-Mail, ELSTER and FINK are not electronic ways of this
    office: such answers go by post."""

    def __init__(self, ways: Mapping[MailboxKey, Ways]) -> None:
        self._ways = dict(ways)

    def deliverable(
        self, channel: str | None, destination_id: DestinationId, address: Mapping[str, object]
    ) -> bool:
        """Whether an answer to what arrived at ``destination_id`` can go out over ``channel``."""
        ways = [each for key, each in self._ways.items() if key.destination_id == destination_id.lower()]
        if channel == ReplyChannelKind.MAILBOX:
            return _is_uuid(address.get("mailboxUuid")) and any(each.zbp is not None for each in ways)
        if channel == ReplyChannelKind.FIT_CONNECT:
            return any(each.reply is not None for each in ways) and usable_address(address)
        return False

    def channel_for(self, outgoing: Outgoing) -> DeliveryChannel:
        """Raises ClerkError PROFILE_KEY_MISSING when the profile no longer has the way this entry was
        queued for, INTERNAL for an entry that should have become a letter."""
        ways = self._ways.get(MailboxKey(outgoing.portal, DestinationId(outgoing.destination_id.lower())))
        if ways is None:
            raise _missing("mailbox")
        if outgoing.channel == ReplyChannelKind.MAILBOX:
            if ways.zbp is None:
                raise _missing("zbp")
            return ways.zbp
        if outgoing.channel == ReplyChannelKind.FIT_CONNECT:
            if ways.reply is None:
                raise _missing("replies")
            return ways.reply
        raise ClerkError(ErrorCode.INTERNAL, {"detail": "no electronic way"}, Disposition.ASK_CLERK)


def _missing(key: str) -> ClerkError:
    return ClerkError(ErrorCode.PROFILE_KEY_MISSING, {"key": key}, Disposition.ASK_CLERK)


def _is_uuid(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(wire.uuid_text(value))
    except wire.UnexpectedBodyError:
        return False
