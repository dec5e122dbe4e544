"""Manifests of every kind: valid ones are read as they are, others are a fault and never a crash."""

from __future__ import annotations

import json
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clerk_app.domain.package import PackageFaultyError, PackageVersion
from clerk_app.services.packages.archive import build
from clerk_app.services.packages.files import PackageFiles, read_package
from clerk_app.services.packages.lint import lint
from clerk_app.services.packages.reading import describe, manifest_of
from tests.services.packages.small import APP, small_files, write

WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=0xD7FF), min_size=1, max_size=40)
IDS = st.from_regex(r"[a-z0-9]{1,9}([.-][a-z0-9]{1,9}){0,3}", fullmatch=True)
NUMBERS = st.integers(0, 999_999)
VERSIONS = st.builds(PackageVersion, NUMBERS, NUMBERS, NUMBERS)
MANIFESTS = st.fixed_dictionaries(
    {
        "id": IDS,
        "version": VERSIONS.map(str),
        "title": st.fixed_dictionaries({"de": WORDS, "en": WORDS}),
        "leika_keys": st.lists(
            st.from_regex("99[0-9]{12}", fullmatch=True), min_size=1, max_size=4, unique=True
        ),
        "languages": st.permutations(["de", "en"]),
        "publisher": WORDS,
        "changes": WORDS,
        "retention": st.sampled_from(["file-5", "file-10", "tax-10", "permit-30", "permanent"]),
        "app": st.fixed_dictionaries({"from": st.sampled_from(["0.0.0", "0.1.0"])}),
    },
    optional={
        "unreviewed": st.lists(st.sampled_from(["de", "en"]), unique=True),
        "replaces": st.lists(IDS.map("alt.{}".format), max_size=3, unique=True),
    },
)
ANYTHING = st.recursive(
    st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@lru_cache(maxsize=1)
def small() -> PackageFiles:
    with tempfile.TemporaryDirectory() as folder:
        return write(Path(folder), small_files())


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool | int | str):
        return json.dumps(value)
    return str(value.isoformat())


def written(manifest: dict[str, Any]) -> bytes:
    return "".join(f"{json.dumps(key)} = {toml(value)}\n" for key, value in manifest.items()).encode()


@settings(max_examples=12, deadline=None)
@given(MANIFESTS)
def test_a_valid_manifest_is_read_as_it_is(manifest: dict[str, Any]) -> None:
    rest = small().text("package.toml").partition("[[schema]]")[2]
    content = written({"format": 1, **manifest}) + b"\n[[schema]]" + rest.encode()
    files = small().with_file("package.toml", content)
    assert lint(files, APP) == ()
    found = manifest_of(files)
    assert (found.package_id, str(found.version)) == (manifest["id"], manifest["version"])
    assert dict(found.title.by_language) == manifest["title"]
    assert list(found.leika_keys) == manifest["leika_keys"]
    assert (found.publisher, found.changes, found.retention) == (
        manifest["publisher"],
        manifest["changes"],
        manifest["retention"],
    )
    assert list(found.replaces) == manifest.get("replaces", [])
    assert found.app.holds(APP)
    assert build(read_package(build(files))) == build(files)


@settings(max_examples=40, deadline=None)
@given(MANIFESTS, st.data())
def test_a_manifest_with_one_value_of_any_kind_is_judged(manifest: dict[str, Any], data: Any) -> None:
    """What lint lets pass can be read; what cannot be read lint refuses."""
    key = data.draw(st.sampled_from([*manifest, "procedure", "deadlines", "schema", "legal_basis"]))
    manifest = {"format": 1, **manifest, key: data.draw(ANYTHING)}
    files = small().with_file("package.toml", written(manifest))
    refused = [fault for fault in lint(files, APP) if not fault.warning]
    assert all(fault.reason for fault in refused)
    try:
        describe(files, "BW")
    except PackageFaultyError:
        assert refused


def test_a_manifest_without_any_service_is_refused_and_not_read() -> None:
    text = small().text("package.toml")
    begin = text.index("leika_keys = ")
    end = text.index("\n", begin)
    files = small().with_file("package.toml", (text[:begin] + "leika_keys = []" + text[end:]).encode())
    assert any(fault.line for fault in lint(files, APP) if not fault.warning)
    with pytest.raises(PackageFaultyError):
        describe(files, "BW")


@given(NUMBERS, NUMBERS, NUMBERS, VERSIONS)
def test_versions_are_ordered_as_numbers(major: int, minor: int, patch: int, other: PackageVersion) -> None:
    version = PackageVersion.parse(f"{major}.{minor}.{patch}")
    assert PackageVersion.parse(str(version)) == version
    assert (version < other) == ((major, minor, patch) < (other.major, other.minor, other.patch))
