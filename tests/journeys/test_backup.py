"""A backup is made beside the work, proven and put back; nothing is sent twice, nothing lost unasked."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clerk_app.sandbox.server import RunningSandbox
from clerk_app.store.connection import Connection, Role
from clerk_app.store.keys import StoreKeys
from clerk_app.system import data_key
from clerk_app.system.instance import InstanceLock
from clerk_app.system.paths import Home
from tests.journeys.conftest import Office

_PASSING = ("state_text", "why", "what_next")


class Story:
    """An office that has received, asked, decided and delivered, with one decision still waiting."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.file = office, folder / "sicherung.zip"
        office.json("sync")
        self.asked = office.case_by("idBundDeMailbox")["case_id"]
        office.json("request-documents", self.asked, "--item", "Mietvertrag", "--now")
        office.json("sync")
        self.waiting = office.case_by("fitConnect")["case_id"]
        self.entry = office.json("decide", self.waiting, "--outcome", "granted", "--now")["entry_id"]

    def shown(self, office: Office | None = None) -> dict[str, Any]:
        rows = (office or self.office).json("cases")
        return {row["case_id"]: (office or self.office).json("case", row["case_id"]) for row in rows}


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path)


def changed(path: Path, change: Callable[[str, bytes], bytes | None], extra: str = "") -> Path:
    """A copy of the backup with something else in it."""
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as sink:
        for name in source.namelist():
            content = change(name, source.read(name))
            if content is not None:
                sink.writestr(name, content)
        if extra:
            sink.writestr(extra, b"x")
    return other


def settled_times(home: Path) -> dict[str, int]:
    """An envelope's time says when its submission was accepted."""
    return {path.name: path.stat().st_mtime_ns for path in home.rglob("*.accepted")}


def test_a_lost_home_comes_back_whole(story: Story, tmp_path: Path) -> None:
    made = story.office.json("backup", "create", str(story.file))
    assert (made["practice"], made["proven"]) == (True, True)
    before = story.shown()
    assert story.office.json("backup", "check", str(story.file))["entries"] == made["entries"] > 0
    settled = settled_times(story.office.home)
    shutil.rmtree(story.office.home)

    found = story.office.json("backup", "restore", str(story.file))
    assert found["documents_added"] == found["documents"] > 0
    assert (found["former_ledger"], found["uncertain"]) == (None, True)
    assert settled_times(story.office.home) == settled
    after = story.shown()
    assert set(after) == set(before)
    for case_id, case in before.items():
        for key in ("status", "assigned_to", "attachments", "form"):
            assert after[case_id].get(key) == case.get(key), (case_id, key)
    assert story.office("audit", "verify").exit_code == 6, "an older copy, until a person takes it as it is"
    story.office("doctor", "--begin-ledger")
    assert story.office.json("audit", "verify")["entries"] == made["entries"]


