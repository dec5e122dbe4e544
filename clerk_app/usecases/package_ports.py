"""What the use cases of service packages need from outside."""

from __future__ import annotations

from typing import Protocol

from clerk_app.domain.package import PackageMark
from clerk_app.domain.package_register import PackageRegister


class PackageShelf(Protocol):
    """Installed packages and their archives. One object per thread."""

    def register(self) -> PackageRegister:
        """Everything installed, as the ledger has it now. Cheap when nothing was installed since."""
        ...

    def archive(self, mark: PackageMark) -> bytes:
        """The package as installed. Raises ClerkError PACKAGE_MISSING when it is gone. What it holds is for
        the caller to compare with ``mark``."""
        ...

    def holds(self, mark: PackageMark) -> bool:
        """Whether an archive of that name is there (it may still be damaged)."""
        ...

    def keep(self, mark: PackageMark, content: bytes) -> None:
        """Keeps an archive, durably (content and name synced) on return. Raises ClerkError DISK_FULL,
        HOME_NOT_WRITABLE."""
        ...
