"""The sentences behind the error codes, as parts: what happened · why · what now.

A part is a text, or alternatives from the most to the least specific: the first whose blanks can be filled is
taken. A part whose blanks cannot be filled is left out.
"""

from __future__ import annotations

from clerk_app.domain.errors import ErrorCode as E
from clerk_app.texts.sentences.asked import ASKED
from clerk_app.texts.sentences.machine import MACHINE
from clerk_app.texts.sentences.packages import PACKAGES
from clerk_app.texts.sentences.portal import PORTAL
from clerk_app.texts.sentences.received import RECEIVED
from clerk_app.texts.sentences.shared import Part
from clerk_app.texts.sentences.signing import SIGNING
from clerk_app.texts.sentences.team import TEAM
from clerk_app.texts.sentences.values import VALUE_LABELS

__all__ = ["SENTENCES", "VALUE_LABELS", "Part"]

SENTENCES: dict[E, tuple[Part, ...]] = {
    **PORTAL,
    **RECEIVED,
    **ASKED,
    **PACKAGES,
    **SIGNING,
    **TEAM,
    **MACHINE,
}
