"""The real window on a filled home, from nothing to the first painted list."""

from __future__ import annotations

from pathlib import Path

PROFILE = b"""
[authority]
name = "Stadt Musterhausen"
ars = "081110000000"
land = "BW"

[[mailbox]]
portal = "service-bw"
token_url = "http://127.0.0.1:9/token"
submission_url = "http://127.0.0.1:9"
destination_id = "11111111-1111-4111-8111-111111111111"
client_id = "client"
client_secret = "env:SECRET"
decryption_keys = ["file:enc.jwk"]
signing_key = "file:sig.jwk"
"""


def first_painted_list(folder: str) -> None:
    """Opens the office's window and returns when the list has been painted with rows."""
    from clerk_app.bootstrap.premises import Premises
    from clerk_app.bootstrap.window_side import IdleSync, shell_for
    from clerk_app.store.home import HomePaths, Store
    from clerk_app.sync.status import SyncStatus
    from clerk_app.system.clock import SystemClock
    from clerk_app.system.paths import Home
    from clerk_app.system.profile import parse_profile
    from clerk_app.ui.application import application, open_window
    from tests.benchmarks.caseload import KEY

    home, clock = Home(Path(folder)), SystemClock()
    profile = parse_profile(PROFILE, home.root / "profile.toml")
    store = Store.open(HomePaths(home.root), KEY, clock=clock)
    premises = Premises(home, profile, store, clock, "bench")
    app = application([])
    desk = open_window(shell_for(premises, IdleSync(SyncStatus())), app)
    desk.window.resize(1280, 800)
    while desk.list.model.rowCount() == 0:
        app.processEvents()
    desk.window.grab()
