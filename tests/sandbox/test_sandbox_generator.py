"""What citizens file: real contents, valid metadata, names from the whole letter set, a true manifest."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pikepdf
import pytest
from PIL import Image

from clerk_app.sandbox import jose
from clerk_app.sandbox.generator.defects import DEFECTS
from clerk_app.sandbox.generator.filing import Filed
from clerk_app.sandbox.generator.names import LETTERS, People
from clerk_app.sandbox.generator.services import SERVICES
from clerk_app.sandbox.keys import KEYS, KeyRing
from clerk_app.sandbox.model import Payload
from clerk_app.sandbox.parameters import Town, neighbours
from clerk_app.sandbox.server import RunningSandbox
from tests.sandbox.test_sandbox_support import Office, start


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory, cache_dir: Path) -> Iterator[RunningSandbox]:
    with start(tmp_path_factory.mktemp("generator"), cache_dir, applications=120, seed=7) as running:
        yield running


def payload_of(sandbox: RunningSandbox, filed: Filed) -> Payload:
    payload = sandbox.portal.submissions[filed.submissionId].payload
    assert payload is not None
    return payload


def opened(sandbox: RunningSandbox, filed: Filed, jwe: str) -> bytes:
    """Decrypts with whatever key of the filed authority fits; raises JoseError when none does."""
    kid = jose.jwe_header(jwe)["kid"]
    names = [name for name in KEYS if name.startswith(f"{filed.authority}-encryption")]
    for name in names:
        if sandbox.keys.pair(name).kid == kid:
            return jose.decrypt(jwe, sandbox.keys.pair(name).private)
    raise jose.JoseError("no key of this authority")


def applications(sandbox: RunningSandbox) -> list[Filed]:
    return [filed for filed in sandbox.filing.filed if filed.kind == "application"]


def sound(sandbox: RunningSandbox) -> list[Filed]:
    return [filed for filed in applications(sandbox) if filed.defect is None]


def metadata_of(sandbox: RunningSandbox, filed: Filed) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(opened(sandbox, filed, payload_of(sandbox, filed).metadata))
    return value


def test_metadata_is_valid_in_both_versions(sandbox: RunningSandbox, shared_dir: Path) -> None:
    schemas = {}
    for version in ("1.0.0", "2.1.0"):
        path = shared_dir / "reference" / "schemas" / f"fit-connect-metadata-{version}.schema.json"
        schemas[version] = jsonschema.Draft202012Validator(
            json.loads(path.read_text(encoding="utf-8")), format_checker=jsonschema.FormatChecker()
        )
    seen = set()
    for filed in sound(sandbox):
        schemas[filed.metadataVersion].validate(metadata_of(sandbox, filed))
        seen.add(filed.metadataVersion)
    assert seen == {"1.0.0", "2.1.0"}


def test_the_manifest_tells_what_lies_in_the_portal(sandbox: RunningSandbox) -> None:
    manifest = json.loads((sandbox.directory / "applications.json").read_text(encoding="utf-8"))
    assert len(manifest) == 120
    assert [entry["submissionId"] for entry in manifest] == [f.submissionId for f in sandbox.filing.filed]
    for filed in sound(sandbox):
        payload = payload_of(sandbox, filed)
        assert payload.content is not None
        content = opened(sandbox, filed, payload.content)
        assert hashlib.sha512(content).hexdigest() == filed.dataSha512
        assert json.loads(content)["antragsteller"]["nachname"] == filed.familyName
        digests = {
            key: hashlib.sha512(opened(sandbox, filed, jwe)).hexdigest()
            for key, jwe in payload.attachments.items()
        }
        assert digests == {entry["attachmentId"]: entry["sha512"] for entry in filed.attachments}
        metadata = metadata_of(sandbox, filed)
        assert metadata["contentStructure"]["data"]["hash"]["content"] == filed.dataSha512
        reference = metadata["additionalReferenceInfo"]
        assert reference.get("idBundDeApplicationId") == filed.applicationId
        assert reference.get("zustimmungZumDigitalenBescheid") == filed.digitalConsent
        assert next(iter(metadata.get("replyChannel", {None: 0}))) == filed.replyChannel


def test_some_live_where_another_authority_is_competent(sandbox: RunningSandbox) -> None:
    own = {"bw": "70999", "sn": "02699"}
    towns: dict[str, list[Town]] = {"bw": [], "sn": []}
    for filed in sound(sandbox):
        payload = payload_of(sandbox, filed)
        assert payload.content is not None
        home = json.loads(opened(sandbox, filed, payload.content))["antragsteller"]["anschrift"]
        towns[filed.authority].append(Town(home["plz"], home["ort"]))
    for short, found in towns.items():
        others = [town for town in found if town.postcode != own[short]]
        assert 0 < len(others) < len(found) / 4
        assert set(others) <= set(neighbours(short))


def test_the_mixture_is_as_in_life(sandbox: RunningSandbox) -> None:
    filed = applications(sandbox)
    assert {entry.leikaKey for entry in filed} == {service.leika_key for service in SERVICES}
    assert len(SERVICES) >= 8
    assert {entry.authority for entry in filed} == {"bw", "sn"}
    channels = [entry.replyChannel for entry in filed]
    assert set(channels) == {"idBundDeMailbox", "fitConnect", "eMail", None}
    assert channels.count("idBundDeMailbox") > len(channels) / 3
    assert {entry.digitalConsent for entry in filed} == {True, False, None}
    assert {entry.apiVersion for entry in filed} == {1, 2}
    kids = {
        jose.jwe_header(payload_of(sandbox, entry).metadata)["kid"] for entry in filed if not entry.defect
    }
    assert len(kids) == 3, "both authorities' keys and the one from before the rollover"


def test_documents_are_real(sandbox: RunningSandbox) -> None:
    kinds = set()
    for filed in sound(sandbox):
        for entry in filed.attachments:
            document = opened(sandbox, filed, payload_of(sandbox, filed).attachments[entry["attachmentId"]])
            kinds.add(entry["mediaType"])
            if entry["mediaType"] == "application/pdf":
                with pikepdf.open(io.BytesIO(document)) as pdf:
                    assert len(pdf.pages) == 1
            else:
                with Image.open(io.BytesIO(document)) as image:
                    assert image.size == (480, 320)
    assert kinds == {"application/pdf", "image/png", "image/jpeg"}


def test_defects_are_what_the_manifest_says(sandbox: RunningSandbox) -> None:
    damaged = {entry.defect: entry for entry in applications(sandbox) if entry.defect}
    assert {entry.authority for entry in damaged.values()} == {"bw", "sn"}
    assert set(damaged) == {defect.name for defect in DEFECTS}
    wrong = damaged["wrong-data-hash"]
    data = metadata_of(sandbox, wrong)["contentStructure"]["data"]
    assert data["hash"]["content"] != wrong.dataSha512
    foreign = damaged["foreign-key"]
    with pytest.raises(jose.JoseError):
        opened(sandbox, foreign, payload_of(sandbox, foreign).metadata)
    for name, more in (("attachment-not-in-metadata", 1), ("listed-attachment-not-sent", -1)):
        listed = metadata_of(sandbox, damaged[name])["contentStructure"]["attachments"]
        assert len(payload_of(sandbox, damaged[name]).attachments) == len(listed) + more
    broken = payload_of(sandbox, damaged["malformed-json"]).content
    assert broken is not None
    with pytest.raises(ValueError, match=r"\w"):
        json.loads(opened(sandbox, damaged["malformed-json"], broken))
    known = {service.schema_uri for service in SERVICES}
    strange = damaged["unknown-schema"]
    content = payload_of(sandbox, strange).content
    assert content is not None
    form = opened(sandbox, strange, content)
    assert strange.schemaUri not in known
    assert json.loads(form)["$schema"] == strange.schemaUri
    assert hashlib.sha512(form).hexdigest() == strange.dataSha512
    with pytest.raises(ValueError, match=r"\w"):
        metadata_of(sandbox, damaged["malformed-metadata"])


def test_few_applications_are_sound_unless_asked_otherwise(tmp_path: Path, cache_dir: Path) -> None:
    with start(tmp_path, cache_dir, applications=19) as sandbox:
        assert {entry.defect for entry in sandbox.filing.filed} == {None}
        sandbox.file_applications(5, defective=3)
        assert sum(entry.defect is not None for entry in sandbox.filing.filed) == 3


def test_the_same_seed_brings_the_same_citizens(tmp_path: Path, cache_dir: Path) -> None:
    def drawn(seed: int, name: str) -> list[tuple[str, str | None, str]]:
        with start(tmp_path / name, cache_dir, applications=12, seed=seed) as sandbox:
            return [(f.applicant, f.mailboxUuid, f.service) for f in sandbox.filing.filed]

    assert drawn(5, "a") == drawn(5, "b")
    assert drawn(5, "c") != drawn(6, "d")


def test_names_keep_to_din_91379_and_use_all_of_it(shared_dir: Path) -> None:
    lines = (
        (shared_dir / "reference" / "din91379" / "letters-1.3.txt").read_text(encoding="utf-8").splitlines()
    )
    rows = [line.split("; ", 4) for line in lines if line and not line.startswith("#")]
    allowed = sorted((row[4] for row in rows if row[0] in ("bll", "bnlreq", "bnl")), key=len, reverse=True)
    name = re.compile("(?:" + "|".join(re.escape(letter) for letter in allowed) + r"| )+\Z")
    people = People(random.Random(1))
    drawn = [people.draw("SN" if n % 2 else "BW", "02699", "Bjespjelow") for n in range(4 * len(LETTERS))]
    for person in drawn:
        for part in (person.full_name, person.street, person.birth_name or "X", person.birth_place):
            assert name.match(part), part
    everything = "".join(person.full_name for person in drawn)
    missing = [row[4] for row in rows if row[0] == "bll" and row[4] not in everything]
    assert missing == []
    assert any(not person.given for person in drawn), "people with a single name"
    assert any(" " in person.family for person in drawn), "particles"


def test_ibans_have_right_check_digits() -> None:
    people = People(random.Random(2))
    for _ in range(50):
        iban = people.draw("BW", "70999", "Musterhausen").iban
        assert len(iban) == 22
        assert int(f"{iban[4:]}1314{iban[2:4]}") % 97 == 1


def test_forms_are_nested_and_dated_today(sandbox: RunningSandbox) -> None:
    filed = sound(sandbox)[0]
    content = payload_of(sandbox, filed).content
    assert content is not None
    form = json.loads(opened(sandbox, filed, content))
    assert form["antragsteller"]["anschrift"]["ort"]
    applied = dt.date.fromisoformat(form["erklaerung"]["datum"])
    assert dt.timedelta(0) <= dt.datetime.now(dt.UTC).date() - applied <= dt.timedelta(days=4)


def test_answers_are_in_the_manifest_too(tmp_path: Path, cache_dir: Path) -> None:
    with start(tmp_path, cache_dir, applications=6, seed=2) as sandbox:
        filed = next(f for f in sandbox.filing.filed if f.mailboxUuid and f.authority == "bw")
        office = Office(sandbox)
        office.deliver(office.signed(office.message(str(filed.mailboxUuid), "- Mietvertrag", {})))
        office.deliver(office.signed(office.status(str(filed.applicationId), "ACTION_REQUIRED")), status=True)
        last = json.loads((sandbox.directory / "applications.json").read_text(encoding="utf-8"))[-1]
        assert (last["kind"], last["caseId"]) == ("answer", filed.caseId)
        answer = sandbox.filing.filed[-1]
        content = payload_of(sandbox, answer).content
        assert content is not None
        form = json.loads(opened(sandbox, answer, content))
        assert form["nachreichung"]["unterlagen"][0]["angefordert"] == "Mietvertrag"
        assert hashlib.sha512(opened(sandbox, answer, content)).hexdigest() == last["dataSha512"]


def test_keys_are_made_once(cache_dir: Path, tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys")
    ring.make_missing(cache_dir / "sandbox-keys")
    first = ring.pair("bw-encryption").kid
    KeyRing(tmp_path / "keys").make_missing()
    assert KeyRing(tmp_path / "keys").pair("bw-encryption").kid == first
    assert ring.pair("bw-encryption").public_jwk["n"] == ring.pair("bw-encryption").private_jwk["n"]
    assert len(ring.pair("bw-encryption").public_jwk["n"]) == 683
