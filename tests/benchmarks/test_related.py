"""Related cases: one look-up among 100,000 cases, and all pairs of 50,000 that may be double."""

from __future__ import annotations

import os
import random
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from clerk_app.domain.ids import CaseId
from clerk_app.domain.reference import case_reference
from clerk_app.store.connection import Connection, Role
from clerk_app.store.home import HomePaths, Store
from clerk_app.store.migrations import migrate, migrations
from clerk_app.store.relation_keys import attachment_keys, person_keys
from tests.benchmarks.caseload import KEY, START
from tests.benchmarks.limits import middle_s, report
from tests.store.population import filed

CASES = int(os.environ.get("CLERK_BENCH_RELATED_CASES", "100000"))
LOOKED_AT = 200


def related_store(folder: Path, cases: int) -> Store:
    """A store with ``cases`` cases of a town, nine of ten closed, two documents each, one shared by many."""
    store = Store.open(HomePaths(folder), KEY)
    rng = random.Random(1)
    connection = store._writer(Role.CACHE)
    with connection.transaction("benchmark"):
        for number, each in enumerate(filed(3, cases)):
            arrived = START + timedelta(minutes=number)
            case_id = CaseId(str(UUID(int=rng.getrandbits(128), version=4)))
            key, at = int(arrived.timestamp() * 1000), arrived.isoformat(timespec="microseconds")
            name = f"{each.facts.family_name}, {each.facts.given_names}"
            connection.execute(
                "INSERT INTO cases VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'')",
                (key, case_id, case_reference(case_id, arrived.year), "service-bw", "d", each.service, None,
                 name, name, "Musterhausen", at, at, f"{arrived + timedelta(days=30):%Y-%m-%d}", None,
                 2, 1, 0, None, int(rng.random() < 0.9)),
            )  # fmt: skip
            own = f"{rng.getrandbits(160):040x}"
            shared = f"{rng.randrange(cases // 2 if rng.random() < 0.2 else 3):040x}"
            keys = person_keys(each.facts) + attachment_keys([(own, 1, "a.pdf"), (shared, 1, "b.pdf")])
            connection.execute_many(
                "INSERT INTO relation_key VALUES (?,?,?,?,?) ON CONFLICT DO NOTHING",
                [(one.kind.value, one.key, one.beside, key, one.written) for one in keys],
            )
    store.release(connection)
    return store


def test_one_look_up(tmp_path: Path) -> None:
    store = related_store(tmp_path, CASES)
    try:
        reads = store.reads()
        connection = store._reader(Role.CACHE)
        wanted = connection.rows(f"SELECT case_id, id FROM cases ORDER BY random() LIMIT {LOOKED_AT}")
        bare = (
            "SELECT DISTINCT o.case_key FROM relation_key k JOIN relation_key o "
            "ON o.kind = k.kind AND o.key = k.key AND o.beside = k.beside WHERE k.case_key = ? LIMIT 50"
        )
        ours = middle_s(lambda: [reads.related(case_id) for case_id, _key in wanted], 5)
        limit = middle_s(lambda: [connection.rows(bare, (key,)) for _case_id, key in wanted], 5)
        slowest = max(_seconds(lambda: reads.related(case_id)) for case_id, _key in wanted)  # noqa: B023
        report(
            f"related cases among {CASES}: one look-up / bare indexed query",
            ours / LOOKED_AT * 1000, limit / LOOKED_AT * 1000, "ms", slowest_ms=round(slowest * 1000, 1),
        )  # fmt: skip
        connection.close()
    finally:
        store.close()


def test_all_pairs(tmp_path: Path) -> None:
    cases = CASES // 2
    store = related_store(tmp_path, cases)
    try:
        reads = store.reads()
        connection = store._reader(Role.CACHE)
        found = reads.double_pairs()
        assert found.total
        ours = middle_s(reads.double_pairs, 5)
        bare = "SELECT kind, key FROM relation_key GROUP BY kind, key HAVING count(*) > 1"
        limit = middle_s(lambda: connection.rows(bare), 5)
        report(
            f"all pairs among {cases} / one walk over the index",
            ours * 1000, limit * 1000, "ms", pairs=found.total,
        )  # fmt: skip
        connection.close()
    finally:
        store.close()


def test_the_migration_of_a_large_cache(tmp_path: Path) -> None:
    """What a start waits for once: an index over the submissions, nothing else."""
    connection = Connection(tmp_path / "a.db", KEY, Role.CACHE)
    migrate(connection, migrations(Role.CACHE)[:1])
    with connection.transaction("benchmark"):
        connection.execute_many(
            "INSERT INTO submission(submission_id, case_id, portal, destination_id, state, received_at) "
            "VALUES (?,?,'service-bw','d','accepted','2026')",
            [(str(UUID(int=n)), str(UUID(int=n))) for n in range(CASES)],
        )
    limit = _seconds(lambda: connection.rows("SELECT count(case_id) FROM submission"))
    ours = _seconds(lambda: migrate(connection))
    report(
        f"migration of a cache with {CASES} submissions / reading them once", ours * 1000, limit * 1000, "ms"
    )
    connection.close()


def _seconds(work: object) -> float:
    assert callable(work)
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
