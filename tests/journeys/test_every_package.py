"""Every package's samples, from arrival to the signed notice in the mailbox: one office in BW, one in SN."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clerk_app.cli import exits
from clerk_app.domain.deadlines import office_day
from clerk_app.sandbox.authorities import AUTHORITIES, AuthorityPlan
from clerk_app.sandbox.generator.filing import Filed
from clerk_app.sandbox.generator.given import GivenDocument, GivenForm
from clerk_app.sandbox.server import RunningSandbox
from clerk_app.services.catalogue import resources_folder
from tests.journeys.conftest import Office, StartPortal

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_URN = "urn:de:fim:leika:leistung:"


@dataclass(frozen=True)
class Sample:
    """One sample of one package, as its pages say."""

    package: str
    leika_key: str
    title: str
    schema_uri: str
    form: Any
    said: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.package}/{self.said['name']}"

    def given(self, plan: AuthorityPlan, today: date) -> GivenForm:
        """The sample as if somebody from the authority's own town had filed it today."""
        content = _moved(self.form, today - self.said["arrived_on"])
        home = content.get("antragsteller", {}).get("anschrift")
        if home is not None and "municipality" not in self.said.get("warnings", ()):
            content = _renamed(content, {home["plz"]: plan.postcode, home["ort"]: plan.city})
        documents = tuple(
            GivenDocument(
                each["filename"], each.get("media_type", "application/pdf"), each.get("description", "")
            )
            for each in self.said.get("attachments", ())
        )
        body = json.dumps(content, ensure_ascii=False).encode()
        return GivenForm(self.title, _URN + self.leika_key, self.schema_uri, body, documents)


def _moved(value: Any, by: timedelta) -> Any:
    """The same with every day moved on: rules about days must not depend on when the tests run."""
    if isinstance(value, dict):
        return {key: _moved(each, by) for key, each in value.items()}
    if isinstance(value, list):
        return [_moved(each, by) for each in value]
    if isinstance(value, str) and _DAY.match(value):
        return (date.fromisoformat(value) + by).isoformat()
    return value


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """The same with the sample's town put down as another one, wherever it stands."""
    if isinstance(value, dict):
        return {key: _renamed(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


def samples(land: str) -> Iterator[Sample]:
    for path in sorted(resources_folder("packages").glob("*/package.toml")):
        manifest = tomllib.loads(path.read_text(encoding="utf-8"))
        for said in tomllib.loads((path.parent / "samples.toml").read_text(encoding="utf-8"))["sample"]:
            if said.get("land", land) == land:
                form = json.loads((path.parent / said["form"]).read_text(encoding="utf-8"))
                uri = manifest["schema"][0]["uri"]
                yield Sample(
                    path.parent.name, manifest["leika_keys"][0], manifest["title"]["de"], uri, form, said
                )


def outcomes(sample: Sample) -> dict[str, str]:
    """The package's templates with their outcomes."""
    path = resources_folder("packages") / sample.package / "letters.toml"
    found = tomllib.loads(path.read_text(encoding="utf-8")).get("template", ())
    base = tomllib.loads((resources_folder("packages") / "base.toml").read_text(encoding="utf-8"))
    return {each["name"]: each["outcome"] for each in (*base["template"], *found)}


@pytest.mark.parametrize("plan", AUTHORITIES, ids=lambda plan: plan.land)
def test_every_sample_arrives_is_judged_and_its_notice_reaches_the_mailbox(
    plan: AuthorityPlan, start_portal: StartPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = start_portal()
    office = Office(tmp_path / "home", portal.profiles[AUTHORITIES.index(plan)])
    with_notice = [sample for sample in samples(plan.land) if sample.said.get("template")]
    assert len({sample.package for sample in with_notice}) >= 8
    filed = [(sample, file(portal, sample, plan)) for sample in with_notice]
    summary = office.json("sync")
    assert (summary["received"], summary["quarantined"], summary["rejected"]) == (len(filed), 0, 0)
    decided = {entry.caseId: decide(office, sample, entry, tmp_path, monkeypatch) for sample, entry in filed}
    summary = office.json("sync")
    assert summary["waiting"] == 0
    for sample, entry in filed:
        assert entry.mailboxUuid is not None
        notices = [
            file.content
            for message in portal.citizens.mailbox(entry.mailboxUuid).messages
            for file in message.files
            if file.filename.startswith("Bescheid-")
        ]
        assert [hashlib.sha256(pdf).hexdigest() for pdf in notices] == [decided[entry.caseId]], sample.name
    checked = office.json("verify", *[str(path) for path in sorted(tmp_path.glob("*.pdf"))])["documents"]
    assert [each["verdict"] for each in checked] == ["VALID"] * len(filed)


def file(portal: RunningSandbox, sample: Sample, plan: AuthorityPlan) -> Filed:
    today = office_day(datetime.fromtimestamp(portal.portal.clock(), UTC))
    return portal.filing.file_given(sample.given(plan, today), plan.short)


def decide(office: Office, sample: Sample, entry: Filed, folder: Path, clerk: pytest.MonkeyPatch) -> str:
    """Judges as the sample's page says and signs its letter; the SHA-256 of the notice."""
    case = office.json("case", entry.caseId)
    assert case["leika_key"] == sample.leika_key
    assert case["service"] == sample.title
    open_points = {each["id"] for each in case["checks"] if each["level"] != "ok"}
    assert open_points == set(sample.said.get("warnings", ())), sample.name
    name = sample.said["template"]
    outcome = outcomes(sample)[name]
    adverse = [] if outcome == "granted" else [
        "--reasons", "Die Voraussetzungen liegen nicht vor.",
        "--no-hearing", "Die Tatsachen stammen aus dem Antrag selbst.",
    ]  # fmt: skip
    pdf = folder / f"{entry.caseId}.pdf"
    wanted = ("--outcome", outcome, "--template", name, *adverse)
    done = office("decide", entry.caseId, *wanted, "--output", str(pdf), "--now", "--json")
    if done.exit_code == exits.CLERK_MUST_DECIDE and "REVIEW_MISSING" in done.err:
        return reviewed(office, entry, wanted, pdf, clerk)
    assert done.exit_code == 0, (sample.name, done.err)
    assert done.document["channel"] == "idBundDeMailbox"
    return str(done.document["sha256"])


def reviewed(
    office: Office, entry: Filed, wanted: tuple[str, ...], pdf: Path, clerk: pytest.MonkeyPatch
) -> str:
    """The office wants four eyes for this service: another person releases it, then it is signed."""
    draft = office.json("review", "submit", entry.caseId, *wanted)["draft_id"]
    with clerk.context() as other:
        other.setenv("LOGNAME", "zweite.person")
        office.json("folder", "seen", draft)
        office.json("review", "release", draft)
    office.json("folder", "seen", draft)
    [signed] = office.json("folder", "sign", draft, "--now")["results"]
    case = office.json("case", entry.caseId)
    [notice] = [each for each in case["documents"] if each["kind"] == "decision"]
    assert office("attachment", entry.caseId, notice["id"], "--output", str(pdf)).exit_code == 0
    assert signed["state"] == "signed"
    return str(notice["sha256"])
