"""The channel, after The Update Framework (specification 1.0.33): four roles of keys, versions and expiry, so
that whoever holds the server can neither forge a version, nor hand out an old one, nor hold a new one back
for long.

Nothing is installed here. A file is handed out only when its length and hashes are the signed ones.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode

if TYPE_CHECKING:
    from tuf.ngclient.updater import Updater

RELEASES = "releases.json"
Fetch = Callable[[str], Iterator[bytes]]
"""The bytes behind an address. Raises ClerkError; ``status`` in its params when a server answered."""

_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})\Z")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\Z")


@dataclass(frozen=True)
class Release:
    """Fassung. ``files`` by platform (``linux-x86_64``, ``windows-x86_64``), names as in the channel;
    ``notes`` is what the publisher says of it, German."""

    version: str
    files: dict[str, str]
    notes: str = ""

    def is_newer_than(self, version: str) -> bool:
        """By numbers, not letters."""
        return _numbers(self.version) > _numbers(version)


def platform() -> str:
    """The platform here, as channels call it."""
    return "windows-x86_64" if sys.platform == "win32" else "linux-x86_64"


class Channel:
    """``url`` is where ``metadata/`` and ``targets/`` lie; ``root`` is the trust anchor as the admin laid it
    down; ``folder`` keeps what was verified last, so that nobody can go back behind it."""

    def __init__(self, url: str, root: bytes, folder: Path, fetch: Fetch) -> None:
        self._url, self._root, self._folder, self._fetch = url.rstrip("/"), root, folder, fetch

    def newest(self) -> Release:
        """The newest version the publisher signed.

        :raises ClerkError: UPDATE_UNREACHABLE; UPDATE_UNTRUSTED with ``reason`` when anything is not as it
        was
            signed: forged, expired, older than what was seen before
        """
        with _told(self._url):
            return max(self._releases(), key=lambda each: _numbers(each.version))

    def download(self, release: Release, into: Path, wanted: str | None = None) -> Path:
        """The file of a version for this platform, complete and verified, below ``into``.

        :raises ClerkError: UPDATE_UNREACHABLE, UPDATE_UNTRUSTED; UPDATE_NOT_FOR_HERE when there is no file
        for
            the platform; OUTPUT_NOT_WRITABLE
        """
        name = release.files.get(wanted or platform())
        if name is None:
            params = {"version": release.version, "platform": wanted or platform()}
            raise ClerkError(ErrorCode.UPDATE_NOT_FOR_HERE, params, Disposition.ASK_CLERK)
        with _told(self._url):
            updater = self._updater()
            info = updater.get_targetinfo(name)
            if info is None:
                raise _untrusted(self._url, "missing")
            target = into / name
            try:
                into.mkdir(parents=True, exist_ok=True)
                return Path(updater.download_target(info, str(target)))
            except OSError as error:
                params = {"path": str(target), "reason": error.strerror or ""}
                raise ClerkError(ErrorCode.OUTPUT_NOT_WRITABLE, params) from error

    def _releases(self) -> list[Release]:
        updater = self._updater()
        info = updater.get_targetinfo(RELEASES)
        if info is None:
            raise _untrusted(self._url, "missing")
        path = updater.download_target(info, str(self._folder / RELEASES))
        return releases_of(Path(path).read_bytes())

    def _updater(self) -> Updater:
        from tuf.api.exceptions import DownloadHTTPError
        from tuf.ngclient.config import UpdaterConfig
        from tuf.ngclient.fetcher import FetcherInterface
        from tuf.ngclient.updater import Updater

        fetch = self._fetch

        class Fetcher(FetcherInterface):
            """Through the office's own way out."""

            def _fetch(self, url: str) -> Iterator[bytes]:
                try:
                    yield from fetch(url)
                except ClerkError as error:
                    status = error.params.get("status")
                    if isinstance(status, int):
                        raise DownloadHTTPError(str(status), status) from error
                    raise

        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        updater = Updater(
            metadata_dir=str(self._folder),
            metadata_base_url=f"{self._url}/metadata/",
            target_dir=str(self._folder),
            target_base_url=f"{self._url}/targets/",
            fetcher=Fetcher(),
            config=UpdaterConfig(prefix_targets_with_hash=False),
            bootstrap=self._root,
        )
        updater.refresh()
        return updater


def releases_of(content: bytes) -> list[Release]:
    """The versions in ``releases.json``. Raises ValueError for anything but a list of at least one."""
    found = json.loads(content)
    releases = []
    for each in found["releases"]:
        files = {str(place): str(name) for place, name in each["files"].items()}
        if not _VERSION.match(each["version"]) or not all(_NAME.match(name) for name in files.values()):
            raise ValueError("version or file name")
        releases.append(Release(each["version"], files, str(each.get("notes", ""))[:2000]))
    if not releases:
        raise ValueError("empty")
    return releases


def _numbers(version: str) -> tuple[int, ...]:
    found = _VERSION.match(version)
    return tuple(int(each) for each in found.groups()) if found else (0, 0, 0)


def _untrusted(url: str, reason: str) -> ClerkError:
    return ClerkError(ErrorCode.UPDATE_UNTRUSTED, {"url": url, "reason": reason}, Disposition.ASK_CLERK)


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Says in our words what the library found."""
    from tuf.api import exceptions

    try:
        yield
    except ClerkError as error:
        if error.code.value.startswith(("UPDATE_", "OUTPUT_")):
            raise
        raise ClerkError(ErrorCode.UPDATE_UNREACHABLE, {"url": url}, Disposition.RETRY) from error
    except exceptions.ExpiredMetadataError as error:
        raise _untrusted(url, "expired") from error
    except (exceptions.DownloadLengthMismatchError, exceptions.RepositoryError) as error:
        raise _untrusted(url, type(error).__name__) from error
    except exceptions.DownloadError as error:
        raise ClerkError(ErrorCode.UPDATE_UNREACHABLE, {"url": url}, Disposition.RETRY) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _untrusted(url, "content") from error
