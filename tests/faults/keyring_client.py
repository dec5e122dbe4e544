"""``clerk-app`` as it is, or broken on purpose in how it treats its data key."""

from __future__ import annotations

import importlib
import sys
from typing import Any


def module(name: str) -> Any:
    """A room of the client, to be broken."""
    return importlib.import_module(name)


def _takes_any_keyring() -> None:
    secrets = module("clerk_app.system.secrets")

    secrets.check_backend = lambda found: found
    secrets.read_keyring = lambda keyring, name: keyring.get_password(secrets.SERVICE_NAME, name)
    secrets.keep_in_keyring = lambda keyring, name, secret: keyring.set_password(
        secrets.SERVICE_NAME, name, secret
    )
    data_key = module("clerk_app.system.data_key")

    data_key.keep_in_keyring = secrets.keep_in_keyring
    data_key.read_keyring = secrets.read_keyring


def _makes_another_key() -> None:
    data_key = module("clerk_app.system.data_key")

    careful = data_key.obtain

    def careless(home: Any, practice: bool, create: bool, **named: Any) -> Any:
        from clerk_app.domain.errors import ClerkError

        try:
            return careful(home, practice, create, **named)
        except ClerkError:
            key = b"k" * data_key.KEY_BYTES
            office = data_key.read_office(home)
            assert office is not None
            data_key.KeyringKey(office).keep(home, key)
            return key

    premises = module("clerk_app.bootstrap.premises")

    premises.obtain = careless


def _begins_anew() -> None:
    """What lies there is moved away when its key is not at hand, and an empty office opens."""
    premises = module("clerk_app.bootstrap.premises")
    from clerk_app.domain.errors import ClerkError

    careful = premises.obtain

    def careless(home: Any, practice: bool, create: bool, **named: Any) -> Any:
        try:
            return careful(home, practice, create, **named)
        except ClerkError:
            for path in (
                home.ledger_db,
                home.cache_db,
                home.root / "key.proof",
                home.keys / "data-key.check",
            ):
                path.unlink(missing_ok=True)
            return b"k" * 32

    premises.obtain = careless


MUTANTS = {"any": _takes_any_keyring, "another": _makes_another_key, "anew": _begins_anew}

if __name__ == "__main__":
    if sys.argv[1]:
        MUTANTS[sys.argv[1]]()
    from clerk_app.bootstrap.entrance import main

    sys.exit(main(sys.argv[2:]))
