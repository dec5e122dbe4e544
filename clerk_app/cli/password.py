"""Where the command line gets the password or PIN of a signing key from."""

from __future__ import annotations

import getpass
import os
import sys

from clerk_app.texts import _

PASSWORD_VARIABLE = "CLERK_SIGNING_PASSWORD"  # noqa: S105 - the name of a variable


def ask_password() -> str | None:
    """From the environment, else typed at a terminal, else None."""
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass(_("Passwort des Signaturschlüssels: "))
    return None
