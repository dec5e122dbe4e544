"""Check points: what it costs to look at everything the offices' applications say."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from clerk_app.domain.application import Attachment
from clerk_app.domain.ids import AttachmentId
from clerk_app.domain.service_package import CheckLevel, ServiceDescription
from clerk_app.sandbox.generator.names import People
from clerk_app.sandbox.generator.services import SERVICES, applicant
from clerk_app.services.catalogue import ServiceCatalogue
from clerk_app.services.checks import CheckMatter, run_checks
from clerk_app.services.form_tree import read_form
from tests.benchmarks.limits import cpu_s, report

APPLICATIONS = 10_000
ROUNDS = 3
TODAY = date(2026, 11, 24)
PLACES = ("Stadt Musterhausen", "Musterhausen")

Filed = tuple[bytes, tuple[Attachment, ...], ServiceDescription]


def filed() -> Iterator[Filed]:
    """Applications as citizens of the practice portal file them, of all its services in turn."""
    rng = random.Random(1)
    people, catalogue = People(rng), ServiceCatalogue("BW")
    for number in range(APPLICATIONS):
        plan = SERVICES[number % len(SERVICES)]
        person = people.draw("BW", "70999", "Musterhausen")
        form = {"$schema": plan.schema_uri, "antragsteller": applicant(person)}
        form |= plan.fill_in(rng, person, TODAY)
        files = tuple(
            Attachment(AttachmentId(item.filename), item.filename, "application/pdf", 1, "0" * 128)
            for item in plan.evidence
            if rng.randrange(100) < item.often
        )
        yield json.dumps(form).encode(), files, catalogue.find(plan.leika_key)


def walked(node: Any) -> int:
    """How many values there are: the least anybody must do who looks at all of them."""
    if isinstance(node, dict):
        return sum(walked(value) for value in node.values())
    if isinstance(node, list):
        return sum(walked(value) for value in node)
    return 1


def spent_s(works: tuple[Callable[[], object], ...]) -> list[float]:
    """CPU seconds of each, the least of several rounds in turn."""
    spent = []
    for _ in range(ROUNDS):
        for work in works:
            began = cpu_s()
            work()
            spent.append(cpu_s() - began)
    return [min(spent[at :: len(works)]) for at in range(len(works))]


def test_all_checks_of_ten_thousand_applications() -> None:
    applications = list(filed())
    levels = dict.fromkeys(CheckLevel, 0)

    def look() -> None:
        for content, files, description in applications:
            tree = read_form(content, "application/json")
            for result in run_checks(description, CheckMatter(tree, files, TODAY, PLACES)):
                levels[result.level] += 1

    def read() -> None:
        for content, _files, _description in applications:
            read_form(content, "application/json")

    def least() -> None:
        for content, _files, _description in applications:
            walked(json.loads(content))

    ours, reading, limit = spent_s((look, read, least))
    assert levels[CheckLevel.OK] > levels[CheckLevel.WARN] > 0
    assert levels[CheckLevel.UNDECIDED] == 0
    each = 1_000_000 / APPLICATIONS
    points = sum(len(description.check_points) for _c, _f, description in applications)
    report(
        f"all checks of {APPLICATIONS:,} applications / json.loads and one walk",
        ours,
        limit,
        "s",
        us_per_application=round(ours * each, 1),
        of_that_reading_the_form_us=round(reading * each, 1),
        limit_us_per_application=round(limit * each, 1),
        us_per_check=round((ours - reading) * 1_000_000 / points, 2),
        checks_per_application=round(points / APPLICATIONS, 1),
    )
