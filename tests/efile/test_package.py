"""xdomea packages from values: valid whatever people wrote, whole or not at all, in constant memory."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import BinaryIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clerk_app.domain.case import HistoryEvent
from clerk_app.domain.efile import FiledCase, FiledDocument, FiledKind, Handover
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.efile import words
from clerk_app.efile.package import XdomeaPacker
from tests.efile.reading import Package, X, read_package
from tests.store.making import new_id

AT = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
HANDOVER = Handover("0d3f1b52-7f5e-4a39-8f0e-1f5f0e6a9b11", AT, "Stadt Musterhausen", "Landesarchiv")


def filed_document(content: bytes = b"x", **parts: object) -> FiledDocument:
    values: dict[str, object] = {
        "document_id": new_id(),
        "kind": FiledKind.ATTACHMENT,
        "title": "Anlage",
        "media_type": "application/pdf",
        "size_bytes": len(content),
        "pour": lambda sink: sink.write(content),
    }
    return FiledDocument(**values | parts)  # type: ignore[arg-type]


def filed_case(*documents: FiledDocument, history: tuple[HistoryEvent, ...] = (), **parts: str) -> FiledCase:
    return FiledCase(
        CaseId(parts.get("case_id", new_id())),
        parts.get("reference", "2026-ABC"),
        parts.get("service", "Hundesteuer"),
        parts.get("applicant", "Müller, Žofia"),
        date(2026, 3, 1),
        None,
        history,
        documents,
    )


def write_package(path: Path, *cases: FiledCase, packer: XdomeaPacker | None = None) -> None:
    with path.open("wb") as sink, (packer or XdomeaPacker()).opened(sink, HANDOVER) as package:
        for case in cases:
            package.add(case)


@pytest.fixture
def packed(tmp_path: Path, shared_dir: Path) -> Callable[..., Package]:
    def pack(*cases: FiledCase) -> Package:
        write_package(tmp_path / "p.zip", *cases)
        return read_package(tmp_path / "p.zip", shared_dir)

    return pack


TEXTS = st.text(st.characters(exclude_categories=()), max_size=60)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(TEXTS, min_size=8, max_size=8),
    st.sampled_from(list(OutboxKind)),
    st.sampled_from(list(OutboxState)),
)
def test_any_text_makes_a_valid_package(
    packed: Callable[..., Package], texts: list[str], kind: OutboxKind, state: OutboxState
) -> None:
    reference, service, applicant, title, filename, media_type, note, actor = texts
    history = (
        HistoryEvent(AT, actor, "noted", {"text": note}),
        HistoryEvent(AT, "machine", "moved", {"kind": kind.value, "to": state.value, "problems": [note]}),
        HistoryEvent(AT, actor, note, {"code": note}),
    )
    enclosure = filed_document(title=title, filename=filename, media_type=media_type)
    issued = filed_document(
        kind=FiledKind.ISSUED, issued_as=kind, state=state, title=title, filename=filename,
        sent_on=date(2026, 3, 2), enclosures=(enclosure,),
    )  # fmt: skip
    case = filed_case(issued, history=history, reference=reference, service=service, applicant=applicant)

    package = packed(case)
    assert len(package.texts(".//x:HistorienProtokollInformation/x:Aktion")) == 3


def test_every_act_and_every_kind_of_document_has_german_words(packed: Callable[..., Package]) -> None:
    history = tuple(HistoryEvent(AT, "anna", kind.value, {}) for kind in ActKind)
    package = packed(filed_case(*(filed_document(kind=kind) for kind in FiledKind), history=history))

    actions = package.texts(".//x:HistorienProtokollInformation/x:Aktion")
    assert not set(actions) & {kind.value for kind in ActKind}
    assert not set(package.texts(".//x:Dokument/x:Typ")) & {kind.value for kind in FiledKind}


def test_a_corrected_day_of_posting_keeps_the_old_one_in_the_file() -> None:
    details = {"kind": "decision", "was": "2026-11-27", "posted_on": "2026-11-25"}
    event = HistoryEvent(AT, "anna", ActKind.POSTED_CORRECTED.value, details)

    assert words.action(event) == "Bescheid: Versandtag berichtigt"
    assert words.remark(event) == "zur Post am 2026-11-25, nicht am 2026-11-27"


def test_times_are_the_offices(packed: Callable[..., Package]) -> None:
    package = packed(filed_case(history=(HistoryEvent(AT, "anna", "opened", {}),)))

    assert package.texts("x:Kopf/x:Erstellungszeitpunkt") == ["2026-03-29T01:30:00.000+01:00"]


def test_an_id_that_is_no_uuid_gets_one(packed: Callable[..., Package]) -> None:
    first, second = packed(filed_case(case_id="Fall 7")), packed(filed_case(case_id="Fall 7"))

    path = "x:Schriftgutobjekt/x:Vorgang/x:Identifikation/x:ID"
    assert first.texts(path) == second.texts(path)


def test_the_original_name_stays_readable_and_the_file_name_harmless(packed: Callable[..., Package]) -> None:
    wicked = "../../C:\\CON\u202egnp.exe\x00" + "ü" * 300 + ".pdf"
    package = packed(filed_case(filed_document(b"%PDF-1.4", filename=wicked)))

    assert package.texts(".//x:DateinameOriginal") == [wicked.replace("\x00", "\ufffd")]
    (name,) = package.texts(".//x:Dateiname")
    assert name.endswith(".pdf")
    assert package.files[name] == b"%PDF-1.4"


def test_a_document_that_fails_takes_its_whole_case_out_and_no_other(
    packed: Callable[..., Package], tmp_path: Path, shared_dir: Path
) -> None:
    def broken(sink: BinaryIO) -> None:
        sink.write(b"half")
        raise ClerkError(ErrorCode.DOCUMENT_DAMAGED)

    path = tmp_path / "p.zip"
    with path.open("wb") as sink, XdomeaPacker().opened(sink, HANDOVER) as package:
        package.add(filed_case(filed_document(b"one")))
        with pytest.raises(ClerkError):
            package.add(filed_case(filed_document(b"two"), filed_document(pour=broken)))
        package.add(filed_case(filed_document(b"three")))
    read = read_package(path, shared_dir)
    assert {content for name, content in read.files.items() if name.endswith("pdf")} == {b"one", b"three"}


def test_a_document_that_fails_between_its_two_readings_spoils_the_package(tmp_path: Path) -> None:
    times: list[int] = []

    def fails_later(sink: BinaryIO) -> None:
        times.append(1)
        if len(times) == 2:
            raise ClerkError(ErrorCode.DOCUMENT_DAMAGED)
        sink.write(b"x")

    spoiled = filed_case(filed_document(b"two"), filed_document(pour=fails_later))

    def write() -> None:
        with (tmp_path / "p.zip").open("wb") as sink, XdomeaPacker().opened(sink, HANDOVER) as package:
            with suppress(ClerkError):
                package.add(spoiled)
            package.add(filed_case(filed_document(b"one")))

    with pytest.raises(ClerkError):
        write()


@pytest.mark.parametrize("packer", [XdomeaPacker(largest_bytes=100_000), XdomeaPacker(most_files=3)])
def test_a_package_too_large_for_others_is_refused_before_it_is_written(
    tmp_path: Path, packer: XdomeaPacker
) -> None:
    content = Random(1).randbytes(60_000)  # cannot be packed
    cases = [filed_case(filed_document(content), filed_document()) for _ in range(2)]
    with pytest.raises(ClerkError) as caught:
        write_package(tmp_path / "p.zip", *cases, packer=packer)
    assert caught.value.code is ErrorCode.EXPORT_TOO_LARGE
    write_package(tmp_path / "p.zip", cases[0], packer=packer)


def test_large_documents_pass_through(tmp_path: Path) -> None:
    piece, pieces = bytes(1 << 20), 96

    def pour(sink: BinaryIO) -> None:
        for _ in range(pieces):
            sink.write(piece)

    document = filed_document(pour=pour, media_type="video/mp4", filename="film.mp4")
    tracemalloc.start()
    try:
        write_package(tmp_path / "p.zip", filed_case(document))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 << 20
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        assert max(info.file_size for info in archive.infolist()) == pieces << 20


def test_many_cases_need_little_memory(tmp_path: Path, shared_dir: Path) -> None:
    history = tuple(HistoryEvent(AT, "anna", "noted", {"text": f"Vermerk {n}"}) for n in range(20))
    tracemalloc.start()
    try:
        with (tmp_path / "p.zip").open("wb") as sink, XdomeaPacker().opened(sink, HANDOVER) as package:
            for _ in range(400):
                package.add(filed_case(filed_document(), history=history))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    read = read_package(tmp_path / "p.zip", shared_dir)
    assert len(read.root.findall(f"{X}Schriftgutobjekt")) == 400
    assert peak < 12 << 20, "the message alone is larger unpacked"
