#!/usr/bin/env python3
# ruff: noqa: T201, S603 - a program of its own that prints, and starts one tool it has looked up
"""Checks the proof bundle it lies in: ``python3 pruefen.py [--manifest-sha256 HEX]``.

A program of its own: Python 3.10 or newer and its standard library, plus ``openssl`` for the signature inside
a PDF where it is installed. It goes into every bundle as ``pruefen.py``; nothing of the program that made the
bundle is needed. Ends with 0 when everything holds, else with 1 and one line for each thing that does not.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
GENESIS = "0" * 64


class Check:
    """Collects what holds, what does not, and what could not be looked at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.failed: list[str] = []
        self.skipped: list[str] = []
        self.manifest: dict[str, Any] = {}
        self.finished = False

    def run(self, expected_manifest: str | None) -> None:
        """Everything, in an order in which each step may rely on the ones before."""
        for step in (
            lambda: self.files(expected_manifest),
            self.ledger,
            lambda: self.events("delivery"),
            self.arrivals,
            self.delivery,
            self.pdfs,
        ):
            self.guarded(step)
        self.finished = True

    def guarded(self, step: Callable[[], object]) -> None:
        """A step that cannot even be done has failed."""
        try:
            step()
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            IndexError,
            RecursionError,
        ) as error:
            self.fail(f"unlesbar / unreadable: {type(error).__name__}: {error}")

    def fail(self, line: str) -> None:
        """Something does not hold."""
        self.failed.append(line)

    def good(self, line: str) -> None:
        """Something holds."""
        print(f"gut / good: {line}")

    def files(self, expected_manifest: str | None) -> None:
        """Every file is listed, is there, and has its hashes; nothing else is there."""
        raw = (self.folder / MANIFEST).read_bytes()
        own_hash = hashlib.sha256(raw).hexdigest()
        self.manifest = json.loads(raw)
        listed = {str(each["path"]): each for each in self.manifest["files"]}
        found = {
            path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if not path.is_dir()
        }
        for name in sorted(found - set(listed) - {MANIFEST, SUMS}):
            self.fail(f"{name}: gehört nicht zum Paket / does not belong to the bundle")
        for name in sorted(set(listed) - found):
            self.fail(f"{name}: fehlt / is missing")
        for name in sorted(set(listed) & found):
            content = (self.folder / name).read_bytes()
            stated = listed[name]
            if (len(content), hashlib.sha256(content).hexdigest(), hashlib.sha512(content).hexdigest()) != (
                stated["size"],
                stated["sha256"],
                stated["sha512"],
            ):
                self.fail(f"{name}: verändert / changed")
        # A second look of its own: no single changed byte of this program can blind both.
        lines = [f"{sha256_of(self.folder / name)}  {name}\n" for name in (*listed, MANIFEST)]
        if (self.folder / SUMS).read_bytes() != "".join(lines).encode():
            self.fail(f"{SUMS} passt nicht / does not fit")
        if expected_manifest is not None and expected_manifest.strip().lower() != own_hash:
            self.fail(f"{MANIFEST}: nicht das erwartete / not the expected one (SHA-256 {own_hash})")
        if not self.failed:
            self.good(f"{len(listed)} Dateien unverändert / files unchanged; {MANIFEST}: SHA-256 {own_hash}")

    def json(self, name: str) -> Any:
        """A JSON file of the bundle."""
        return json.loads((self.folder / name).read_bytes())

    def ledger(self) -> None:
        """Each entry has the hash it says, and follows its predecessor where that one is here as well."""
        previous: dict[str, Any] | None = None
        entries = self.json("ledger.json")["entries"]
        for entry in entries:
            names = ("previous_hash", "entry_id", "at", "actor", "kind", "case_id", "subject_id", "payload")
            fields = json.dumps([entry[name] for name in names], ensure_ascii=False, separators=(",", ":"))
            if hashlib.sha256(fields.encode("utf-8", "surrogatepass")).hexdigest() != entry["entry_hash"]:
                self.fail(f"Protokoll / ledger {entry['sequence']}: verändert / changed")
            neighbours = previous is not None and entry["sequence"] == previous["sequence"] + 1
            linked = previous is not None and entry["previous_hash"] == previous["entry_hash"]
            if neighbours != linked or (previous is not None and entry["sequence"] <= previous["sequence"]):
                self.fail(f"Protokoll / ledger {entry['sequence']}: Kette gebrochen / chain broken")
            previous = entry
        for document in self.manifest["documents"]:
            stated = self.frozen(entries)[document["document_id"]]
            content = (self.folder / document["path"]).read_bytes()
            if (stated["sha256"], stated["sha512"]) != (
                hashlib.sha256(content).hexdigest(),
                hashlib.sha512(content).hexdigest(),
            ):
                self.fail(f"{document['path']}: nicht das protokollierte / not the recorded document")
        if not self.failed:
            self.good(f"{len(entries)} Protokolleinträge / ledger entries")

    @staticmethod
    def frozen(entries: list[dict[str, Any]]) -> dict[str, Any]:
        """Documents of the entry as they were fixed when it was put into the outbox, by id."""
        queued = next(entry for entry in entries if entry["kind"] == "queued")
        return {each["document_id"]: each for each in json.loads(queued["payload"])["outgoing"]["documents"]}

    def events(self, folder: str) -> None:
        """Every signed event was signed by the key kept for its issuer, and says what is told of it."""
        if not (self.folder / folder / "events.jws").exists():
            return
        tokens = (self.folder / folder / "events.jws").read_text("ascii").split()
        told, keys = self.json(f"{folder}/events.json"), self.json(f"{folder}/keys.json")
        without_key = 0
        for token, said in zip(tokens, told, strict=True):
            header, claims = decoded(token)
            if (said["header"], said["claims"]) != (header, claims):
                self.fail(f"{folder}/events.json: sagt anderes als das Ereignis / differs from the event")
            key = keys.get(slot_of(header, claims))
            if key is None:
                without_key += 1
            elif not signed_by(token, header, key):
                self.fail(f"{folder}: Signatur falsch / wrong signature: {claims.get('jti')}")
        if without_key:
            self.skipped.append(f"{folder}: {without_key} Ereignisse ohne Schlüssel / events without a key")
        if not self.failed:
            self.good(f"{folder}: {len(tokens) - without_key} Ereignisse signiert / events signed")

    def arrivals(self) -> None:
        """The event logs of the case's submissions."""
        for folder in self.manifest["arrivals"]:
            self.events(folder)

    def delivery(self) -> None:
        """A delivery that is claimed is proven by an event of the recorded object."""
        stated = self.manifest["delivery"]
        if not stated["delivered_electronically"]:
            return
        token = (self.folder / "delivery" / "receipt.jws").read_text("ascii").strip()
        header, claims = decoded(token)
        (event,) = claims["events"]
        steps = [
            json.loads(entry["payload"])
            for entry in self.json("ledger.json")["entries"]
            if entry["kind"] == "moved"
        ]
        remote = [step["remote"] for step in steps if step.get("remote")][-1]
        kept = [step["receipt"]["token"] for step in steps if step.get("receipt")]
        subject = re.sub(r"^(submission|reply):", "", claims["sub"])
        if subject != remote["remote_id"] or claims["txn"] != f"case:{remote['remote_case_id']}":
            self.fail("Quittung gehört zu einer anderen Sendung / the receipt belongs to another delivery")
        if not re.search(r"/accept-(submission|reply)$", event) or claims["iat"] != stated["accepted_iat"]:
            self.fail("Quittung sagt nicht „angenommen“ / the receipt does not say accepted")
        if token not in kept:
            self.fail("Quittung steht nicht im Protokoll / the receipt is not in the ledger")
        path = self.folder / "delivery" / "keys.json"
        key = json.loads(path.read_bytes()).get(slot_of(header, claims)) if path.exists() else None
        if key is None:
            self.skipped.append("Quittung: ohne Schlüssel nicht prüfbar / receipt: no key to check it with")
        elif not signed_by(token, header, key):
            self.fail("Quittung: Signatur falsch / receipt: wrong signature")
        elif not self.failed:
            self.good(f"zugestellt / delivered: {stated['accepted_at']}")

    def pdfs(self) -> None:
        """The signature inside each signed PDF fits the bytes it covers."""
        openssl = shutil.which("openssl")
        for document in self.manifest["documents"]:
            if not document["signed"]:
                continue
            content = (self.folder / document["path"]).read_bytes()
            found = list(pdf_signatures(content))
            if not found:
                self.fail(f"{document['path']}: keine Signatur / no signature")
            for covered, cms in found:
                if openssl is None:
                    self.skipped.append(f"{document['path']}: openssl fehlt / openssl is missing")
                elif not cms_fits(openssl, covered, cms):
                    self.fail(f"{document['path']}: Signatur falsch / wrong signature")
                elif not self.failed:
                    self.good(f"{document['path']}: Signatur unversehrt / signature intact")


