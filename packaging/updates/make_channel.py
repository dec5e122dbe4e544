"""Make and keep an update channel (The Update Framework): ``init``, ``add``, ``refresh``.

A channel is a folder any static web server can serve. Keys lie in another folder, one PEM file per role; the
root and targets keys belong offline. What an admin lays down on desktops is ``metadata/1.root.json``.

    make_channel.py init CHANNEL KEYS
    make_channel.py add CHANNEL KEYS FILE --version 0.2.0 --platform linux-x86_64 [--notes TEXT]
    make_channel.py refresh CHANNEL KEYS            (signs the timestamp anew; daily, by the data centre)
"""

from __future__ import annotations

import argparse
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

ROLES = ("root", "targets", "snapshot", "timestamp")
DAYS = {"root": 730, "targets": 180, "snapshot": 180, "timestamp": 7}
RELEASES = "releases.json"


def main(argv: list[str] | None = None) -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    actions = parser.add_subparsers(dest="action", required=True)
    for name in ("init", "add", "refresh"):
        action = actions.add_parser(name)
        action.add_argument("channel", type=Path)
        action.add_argument("keys", type=Path)
        if name == "add":
            action.add_argument("file", type=Path)
            action.add_argument("--version", required=True)
            action.add_argument("--platform", required=True, choices=["linux-x86_64", "windows-x86_64"])
            action.add_argument("--notes", default="")
    args = parser.parse_args(argv)
    maker = ChannelMaker(args.channel, args.keys)
    if args.action == "init":
        maker.init()
    elif args.action == "add":
        maker.add(args.file, args.version, args.platform, args.notes)
    else:
        maker.refresh()


class ChannelMaker:
    """A channel and its keys. ``now`` dates what is signed."""

    def __init__(self, channel: Path, keys: Path, now: datetime | None = None) -> None:
        self.metadata, self.targets, self.keys = channel / "metadata", channel / "targets", keys
        self.now = (now or datetime.now(UTC)).replace(microsecond=0)

    def init(self) -> None:
        """New keys, an empty channel. Refuses one that is there already."""
        for folder in (self.metadata, self.targets, self.keys):
            folder.mkdir(parents=True, exist_ok=True)
        if any(self.metadata.iterdir()):
            raise SystemExit(f"{self.metadata} is not empty")
        root = Root(consistent_snapshot=True, expires=self._expiry("root"))
        for role in ROLES:
            path = self.keys / f"{role}.pem"
            if not path.exists():
                key = Ed25519PrivateKey.generate()
                path.touch(mode=0o600)
                path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            root.add_key(self._signer(role).public_key, role)
        self._write("root", Metadata(root), "1.root.json")
        self._publish(Targets(), {"releases": []})

    def add(self, file: Path, version: str, platform: str, notes: str) -> None:
        """Takes a file in and signs everything anew."""
        targets = self._read("targets").signed
        targets.version += 1
        listed: dict[str, Any] = json.loads((self.targets / RELEASES).read_text(encoding="utf-8"))
        shutil.copyfile(file, self.targets / file.name)
        targets.targets[file.name] = TargetFile.from_file(file.name, str(file))
        releases = {each["version"]: each for each in listed["releases"]}
        entry = releases.setdefault(version, {"version": version, "files": {}, "notes": notes})
        entry["files"][platform] = file.name
        entry["notes"] = notes or entry["notes"]
        self._publish(targets, {"releases": list(releases.values())})

    def refresh(self) -> None:
        """A new timestamp over what is there: it must not grow old while nothing changes."""
        timestamp = self._read("timestamp").signed
        timestamp.version += 1
        timestamp.expires = self._expiry("timestamp")
        self._write("timestamp", Metadata(timestamp), "timestamp.json")

    def _publish(self, targets: Targets, listed: dict[str, Any]) -> None:
        content = json.dumps(listed, ensure_ascii=False, indent=1).encode()
        (self.targets / RELEASES).write_bytes(content)
        targets.targets[RELEASES] = TargetFile.from_data(RELEASES, content)
        targets.expires = self._expiry("targets")
        self._write("targets", Metadata(targets), f"{targets.version}.targets.json")
        version = targets.version
        snapshot = Snapshot(
            version=version, expires=self._expiry("snapshot"), meta={"targets.json": MetaFile(version)}
        )
        self._write("snapshot", Metadata(snapshot), f"{version}.snapshot.json")
        former = self.metadata / "timestamp.json"
        number = self._read("timestamp").signed.version + 1 if former.exists() else 1
        timestamp = Timestamp(
            version=number, expires=self._expiry("timestamp"), snapshot_meta=MetaFile(version)
        )
        self._write("timestamp", Metadata(timestamp), "timestamp.json")

    def _read(self, role: str) -> Metadata[Any]:
        if role == "timestamp":
            return Metadata.from_file(str(self.metadata / "timestamp.json"))
        files = self.metadata.glob(f"*.{role}.json")
        return Metadata.from_file(str(max(files, key=lambda path: int(path.name.partition(".")[0]))))

    def _write(self, role: str, metadata: Metadata[Any], name: str) -> None:
        metadata.sign(self._signer(role))
        fresh = self.metadata / f".{name}"
        metadata.to_file(str(fresh))
        fresh.replace(self.metadata / name)

    def _signer(self, role: str) -> CryptoSigner:
        key = load_pem_private_key((self.keys / f"{role}.pem").read_bytes(), None)
        return CryptoSigner(key)  # type: ignore[arg-type]  # the PEM files hold Ed25519 keys of ours

    def _expiry(self, role: str) -> datetime:
        return self.now + timedelta(days=DAYS[role])


if __name__ == "__main__":
    main()
