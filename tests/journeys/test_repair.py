"""Files lost, damaged, replaced: what can be made again is made again, what cannot is never overwritten."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clerk_app.sandbox.server import RunningSandbox
from clerk_app.system.instance import InstanceLock
from clerk_app.system.paths import Home
from tests.journeys.conftest import Office

_PASSING = ("state_text", "why", "what_next")  # sentences that count the seconds
READING = ("cases", "case", "outbox", "attachment")


class Story:
    """An office that has received, asked, been answered, decided and delivered; then the portal is gone."""

    def __init__(self, office: Office, portal: RunningSandbox, folder: Path) -> None:
        self.office, self.portal, self.folder = office, portal, folder
        office.json("sync")
        self.answered = office.case_by("idBundDeMailbox")["case_id"]
        office.json("request-documents", self.answered, "--item", "Mietvertrag", "--now")
        office.json("sync")
        self.decided = office.case_by("idBundDeMailbox")["case_id"]
        office.json("decide", self.decided, "--outcome", "granted", "--now")
        office.json("sync")
        self.waiting = office.case_by("fitConnect")["case_id"]
        self.waiting_entry = office.json("decide", self.waiting, "--outcome", "granted")["entry_id"]
        self.before = self.shown()
        portal.unplug()

    def shown(self) -> dict[str, Any]:
        rows = self.office.json("cases")
        cases = {row["case_id"]: self.office.json("case", row["case_id"]) for row in rows}
        outbox = [
            {key: value for key, value in entry.items() if key not in _PASSING}
            for entry in self.office.json("outbox")
        ]
        return {"rows": rows, "cases": cases, "outbox": outbox}

    def home(self, name: str) -> Path:
        return self.office.home / name


@pytest.fixture
def story(office: Office, portal: RunningSandbox, tmp_path: Path) -> Story:
    told = Story(office, portal, tmp_path)
    assert {told.before["cases"][c]["status"] for c in (told.answered, told.decided)} == {
        "answered",
        "closed",
    }
    return told


def drop_cache(story: Story) -> None:
    for path in story.office.home.glob("cache.db*"):
        path.unlink()


def damage(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


def hit_by_reading(story: Story) -> None:
    """Damages every page but the first: whatever is read first is damaged."""
    path = story.home("cache.db")
    content = bytearray(path.read_bytes())
    for at in range(4096 + 50, len(content), 4096):
        content[at] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    "loss",
    [
        drop_cache,
        lambda story: story.home("cache.db").write_bytes(b""),
        lambda story: damage(story.home("cache.db"), 200),
    ],
    ids=["deleted", "emptied", "first page"],
)
def test_a_reading_command_never_shows_less_than_there_is(
    story: Story, loss: Callable[[Story], object]
) -> None:
    loss(story)

    assert story.shown() == story.before, "offline, from the sealed originals"

    case = next(case for case in story.before["cases"].values() if case["attachments"])
    attachment, target = case["attachments"][0], story.folder / "attachment"
    story.office.json("attachment", case["case_id"], attachment["id"], "--output", str(target))
    assert hashlib.sha512(target.read_bytes()).hexdigest() == attachment["sha512"]


def test_a_page_found_damaged_while_reading_is_told_once_and_healed_by_the_next_command(story: Story) -> None:
    hit_by_reading(story)

    said = story.office("cases", "--json")
    if said.exit_code:
        assert (said.exit_code, said.document["error"]["code"]) == (6, "CACHE_DAMAGED")
        assert "neu aufgebaut" in said.err
    assert story.shown() == story.before


def test_writing_commands_find_their_case_after_the_cache_was_lost(story: Story) -> None:
    drop_cache(story)
    story.office.json("decide", story.answered, "--outcome", "granted")

    drop_cache(story)
    said = story.office("decide", story.decided, "--outcome", "granted", "--json")
    assert said.document["error"]["code"] == "CASE_ALREADY_DECIDED"


def test_the_portal_notices_nothing_of_a_rebuild(story: Story) -> None:
    drop_cache(story)
    assert story.office("sync").exit_code == 3

    story.portal.plug_in()
    summary = story.office.json("sync")
    assert [summary[k] for k in ("received", "joined", "rejected", "quarantined")] == [0, 0, 0, 0]
    assert [row["status"] for row in story.office.json("cases")] == [
        r["status"] for r in story.before["rows"]
    ]


def test_an_older_copy_of_the_cache_does_not_hide_what_came_later(
    office: Office, portal: RunningSandbox
) -> None:
    office.json("sync")
    copy = office.home.parent / "copy.db"
    shutil.copy(office.home / "cache.db", copy)
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    office.json("request-documents", case_id, "--item", "Mietvertrag", "--now")
    office.json("sync")
    before = office.json("case", case_id)
    assert before["status"] == "answered"
    portal.unplug()

    shutil.copy(copy, office.home / "cache.db")

    assert office.json("case", case_id)["applications"] == before["applications"]
    assert office.json("case", case_id)["status"] == "answered"


def test_beside_a_program_that_holds_the_home_nothing_is_repaired_and_nothing_is_hidden(story: Story) -> None:
    drop_cache(story)
    with InstanceLock(Home(story.office.home)):
        said = story.office("cases", "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (6, "CACHE_DAMAGED")
    assert story.shown() == story.before


@pytest.mark.parametrize("place", ["first page", "every page"])
def test_a_damaged_ledger_is_never_touched(story: Story, place: str) -> None:
    path = story.home("ledger.db")
    if place == "first page":
        damage(path, 300)
    else:
        content = bytearray(path.read_bytes())
        for at in range(4096 + 50, len(content), 4096):
            content[at] ^= 1
        path.write_bytes(bytes(content))
    damaged = path.read_bytes()

    for command in (
        ["cases"],
        ["sync"],
        ["audit", "verify"],
        ["decide", story.answered, "--outcome", "granted"],
    ):
        said = story.office(*command, "--json")
        assert (said.exit_code, said.document["error"]["code"]) == (6, "LEDGER_DAMAGED"), command
        assert "ledger.db" in said.err
    assert path.read_bytes() == damaged
    assert not list(story.office.home.glob("ledger.db.*")), "neither set aside nor copied"
    areas = {item["area"]: item["ok"] for item in story.office("doctor", "--json").document["findings"]}
    assert areas["ledger"] is False


def test_a_ledger_that_is_gone_is_not_quietly_begun_anew(story: Story) -> None:
    kept = story.home("ledger.db").read_bytes()
    for path in story.office.home.glob("ledger.db*"):
        path.unlink()

    for command in (["cases"], ["sync"], ["decide", story.decided, "--outcome", "granted"], ["doctor"]):
        said = story.office(*command, "--json")
        assert said.exit_code == (5 if command == ["doctor"] else 6), command
        assert "LEDGER_DAMAGED" in said.out
    assert not story.home("ledger.db").exists()

    story.home("ledger.db").write_bytes(kept)
    assert story.shown() == story.before

    story.home("ledger.db").unlink()
    story.office("doctor", "--begin-ledger")
    entries = {entry["entry_id"]: entry["state"] for entry in story.office.json("outbox")}
    assert entries[story.waiting_entry] == "QUEUED", "what waited is brought back from its sealed copy"
    assert story.office.json("case", story.waiting)["status"] == "decided"


def test_an_older_ledger_sends_nothing_a_second_time(
    office: Office, portal: RunningSandbox, tmp_path: Path
) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    entry = office.json("decide", case_id, "--outcome", "granted", "--now")["entry_id"]
    shutil.copy(office.home / "ledger.db", tmp_path / "older.db")
    office.json("sync")
    shutil.copy(tmp_path / "older.db", office.home / "ledger.db")

    for _ in range(2):
        assert office.json("sync")["sent"] == 0
    (found,) = (e for e in office.json("outbox") if e["entry_id"] == entry)
    assert (found["state"], found["last_error"]) == ("QUEUED", "LEDGER_DAMAGED")
    assert "LEDGER" in office("outbox").out or "ledger.db" in office("outbox").out, "a person is told"
    address = office.json("case", case_id)["applications"][0]["reply_channel"]["address"]
    assert len(portal.citizens.mailbox(address["mailboxUuid"]).messages) == 1


def test_an_older_ledger_is_noticed_when_everything_was_delivered(
    office: Office, portal: RunningSandbox, tmp_path: Path
) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    shutil.copy(office.home / "ledger.db", tmp_path / "older.db")
    office.json("decide", case_id, "--outcome", "granted", "--now")
    office.json("sync")
    assert office.json("outbox")[0]["state"] == "DELIVERED"
    newer = (office.home / "ledger.db").read_bytes()
    assert office("cases").err == ""
    shutil.copy(tmp_path / "older.db", office.home / "ledger.db")

    for _ in range(2):  # until a person has dealt with it, whatever else is done meanwhile
        said = office("cases")
        assert (said.exit_code, said.err.split(":")[0]) == (0, "LEDGER_OLDER")
        assert office("sync").err.startswith("LEDGER_OLDER: ")
        office("request-documents", case_id, "--item", "Nachweis")
        said = office("audit", "verify", "--json")
        assert (said.exit_code, said.document["error"]["code"]) == (6, "LEDGER_OLDER")
        assert "LEDGER_OLDER" in {each["code"] for each in office("doctor", "--json").document["findings"]}

    (office.home / "ledger.db").write_bytes(newer)
    assert office("cases").err == ""
    shutil.copy(tmp_path / "older.db", office.home / "ledger.db")
    office("doctor", "--begin-ledger")
    assert office("cases").err == ""
    assert office.json("audit", "verify")["verified"] is True


def test_without_its_data_key_nothing_is_opened_and_nothing_is_made(story: Story) -> None:
    key = story.home("keys") / "practice.key"
    kept = key.read_bytes()
    key.unlink()
    before = {path: path.stat().st_mtime_ns for path in story.office.home.rglob("*.db")}

    for command in (["cases"], ["sync"], ["doctor"]):
        said = story.office(*command, "--json")
        assert "DATA_KEY_MISSING" in said.out
        assert said.exit_code == (5 if command == ["doctor"] else 6)
    assert not key.exists()
    other = story.folder / "other"
    assert Office(other, story.office.profile)("cases").exit_code == 0
    shutil.copy(other / "keys" / "practice.key", key)
    for command in (["cases"], ["sync"]):
        assert story.office(*command, "--json").document["error"]["code"] == "DATA_KEY_WRONG"
    assert {path: path.stat().st_mtime_ns for path in before} == before

    key.write_bytes(kept)
    assert story.shown() == story.before
