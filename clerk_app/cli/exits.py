"""Exit codes: what a script may rely on (design, section 4)."""

from __future__ import annotations

from clerk_app.domain.errors import ClerkError, ErrorCode

DONE = 0
BUG = 1
USAGE = 2
UNREACHABLE = 3  # portal unreachable; work is kept and queued
SIGN_IN = 4
CLERK_MUST_DECIDE = 5
NOT_VERIFIED = 6

E = ErrorCode
_BY_EXIT: dict[int, frozenset[ErrorCode]] = {
    UNREACHABLE: frozenset(
        {
            E.PORTAL_UNREACHABLE,
            E.PORTAL_SLOW,
            E.PORTAL_DISTURBED,
            E.PORTAL_BUSY,
            E.PORTAL_NOT_ITSELF,
            E.PORTAL_UNTRUSTED,
            E.TRANSFER_INCOMPLETE,
            E.SIGNING_SERVICE_UNAVAILABLE,
            E.TIMESTAMP_UNAVAILABLE,
            E.REVOCATION_UNAVAILABLE,
        }
    ),
    SIGN_IN: frozenset(
        {
            E.PROXY_SIGN_IN,
            E.SIGN_IN_FAILED,
            E.SIGN_IN_EXPIRED,
            E.PORTAL_FORBIDDEN,
            E.SECRET_MISSING,
            E.SIGNING_PASSWORD_WRONG,
            E.SIGNING_PASSWORD_NEEDED,
            E.KEYRING_UNAVAILABLE,
            E.KEYRING_UNSAFE,
        }
    ),
    CLERK_MUST_DECIDE: frozenset(
        {
            E.PORTAL_REFUSED,
            E.PRACTICE_NOT_OPENED,
            E.PRACTICE_STAYS_HERE,
            E.REMOTE_GONE,
            E.REMOTE_CONFLICT,
            E.LIMIT_EXCEEDED,
            E.TEXT_TOO_LONG,
            E.PROOF_NO_DECISION,
            E.PROOF_NOTHING_SENT,
            E.EXPORT_EMPTY,
            E.EXPORT_INCOMPLETE,
            E.EXPORT_TOO_LARGE,
            E.PACKAGE_UNSIGNED,
            E.PACKAGE_SIGNER_UNKNOWN,
            E.PACKAGE_INCOMPATIBLE,
            E.PACKAGE_OLDER,
            E.PACKAGE_VERSION_TAKEN,
            E.PACKAGE_KEY_TAKEN,
            E.PACKAGE_MOVE_IMPOSSIBLE,
            E.KEY_UNKNOWN,
            E.METADATA_UNKNOWN_VERSION,
            E.CASE_AMBIGUOUS,
            E.ENTRY_NOT_WITHDRAWABLE,
            E.ENTRY_NOT_RETRYABLE,
            E.ENTRY_NOT_TO_POST,
            E.CASE_ALREADY_DECIDED,
            E.ALREADY_ASKED,
            E.CASE_ALREADY_FORWARDED,
            E.CASE_NOT_FORWARDED,
            E.FORWARD_DRAFT_WAITING,
            E.CASE_NOT_READABLE,
            E.CASE_CHANGED,
            E.HELD_CASE_CHANGED,
            E.NOTHING_SENT,
            E.NO_FICTION,
            E.REASONS_MISSING,
            E.HEARING_MISSING,
            E.PREFLIGHT_FAILED,
            E.DRAFT_ALREADY_WAITING,
            E.DRAFT_NOT_WAITING,
            E.DRAFT_NOT_SEEN,
            E.DRAFT_CHANGED,
            E.REVIEW_MISSING,
            E.REVIEW_OWN_DRAFT,
            E.REVIEW_OUTDATED,
            E.GLYPH_MISSING,
            E.LETTER_INCOMPLETE,
            E.SIGNING_KEY_UNSUITABLE,
            E.CERTIFICATE_EXPIRED,
            E.CERTIFICATE_REVOKED,
            E.CERTIFICATE_UNTRUSTED,
            E.SIGNING_PIN_LOCKED,
            E.SIGNATURE_LEVEL_UNREACHABLE,
            E.SIGNING_FAILED,
            E.PROFILE_OTHER_OFFICE,
            E.INSTANCE_RUNNING,
            E.HOME_NOT_WRITABLE,
            E.DISK_FULL,
            E.STORE_TOO_NEW,
            E.SQLITE_TOO_OLD,
            E.PREVIEW_REFUSED,
            E.PREVIEW_FAILED,
        }
    ),
    NOT_VERIFIED: frozenset(
        {
            E.JWE_REJECTED,
            E.HASH_MISMATCH,
            E.TAG_MISMATCH,
            E.EVENT_LOG_FORGED,
            E.EVENT_LOG_DISORDERED,
            E.METADATA_INVALID,
            E.ATTACHMENT_MISSING,
            E.CONTENT_MALFORMED,
            E.DECOMPRESSION_BOMB,
            E.SIGNATURE_INVALID,
            E.PACKAGE_UNREADABLE,
            E.PACKAGE_NOT_FOUND,
            E.PACKAGE_NOT_BUILT,
            E.PACKAGE_KEY_UNFIT,
            E.PACKAGE_FAULTY,
            E.PACKAGE_SIGNATURE_BROKEN,
            E.PACKAGE_MISSING,
            E.NOT_A_PDF,
            E.NOT_SIGNED,
            E.DATA_KEY_MISSING,
            E.DATA_KEY_WRONG,
            E.CACHE_DAMAGED,
            E.LEDGER_DAMAGED,
            E.LEDGER_OLDER,
            E.DOCUMENT_DAMAGED,
            E.DOCUMENT_MISSING,
        }
    ),
    USAGE: frozenset(
        {
            E.CASE_UNKNOWN,
            E.ATTACHMENT_UNKNOWN,
            E.ENTRY_UNKNOWN,
            E.PACKAGE_UNKNOWN,
            E.DRAFT_UNKNOWN,
            E.REVIEW_REASON_MISSING,
            E.ITEMS_MISSING,
            E.DUE_IN_PAST,
            E.DUE_NOT_MEANT,
            E.LANGUAGE_NOT_OFFERED,
            E.FORWARD_TARGET_MISSING,
            E.FORWARD_TARGET_UNKNOWN,
            E.FORWARD_TO_SELF,
            E.FORWARD_REASON_MISSING,
            E.FIRST_RECEIVED_WRONG,
            E.DATE_IMPOSSIBLE,
            E.DATE_UNKNOWN,
            E.DATE_REASON_MISSING,
            E.GAP_UNKNOWN,
            E.GAP_REASON_MISSING,
            E.POSTED_ON_WRONG,
            E.TEMPLATE_UNKNOWN,
            E.USAGE,
            E.OUTPUT_NOT_WRITABLE,
            E.OUTPUT_EXISTS,
            E.SIGNING_KEY_MISSING,
            E.PROFILE_MISSING,
            E.PROFILE_UNREADABLE,
            E.PROFILE_KEY_MISSING,
            E.PROFILE_KEY_UNKNOWN,
            E.PROFILE_VALUE_WRONG,
            E.PARAMETERS_MISSING,
            E.PARAMETERS_UNREADABLE,
            E.PARAMETERS_KEY_MISSING,
            E.PARAMETERS_KEY_UNKNOWN,
            E.PARAMETERS_VALUE_WRONG,
            E.KEY_FILE_INVALID,
            E.NO_DISPLAY,
        }
    ),
    BUG: frozenset({E.INTERNAL}),
}
del E

EXIT_BY_CODE: dict[ErrorCode, int] = {code: exit_ for exit_, codes in _BY_EXIT.items() for code in codes}


def exit_code(error: ClerkError) -> int:
    """The exit code for an error."""
    return EXIT_BY_CODE.get(error.code, BUG)
