"""Puts applications into a store's cache without sealing originals: relations cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from clerk_app.domain.ids import CaseId
from clerk_app.store import case_rows
from clerk_app.store.connection import Role
from clerk_app.store.encoding import stored_time
from clerk_app.store.home import Store
from tests.store.making import DESTINATION, START, make_opened, make_original
from tests.store.population import Filed


def put(store: Store, filed: Sequence[Filed]) -> list[CaseId]:
    """One case each, a minute apart; their ids in the same order."""
    connection = store._writer(Role.CACHE)
    cases = []
    with connection.transaction("population"):
        for number, each in enumerate(filed):
            at = START + timedelta(minutes=number)
            opened, facts = make_opened(make_original(at=at), at=at, service=each.service)
            case_id = opened.application.case_id
            connection.execute(
                "INSERT INTO submission(submission_id, case_id, portal, destination_id, state, received_at) "
                "VALUES (?,?,'service-bw',?,'accepted',?)",
                (opened.application.submission_id, case_id, DESTINATION, stored_time(at)),
            )
            key = int(connection.value("SELECT last_insert_rowid()"))
            facts = replace(facts, leika_key=None, person=each.facts)
            application = replace(opened.application, attachments=each.attachments)
            case_rows.insert_application(connection, key, application, facts)
            case_rows.refresh(connection, case_id)
            cases.append(case_id)
    store.release(connection)
    return cases
