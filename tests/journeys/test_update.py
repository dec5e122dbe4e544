"""Updates on the command line: as the policy says, and nothing without one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app import __version__
from clerk_app.system import policy
from tests.journeys.conftest import Office
from tests.updates.conftest import Publisher, maker_module, publisher

__all__ = ["maker_module", "publisher"]


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    return Office(tmp_path / "home", tmp_path / "none.toml")


@contextlib.contextmanager
def settled(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> Iterator[None]:
    file = folder / "policy.toml"
    file.write_text(text, encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(policy, "LINUX_FILE", file)
        yield


def test_without_a_policy_nobody_is_asked(desk: Office) -> None:
    said = desk("update", "check", "--json", profile=False)
    assert (said.exit_code, said.document["error"]["code"]) == (5, "UPDATE_OFF")
    assert desk("update", profile=False).exit_code == 2


def test_announced_then_fetched_when_the_policy_allows(
    desk: Office, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root.json"
    root.write_bytes(publisher.root)
    place = f'[updates]\nurl = "{publisher.url}"\nroot = "{root}"\n'
    publisher.release(__version__, b"this one")
    target = tmp_path / "neu"
    with settled(monkeypatch, tmp_path, place + 'channel = "announce"\n'):
        said = desk("update", "check", "--json", profile=False)
        assert (said.exit_code, said.document["newer"]) == (0, False)
        publisher.release("99.0.0", b"the next one", notes="Neu: alles.")
        assert desk("update", "check", profile=False).out.splitlines() == [
            f"Neu: Fassung 99.0.0; hier läuft {__version__}.",
            "Neu: alles.",
        ]
        said = desk("update", "download", "--to", str(target), "--json", profile=False)
        assert (said.exit_code, said.document["error"]["code"]) == (5, "POLICY_FORBIDS")
        assert not target.exists()
    with settled(monkeypatch, tmp_path, place + 'channel = "download"\n'):
        said = desk("update", "download", "--to", str(target), "--json", profile=False)
        assert said.exit_code == 0, said.err
        assert Path(said.document["path"]).read_bytes() == b"the next one"


def test_doctor_tells_of_it(
    office: Office, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.json("sync")
    root = tmp_path / "root.json"
    root.write_bytes(publisher.root)
    publisher.release("99.0.0", b"the next one")
    text = f'[updates]\nurl = "{publisher.url}"\nroot = "{root}"\nchannel = "announce"\n'
    with settled(monkeypatch, tmp_path, text):
        (line,) = [f for f in office.json("doctor")["findings"] if f["area"] == "updates"]
        assert (line["ok"], line["code"]) == (True, "UPDATE_AVAILABLE")
        assert "Fassung 99.0.0 ist erschienen" in line["text"]
    assert not [f for f in office.json("doctor")["findings"] if f["area"] == "updates"]