def test_what_left_after_the_backup_is_not_sent_again(
    story: Story, portal: RunningSandbox, tmp_path: Path
) -> None:
    story.office.json("backup", "create", str(story.file))
    before = received(portal)
    story.office.json("sync")
    after = received(portal)
    assert after == before + 1

    said = story.office("backup", "restore", str(story.file), "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (5, "BACKUP_OLDER")
    found = story.office.json("backup", "restore", str(story.file), "--accept-older")
    assert Path(found["former_ledger"]).exists()
    story.office.json("sync")
    story.office.json("sync")
    assert received(portal) == after, "it rests until somebody has looked"
    story.office("doctor", "--begin-ledger")
    story.office.json("sync")
    assert received(portal) == after, "nor once the older state was taken: each letter is asked for"
    (entry,) = [each for each in story.office.json("outbox") if each["entry_id"] == story.entry]
    assert entry["state"] == "QUEUED"
    assert story.office.json("audit", "verify")["verified"] is True
    story.office.json("outbox", "retry", story.entry)
    story.office.json("sync")
    assert received(portal) == after + 1, "somebody has looked"


def test_a_case_decided_after_the_backup_is_not_decided_twice_unseen(
    story: Story, portal: RunningSandbox
) -> None:
    story.office.json("backup", "create", str(story.file))
    case_id = story.office.case_by("idBundDeMailbox")["case_id"]
    story.office.json("decide", case_id, "--outcome", "granted", "--now")
    story.office.json("sync")
    after = received(portal)
    key = (story.office.home / "keys" / "practice.key").read_bytes()
    shutil.rmtree(story.office.home)  # on the new disk nothing tells that there was more
    assert key
    assert story.office.json("backup", "restore", str(story.file))["uncertain"] is True

    assert story.office("cases").err.startswith("LEDGER_OLDER: ")
    story.office.json("decide", case_id, "--outcome", "refused", "--reasons", "x" * 40, "--now")
    for _ in range(2):
        assert story.office.json("sync")["sent"] == 0
    assert received(portal) == after


def test_originals_that_came_later_stay_and_damaged_ones_come_back(story: Story) -> None:
    before = story.shown()
    story.office.json("backup", "create", str(story.file))
    other = story.office.case_by("idBundDeMailbox")["case_id"]
    story.office.json("request-documents", other, "--item", "Meldebescheinigung", "--now")
    story.office.json("sync")
    answered = story.office.json("case", other)["applications"]
    assert len(answered) == 2
    documents = story.office.home / "documents"
    lost, damaged = sorted((documents / story.asked).glob("*.accepted"))[:2]
    lost.unlink()
    content = bytearray(damaged.read_bytes())
    content[-1] ^= 1
    damaged.write_bytes(content)

    story.office.json("backup", "restore", str(story.file), "--accept-older")
    assert story.office.json("case", other)["applications"] == answered
    assert story.office.json("case", story.asked)["applications"] == before[story.asked]["applications"]
    (aside,) = documents.rglob("*.replaced-*")
    assert aside.read_bytes() == bytes(content)
    names = [path.name.partition(".")[0] for path in documents.rglob("*.accepted")]
    assert len(names) == len(set(names))


def received(portal: RunningSandbox) -> int:
    """Messages and replies that citizens have."""
    boxes = {each.mailboxUuid for each in portal.filing.filed if each.mailboxUuid}
    messages = sum(len(portal.citizens.mailbox(box).messages) for box in boxes)
    return messages + len(portal.citizens.replies)


def test_nothing_is_lost_unasked(story: Story) -> None:
    story.office.json("backup", "create", str(story.file))
    story.office.json("assign", story.waiting, "--to", "brand")
    before = story.shown()
    said = story.office("backup", "restore", str(story.file), "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (5, "BACKUP_OLDER")
    assert story.shown() == before
    story.office.json("backup", "create", str(story.file))
    found = story.office.json("backup", "restore", str(story.file))  # the same state: nothing to lose
    assert found["uncertain"] is False
    assert story.office("cases").err == ""
    assert story.shown()[story.waiting]["assigned_to"] == "brand"


def test_a_damaged_ledger_is_replaced_and_kept_aside(story: Story) -> None:
    story.office.json("backup", "create", str(story.file))
    ledger = story.office.home / "ledger.db"
    content = bytearray(ledger.read_bytes())
    content[:4096] = b"\0" * 4096
    for suffix in ("-wal", "-shm"):
        ledger.with_name(f"ledger.db{suffix}").unlink(missing_ok=True)
    ledger.write_bytes(content)
    assert story.office("cases").exit_code == 6
    found = story.office.json("backup", "restore", str(story.file))
    assert Path(found["former_ledger"]).read_bytes() == bytes(content)
    assert story.office.json("case", story.waiting)["case_id"] == story.waiting


@pytest.mark.parametrize(
    ("name", "reason"), [("ledger.db", "changed"), ("documents/", "changed"), ("manifest.json", "manifest")]
)
def test_one_changed_byte_is_found(story: Story, name: str, reason: str) -> None:
    story.office.json("backup", "create", str(story.file))

    def change(found: str, content: bytes) -> bytes:
        if not found.startswith(name):
            return content
        if found == "manifest.json":
            return content.replace(b'"entries": ', b'"entries": 1', 1)
        return content[:-1] + bytes([content[-1] ^ 1])

    other = changed(story.file, change)
    before = story.shown()
    for action in ("check", "restore"):
        said = story.office("backup", action, str(other), "--json")
        assert (said.exit_code, said.document["error"]["code"]) == (6, "BACKUP_DAMAGED")
        assert said.document["error"]["params"]["reason"] == reason
    assert story.shown() == before


@pytest.mark.parametrize("extra", ["more.txt", "../../etc/cron.d/x", "documents/../x"])
def test_left_out_or_put_in(story: Story, extra: str) -> None:
    story.office.json("backup", "create", str(story.file))
    for other in (
        changed(story.file, lambda _name, content: content, extra),
        changed(story.file, lambda name, content: None if name.startswith("documents/") else content),
    ):
        said = story.office("backup", "restore", str(other), "--json")
        assert (said.exit_code, said.document["error"]["code"]) == (6, "BACKUP_DAMAGED")
    assert not (story.office.home.parent / "etc").exists()


@pytest.mark.parametrize(
    "content", [b"", b"PK\x05\x06" + b"\0" * 18, b"no zip at all", b"PK\x03\x04" + b"\xff" * 100]
)
def test_what_is_no_backup(story: Story, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    said = story.office("backup", "check", str(path), "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (6, "BACKUP_DAMAGED")
    assert story.office("backup", "check", str(tmp_path / "none.zip")).exit_code == 6


def test_a_newer_format_is_left_alone(story: Story) -> None:
    story.office.json("backup", "create", str(story.file))

    def newer(name: str, content: bytes) -> bytes:
        return content.replace(b'"format": 1', b'"format": 2') if name == "manifest.json" else content

    said = story.office("backup", "restore", str(changed(story.file, newer)), "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (5, "BACKUP_TOO_NEW")


def test_another_offices_home_is_not_touched(story: Story, portal: RunningSandbox, tmp_path: Path) -> None:
    story.office.json("backup", "create", str(story.file))
    other = Office(tmp_path / "other", portal.profiles[1])
    other.json("sync")
    said = other("backup", "restore", str(story.file), "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (5, "BACKUP_FOREIGN")


def test_beside_a_program_that_holds_the_home(story: Story) -> None:
    with InstanceLock(Home(story.office.home)):
        story.office.json("backup", "create", str(story.file))
        story.office.json("backup", "check", str(story.file))
        said = story.office("backup", "restore", str(story.file), "--json")
    assert said.document["error"]["code"] == "INSTANCE_RUNNING"


def test_no_name_is_in_it(story: Story) -> None:
    story.office.json("backup", "create", str(story.file))
    names = {row["applicant"].encode() for row in story.office.json("cases") if row["applicant"]}
    assert len(names) > 5
    content = story.file.read_bytes()
    assert [name for name in names if name in content] == []
    with zipfile.ZipFile(story.file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert set(manifest) == {
        "format", "made_at", "program", "home", "office", "practice", "key", "ledger", "files", "mac",
    }  # fmt: skip


def test_a_place_that_cannot_be_written(story: Story, tmp_path: Path) -> None:
    said = story.office("backup", "create", str(tmp_path / "none" / "x.zip"), "--json")
    assert said.document["error"]["code"] == "OUTPUT_NOT_WRITABLE"
    assert story.office("backup").exit_code == 2
    assert [each for each in (story.office.home / "temp").rglob("*") if each.is_file()] == []


def test_a_ledger_that_was_forged_before_it_was_saved_is_found_by_the_check(story: Story) -> None:
    key = data_key.PracticeKeyFile().read(Home(story.office.home))
    assert key is not None
    ledger = Connection(story.office.home / "ledger.db", StoreKeys.from_data_key(key).database, Role.LEDGER)
    ledger.execute("DROP TRIGGER entry_never_updated")
    ledger.execute("UPDATE entry SET actor = 'niemand' WHERE sequence = 2")
    ledger.close()
    story.office.json("backup", "create", str(story.file))
    said = story.office("backup", "check", str(story.file), "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (6, "BACKUP_DAMAGED")
    assert said.document["error"]["params"]["reason"] == "chain"


LIMITED = (
    "import resource, sys; from clerk_app.bootstrap.entrance import main; "
    "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)); sys.exit(main(sys.argv[1:]))"
)


@pytest.mark.skipif(sys.platform == "win32", reason="a limit stands in for a full disk")
def test_a_full_disk_leaves_what_was_there(story: Story) -> None:
    story.office.json("backup", "create", str(story.file))
    whole, before = story.file.read_bytes(), story.shown()

    def limited(*argv: str) -> tuple[int, str]:
        ended = subprocess.run(
            [sys.executable, "-c", LIMITED, "--home", str(story.office.home),
             "--profile", str(story.office.profile), *argv, "--json"],
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        return ended.returncode, json.loads(ended.stdout)["error"]["code"]

    assert limited("backup", "restore", str(story.file)) == (5, "DISK_FULL")
    assert limited("backup", "create", str(story.file)) in [(5, "DISK_FULL"), (2, "OUTPUT_NOT_WRITABLE")]
    assert story.file.read_bytes() == whole
    assert [each.name for each in story.file.parent.iterdir() if each.name.startswith(".clerk")] == []
    assert story.shown() == before
    assert not (story.office.home / "temp" / "restore").exists()