def sha256_of(path: Path) -> str:
    """Lower-case hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def decoded(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a compact JWS."""
    header, claims, _signature = token.split(".")
    return json.loads(unbase64(header)), json.loads(unbase64(claims))


def unbase64(text: str) -> bytes:
    """RFC 7515, appendix C; nothing outside of the alphabet is overlooked."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("not base64url")
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
        raise ValueError("not the one spelling of these bytes")
    return raw


def slot_of(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Where the key of an event's issuer is kept: a delivery service is an address, a party is an id."""
    issuer = str(claims["iss"])
    if issuer.startswith(("https://", "http://")):
        return f"service:{header['kid']}"
    return f"destination:{issuer.lower()}:{header['kid']}"


def signed_by(token: str, header: dict[str, Any], key: dict[str, Any]) -> bool:
    """Whether ``key`` (a JWK) signed ``token``: PS512 (RFC 7518, section 3.5), computed here."""
    if header.get("alg") != "PS512" or key.get("kty") != "RSA":
        return False
    signed, _, signature = token.rpartition(".")
    modulus, exponent = number(key["n"]), number(key["e"])
    return pss_fits(modulus, exponent, signed.encode("ascii"), unbase64(signature))


def number(text: str) -> int:
    """A number of a JWK."""
    return int.from_bytes(unbase64(text), "big")


