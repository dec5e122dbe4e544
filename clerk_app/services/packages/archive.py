"""A package as it is handed on: one ZIP, the same bytes for the same content, and the mark that names it."""

from __future__ import annotations

import hashlib

from clerk_app.domain.package import Manifest, PackageMark
from clerk_app.services.packages.files import BASE, PackageFiles
from clerk_app.services.packages.packing import CONTENTS, SIGNATURE, contents_of, pack
from clerk_app.services.packages.trees import base_bytes


def build(files: PackageFiles) -> bytes:
    """The archive of a package, unsigned. The same content gives the same bytes wherever it is built."""
    return pack(complete(files))


def complete(files: PackageFiles) -> PackageFiles:
    """The files of the finished package: with the base it goes with, and its table of contents."""
    whole = files.without(CONTENTS, SIGNATURE).with_file(BASE, base_bytes(files))
    return whole.with_file(CONTENTS, contents_of(whole))


def mark_of(files: PackageFiles, manifest: Manifest) -> PackageMark:
    """Which package these files are, whether built already or not."""
    contents = complete(files)[CONTENTS]
    return PackageMark(manifest.package_id, manifest.version, hashlib.sha256(contents).hexdigest())


def archive_name(manifest: Manifest) -> str:
    """What the archive's file is called."""
    return f"{manifest.package_id}-{manifest.version}.zip"
