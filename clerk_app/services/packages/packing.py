"""The ZIP of a package and its table of contents: the same files always give the same bytes.

Entries are stored, not compressed: packages are small texts, and so nothing depends on the version of a
compressor. Times and rights are fixed. An archive that was not written exactly like this is not accepted as a
built package, so that no byte of it can be changed unseen.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from io import BytesIO

CONTENTS = "contents.json"
SIGNATURE = "signature.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can name
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3


def pack(files: Mapping[str, bytes]) -> bytes:
    """The archive of exactly these files."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr, entry.create_system = _PLAIN_FILE, _UNIX
            archive.writestr(entry, files[name], zipfile.ZIP_STORED)
    return target.getvalue()


def contents_of(files: Mapping[str, bytes]) -> bytes:
    """``contents.json``: name, size and SHA-256 of every file but itself and the signature."""
    listed = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
        if name not in (CONTENTS, SIGNATURE)
    }
    text = json.dumps({"files": listed}, indent=1, sort_keys=True, ensure_ascii=True)
    return (text + "\n").encode("ascii")