def pss_fits(modulus: int, exponent: int, message: bytes, signature: bytes) -> bool:
    """RSASSA-PSS verification with SHA-512 and a salt of 64 bytes (RFC 8017, sections 8.1.2 and 9.1.2)."""
    value = int.from_bytes(signature, "big")
    if len(signature) != (modulus.bit_length() + 7) // 8 or value >= modulus:
        return False
    bits = modulus.bit_length() - 1
    length = (bits + 7) // 8
    encoded = pow(value, exponent, modulus)
    if encoded.bit_length() > bits:
        return False
    block = encoded.to_bytes(length, "big")
    if length < 130 or block[-1] != 0xBC:
        return False
    masked, digest = block[: length - 65], block[length - 65 : -1]
    stream = b"".join(
        hashlib.sha512(digest + counter.to_bytes(4, "big")).digest()
        for counter in range(len(masked) // 64 + 1)
    )
    data = bytearray(one ^ other for one, other in zip(masked, stream[: len(masked)], strict=True))
    data[0] &= 0xFF >> (8 * length - bits)
    padding, salt = bytes(data[:-64]), bytes(data[-64:])
    if padding != b"\0" * (len(padding) - 1) + b"\1":
        return False
    return hashlib.sha512(b"\0" * 8 + hashlib.sha512(message).digest() + salt).digest() == digest


SIGNATURE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


def pdf_signatures(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The bytes each signature covers, and the signature (CMS). Time stamps of the document are left out."""
    for match in SIGNATURE.finditer(content):
        first, second, length = (int(each) for each in match.groups())
        text = content[first:second].strip()
        if not (text.startswith(b"<") and text.endswith(b">")) or second + length > len(content):
            raise ValueError("ByteRange")
        surroundings = (
            content[max(0, match.start() - 4000) : match.start()] + content[match.end() : second + 2000]
        )
        cms = bytes.fromhex(text[1:-1].decode("ascii"))
        if b"/ETSI.RFC3161" in surroundings and b"/ETSI.CAdES.detached" not in surroundings:
            continue
        yield content[:first] + content[second : second + length], cms[: der_length(cms)]


def der_length(der: bytes) -> int:
    """How long the first DER element is: zeros may follow it."""
    if der[1] < 0x80:
        return 2 + der[1]
    count = der[1] & 0x7F
    return 2 + count + int.from_bytes(der[2 : 2 + count], "big")


def cms_fits(openssl: str, covered: bytes, cms: bytes) -> bool:
    """Asks openssl. Whether the certificate is to be trusted is another question (see README.txt)."""
    with tempfile.TemporaryDirectory() as folder:
        content, signature = Path(folder, "content"), Path(folder, "signature")
        content.write_bytes(covered)
        signature.write_bytes(cms)
        command = [openssl, "cms", "-verify", "-noverify", "-binary", "-inform", "DER"]
        command += ["-in", str(signature), "-content", str(content), "-out", str(Path(folder, "out"))]
        done = subprocess.run(command, capture_output=True, check=False)
        return done.returncode == 0


def main(check: Check) -> None:
    """Checks the folder this file lies in. Ends with a text (exit 1) when anything does not hold."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a terminal without UTF-8
    parser = argparse.ArgumentParser(description="Prüft dieses Paket / checks this bundle.")
    parser.add_argument(
        "--manifest-sha256", metavar="HEX", help="SHA-256 der manifest.json / of manifest.json"
    )
    wanted = parser.parse_args().manifest_sha256
    check.run(wanted)
    for line in check.skipped:
        print(f"nicht geprüft / not checked: {line}")
    if check.failed:
        sys.exit("\n".join(f"FEHLER / FAILED: {line}" for line in check.failed))
    print("Alles unverändert / everything is unchanged.")
    if wanted is None:
        print(
            "Den SHA-256-Wert der manifest.json bitte mit dem der Behörde vergleichen. / Please compare the "
            "SHA-256 of manifest.json with the office's."
        )


# No "if __name__" here: a changed byte in it would make the check end well without having checked anything.
CHECK = Check(Path(__file__).resolve().parent)
main(CHECK)
if not CHECK.finished:
    sys.exit("FEHLER / FAILED: nicht geprüft / not checked")
