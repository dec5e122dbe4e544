"""What can go wrong, as codes. Sentences for people live in ``clerk_app.texts``, never here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Disposition(StrEnum):
    """What should happen next with the work that failed."""

    RETRY = "retry"  # the outside was at fault; try again later, work is kept
    ASK_CLERK = "ask-clerk"  # a person must decide or correct something
    SIGN_IN = "sign-in"  # credentials are missing, wrong or expired
    GIVE_UP = "give-up"  # trying again cannot help: input is damaged or refused for good
    BUG = "bug"  # our own mistake


class ErrorCode(StrEnum):
    """Every failure a person can meet. Each code has a German and an English sentence in ``texts``."""

    # portal: the other side or the way to it
    PORTAL_UNREACHABLE = "PORTAL_UNREACHABLE"
    PORTAL_SLOW = "PORTAL_SLOW"
    PORTAL_DISTURBED = "PORTAL_DISTURBED"  # 5xx
    PORTAL_BUSY = "PORTAL_BUSY"  # 429
    PORTAL_NOT_ITSELF = "PORTAL_NOT_ITSELF"  # HTML login page, wrong content type, truncated or garbled body
    PORTAL_REFUSED = "PORTAL_REFUSED"  # 4xx that no other code explains
    PORTAL_UNTRUSTED = "PORTAL_UNTRUSTED"  # TLS chain refused
    PORTAL_FORBIDDEN = "PORTAL_FORBIDDEN"  # 403: not connected to this destination
    PROXY_SCRIPT_UNUSABLE = "PROXY_SCRIPT_UNUSABLE"
    PROXY_SIGN_IN = "PROXY_SIGN_IN"  # 407
    PRACTICE_NOT_OPENED = "PRACTICE_NOT_OPENED"  # the practice office ended before its window opened
    PRACTICE_STAYS_HERE = "PRACTICE_STAYS_HERE"  # a practice office was about to call another machine
    SIGN_IN_FAILED = "SIGN_IN_FAILED"  # wrong client credentials
    SIGN_IN_EXPIRED = "SIGN_IN_EXPIRED"  # token refused twice in a row
    TRANSFER_INCOMPLETE = "TRANSFER_INCOMPLETE"
    REMOTE_GONE = "REMOTE_GONE"  # 404/410 for an object we expected
    REMOTE_CONFLICT = "REMOTE_CONFLICT"  # 409 that is not our own earlier success
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"  # larger than the standard allows
    TEXT_TOO_LONG = "TEXT_TOO_LONG"  # a member of a mailbox message that must not be cut

    # what was received
    JWE_REJECTED = "JWE_REJECTED"
    KEY_UNKNOWN = "KEY_UNKNOWN"
    HASH_MISMATCH = "HASH_MISMATCH"
    TAG_MISMATCH = "TAG_MISMATCH"  # authentication tags of the event log differ from what was downloaded
    EVENT_LOG_FORGED = "EVENT_LOG_FORGED"
    EVENT_LOG_DISORDERED = "EVENT_LOG_DISORDERED"
    METADATA_INVALID = "METADATA_INVALID"
    METADATA_UNKNOWN_VERSION = "METADATA_UNKNOWN_VERSION"
    ATTACHMENT_MISSING = "ATTACHMENT_MISSING"
    CONTENT_MALFORMED = "CONTENT_MALFORMED"
    DECOMPRESSION_BOMB = "DECOMPRESSION_BOMB"

    # what the clerk asked for
    CASE_UNKNOWN = "CASE_UNKNOWN"
    CASE_AMBIGUOUS = "CASE_AMBIGUOUS"
    ATTACHMENT_UNKNOWN = "ATTACHMENT_UNKNOWN"
    ENTRY_UNKNOWN = "ENTRY_UNKNOWN"
    ENTRY_NOT_WITHDRAWABLE = "ENTRY_NOT_WITHDRAWABLE"
    ENTRY_NOT_RETRYABLE = "ENTRY_NOT_RETRYABLE"
    ENTRY_NOT_TO_POST = "ENTRY_NOT_TO_POST"
    POSTED_ON_WRONG = "POSTED_ON_WRONG"  # a day in the future, or before the letter was made
    CASE_ALREADY_DECIDED = "CASE_ALREADY_DECIDED"
    CASE_ALREADY_FORWARDED = "CASE_ALREADY_FORWARDED"  # another authority is at it
    CASE_NOT_FORWARDED = "CASE_NOT_FORWARDED"  # nothing to hand over
    FORWARD_TARGET_MISSING = "FORWARD_TARGET_MISSING"  # no authority named
    FORWARD_TARGET_UNKNOWN = "FORWARD_TARGET_UNKNOWN"  # none of that name in the directory, or several
    FORWARD_TO_SELF = "FORWARD_TO_SELF"
    FORWARD_REASON_MISSING = "FORWARD_REASON_MISSING"
    FORWARD_DRAFT_WAITING = "FORWARD_DRAFT_WAITING"  # a fixed draft waits for review or signature
    FIRST_RECEIVED_WRONG = "FIRST_RECEIVED_WRONG"  # a day after it reached us
    CASE_NOT_READABLE = "CASE_NOT_READABLE"  # quarantined
    CASE_CHANGED = "CASE_CHANGED"  # the case changed since the draft
    HELD_CASE_CHANGED = "HELD_CASE_CHANGED"  # the case changed since the signature: the entry does not leave
    REASONS_MISSING = "REASONS_MISSING"
    HEARING_MISSING = "HEARING_MISSING"  # nobody was heard before an adverse act, or may still answer
    ITEMS_MISSING = "ITEMS_MISSING"
    ALREADY_ASKED = (
        "ALREADY_ASKED"  # all of it is awaited, the answer not due yet; params: case, due_on, items
    )
    DUE_IN_PAST = "DUE_IN_PAST"
    DUE_NOT_MEANT = "DUE_NOT_MEANT"  # this kind of letter has no place for a date
    LANGUAGE_NOT_OFFERED = "LANGUAGE_NOT_OFFERED"  # this authority may not write in it
    DATE_IMPOSSIBLE = "DATE_IMPOSSIBLE"  # a day on which that cannot have happened
    DATE_UNKNOWN = "DATE_UNKNOWN"  # no such entered day in the case, or one that is done
    DATE_REASON_MISSING = "DATE_REASON_MISSING"
    GAP_UNKNOWN = "GAP_UNKNOWN"  # no such item in the case's gap list; params: item, case, known
    GAP_REASON_MISSING = "GAP_REASON_MISSING"  # doing without something needs a reason; params: item
    NOTHING_SENT = "NOTHING_SENT"  # a day of notification for a case without a sent decision
    NO_FICTION = "NO_FICTION"  # the service's statute knows no fiction, or it was put off once already
    TEMPLATE_UNKNOWN = "TEMPLATE_UNKNOWN"
    PREFLIGHT_FAILED = "PREFLIGHT_FAILED"
    DRAFT_UNKNOWN = "DRAFT_UNKNOWN"
    DRAFT_ALREADY_WAITING = "DRAFT_ALREADY_WAITING"  # another fixed draft of the case waits already
    DRAFT_NOT_WAITING = "DRAFT_NOT_WAITING"  # signed, returned or taken out meanwhile
    DRAFT_NOT_SEEN = "DRAFT_NOT_SEEN"  # nobody signs or releases what was not shown to them
    DRAFT_CHANGED = "DRAFT_CHANGED"  # somebody wrote another text since the draft was fixed
    REVIEW_MISSING = "REVIEW_MISSING"  # four eyes are due
    REVIEW_OWN_DRAFT = "REVIEW_OWN_DRAFT"
    REVIEW_OUTDATED = "REVIEW_OUTDATED"  # draft or case changed after the release
    REVIEW_REASON_MISSING = "REVIEW_REASON_MISSING"

    # the team's server
    TEAM_UNREACHABLE = "TEAM_UNREACHABLE"
    TEAM_SIGN_IN = "TEAM_SIGN_IN"
    TEAM_UNTRUSTED = "TEAM_UNTRUSTED"  # TLS chain or name refused
    TEAM_FORBIDDEN = "TEAM_FORBIDDEN"  # no member, or not with this right
    TEAM_SERVER_FULL = "TEAM_SERVER_FULL"
    TEAM_SERVER_OLD = "TEAM_SERVER_OLD"  # params: found, needed (major versions)
    TEAM_TOO_NEW = "TEAM_TOO_NEW"  # a newer program has upgraded the server
    TEAM_NEWER = "TEAM_NEWER"  # a colleague's newer program wrote an act we do not know; params: name
    TEAM_NOT_SET_UP = "TEAM_NOT_SET_UP"
    TEAM_NOT_CONFIGURED = "TEAM_NOT_CONFIGURED"  # the profile names no team server
    TEAM_NOT_JOINED = "TEAM_NOT_JOINED"  # this desktop has not joined
    TEAM_NOT_ADMITTED = "TEAM_NOT_ADMITTED"  # joined, but no colleague has let it in; params: fingerprint
    TEAM_OTHER_OFFICE = "TEAM_OTHER_OFFICE"  # joined to another office before; params: name
    TEAM_REVOKED = "TEAM_REVOKED"
    TEAM_KEY_WRONG = "TEAM_KEY_WRONG"
    TEAM_KEY_MISSING = "TEAM_KEY_MISSING"  # a generation nobody gave us; params: generation
    TEAM_DAMAGED = "TEAM_DAMAGED"  # what the server holds does not open, or has a gap
    TEAM_DESKTOP_UNKNOWN = "TEAM_DESKTOP_UNKNOWN"
    TEAM_FINGERPRINT_WRONG = "TEAM_FINGERPRINT_WRONG"
    TEAM_OFFICE_UNKNOWN = "TEAM_OFFICE_UNKNOWN"
    ENTRY_ELSEWHERE = "ENTRY_ELSEWHERE"  # another desktop sends it
    DECIDED_ELSEWHERE = "DECIDED_ELSEWHERE"  # a colleague's decision came first: ours did not leave
    TAKE_OVER_REASON_MISSING = "TAKE_OVER_REASON_MISSING"
    STAND_IN_WRONG = "STAND_IN_WRONG"  # ends before it begins, or for oneself
    STAND_IN_UNKNOWN = "STAND_IN_UNKNOWN"
    STAND_IN_MAY_NOT_SIGN = "STAND_IN_MAY_NOT_SIGN"  # params: who (is absent)

    # service packages
    PACKAGE_NOT_FOUND = "PACKAGE_NOT_FOUND"  # the path leads nowhere
    PACKAGE_NOT_BUILT = "PACKAGE_NOT_BUILT"  # said to the author: it has faults
    PACKAGE_KEY_UNFIT = "PACKAGE_KEY_UNFIT"  # no key that packages are signed with
    PACKAGE_UNREADABLE = "PACKAGE_UNREADABLE"  # no package at all, or a damaged archive
    PACKAGE_FAULTY = "PACKAGE_FAULTY"  # lint finds something; params: count and the first fault
    PACKAGE_UNSIGNED = "PACKAGE_UNSIGNED"
    PACKAGE_SIGNATURE_BROKEN = "PACKAGE_SIGNATURE_BROKEN"
    PACKAGE_SIGNER_UNKNOWN = "PACKAGE_SIGNER_UNKNOWN"  # signed by somebody the profile does not name
    PACKAGE_INCOMPATIBLE = "PACKAGE_INCOMPATIBLE"  # made for other versions of this program
    PACKAGE_OLDER = "PACKAGE_OLDER"  # older than the one in force
    PACKAGE_VERSION_TAKEN = "PACKAGE_VERSION_TAKEN"  # this version is installed with other content
    PACKAGE_KEY_TAKEN = "PACKAGE_KEY_TAKEN"  # another package serves the service
    PACKAGE_UNKNOWN = "PACKAGE_UNKNOWN"  # no such package or version is installed
    PACKAGE_MISSING = "PACKAGE_MISSING"  # installed, but its archive is gone or damaged
    PACKAGE_MOVE_IMPOSSIBLE = "PACKAGE_MOVE_IMPOSSIBLE"

    # how the program is used
    USAGE = "USAGE"
    OUTPUT_NOT_WRITABLE = "OUTPUT_NOT_WRITABLE"
    OUTPUT_EXISTS = "OUTPUT_EXISTS"
    PROOF_NO_DECISION = "PROOF_NO_DECISION"
    PROOF_NOTHING_SENT = "PROOF_NOTHING_SENT"  # nothing has left the house
    EXPORT_EMPTY = "EXPORT_EMPTY"  # no case is left to hand over
    EXPORT_INCOMPLETE = "EXPORT_INCOMPLETE"  # cases were left out
    EXPORT_TOO_LARGE = "EXPORT_TOO_LARGE"

    # letters and signatures
    GLYPH_MISSING = "GLYPH_MISSING"
    LETTER_INCOMPLETE = "LETTER_INCOMPLETE"
    SIGNING_KEY_MISSING = "SIGNING_KEY_MISSING"
    SIGNING_PASSWORD_WRONG = "SIGNING_PASSWORD_WRONG"  # noqa: S105 - a code, not a password
    SIGNING_PASSWORD_NEEDED = "SIGNING_PASSWORD_NEEDED"  # noqa: S105
    SIGNING_KEY_UNSUITABLE = "SIGNING_KEY_UNSUITABLE"
    SIGNING_PIN_LOCKED = "SIGNING_PIN_LOCKED"
    SIGNING_SERVICE_UNAVAILABLE = "SIGNING_SERVICE_UNAVAILABLE"  # remote signing service (CSC)
    SIGNATURE_LEVEL_UNREACHABLE = "SIGNATURE_LEVEL_UNREACHABLE"  # the profile names no service for it
    TIMESTAMP_UNAVAILABLE = "TIMESTAMP_UNAVAILABLE"
    REVOCATION_UNAVAILABLE = "REVOCATION_UNAVAILABLE"  # OCSP and CRL gave no believable answer
    CERTIFICATE_EXPIRED = "CERTIFICATE_EXPIRED"
    CERTIFICATE_REVOKED = "CERTIFICATE_REVOKED"
    CERTIFICATE_UNTRUSTED = "CERTIFICATE_UNTRUSTED"  # no chain to an authority the profile believes
    SIGNING_FAILED = "SIGNING_FAILED"
    SIGNATURE_INVALID = "SIGNATURE_INVALID"
    NOT_A_PDF = "NOT_A_PDF"
    NOT_SIGNED = "NOT_SIGNED"

    # profile, settings, this machine
    PROFILE_MISSING = "PROFILE_MISSING"
    PROFILE_UNREADABLE = "PROFILE_UNREADABLE"
    PROFILE_KEY_MISSING = "PROFILE_KEY_MISSING"
    PROFILE_KEY_UNKNOWN = "PROFILE_KEY_UNKNOWN"
    PROFILE_VALUE_WRONG = "PROFILE_VALUE_WRONG"
    PARAMETERS_MISSING = "PARAMETERS_MISSING"  # the file the profile names
    PARAMETERS_UNREADABLE = "PARAMETERS_UNREADABLE"
    PARAMETERS_KEY_MISSING = "PARAMETERS_KEY_MISSING"
    PARAMETERS_KEY_UNKNOWN = "PARAMETERS_KEY_UNKNOWN"
    PARAMETERS_VALUE_WRONG = "PARAMETERS_VALUE_WRONG"
    POLICY_FORBIDS = "POLICY_FORBIDS"  # the machine's policy refuses what somebody or the profile names
    POLICY_UNMET = "POLICY_UNMET"  # the policy asks for what the profile lacks
    PROFILE_OTHER_OFFICE = "PROFILE_OTHER_OFFICE"  # the home belongs to another authority
    SECRET_MISSING = "SECRET_MISSING"  # noqa: S105
    KEY_FILE_INVALID = "KEY_FILE_INVALID"
    BACKUP_DAMAGED = "BACKUP_DAMAGED"
    BACKUP_TOO_NEW = "BACKUP_TOO_NEW"
    BACKUP_FOREIGN = "BACKUP_FOREIGN"  # of another home
    BACKUP_OLDER = "BACKUP_OLDER"  # the ledger here knows more
    BACKUP_DISTURBED = "BACKUP_DISTURBED"  # files vanished while it was made
    UPDATE_OFF = "UPDATE_OFF"  # the policy names no channel
    UPDATE_UNREACHABLE = "UPDATE_UNREACHABLE"
    UPDATE_UNTRUSTED = "UPDATE_UNTRUSTED"
    UPDATE_NOT_FOR_HERE = "UPDATE_NOT_FOR_HERE"  # no file for this platform
    RETENTION_NONE = "RETENTION_NONE"
    RETENTION_TEAM = "RETENTION_TEAM"
    KEYRING_UNSAFE = "KEYRING_UNSAFE"
    KEYRING_UNAVAILABLE = "KEYRING_UNAVAILABLE"
    DATA_KEY_MISSING = "DATA_KEY_MISSING"
    DATA_KEY_WRONG = "DATA_KEY_WRONG"
    INSTANCE_RUNNING = "INSTANCE_RUNNING"
    HOME_NOT_WRITABLE = "HOME_NOT_WRITABLE"
    DISK_FULL = "DISK_FULL"
    CACHE_DAMAGED = "CACHE_DAMAGED"
    LEDGER_DAMAGED = "LEDGER_DAMAGED"
    LEDGER_OLDER = "LEDGER_OLDER"  # an older copy was put back
    DOCUMENT_DAMAGED = "DOCUMENT_DAMAGED"
    DOCUMENT_MISSING = "DOCUMENT_MISSING"
    STORE_TOO_NEW = "STORE_TOO_NEW"
    SQLITE_TOO_OLD = "SQLITE_TOO_OLD"
    PREVIEW_REFUSED = "PREVIEW_REFUSED"
    PREVIEW_FAILED = "PREVIEW_FAILED"
    NO_DISPLAY = "NO_DISPLAY"
    INTERNAL = "INTERNAL"


class ClerkError(Exception):
    """A failure a person must be told about.

    ``code`` names it, ``params`` fill the blanks of its sentence (ids, counts, file names, lines; never
    personal data), ``disposition`` says what should happen next. The sentence itself is looked up by
    ``texts.errors``; ``str()`` of this exception is for logs and carries no params.
    """

    def __init__(
        self,
        code: ErrorCode,
        params: Mapping[str, object] | None = None,
        disposition: Disposition = Disposition.ASK_CLERK,
        *,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(code.value)
        self.code = code
        self.params: dict[str, object] = dict(params or {})
        self.disposition = disposition
        self.retry_after_s = retry_after_s
