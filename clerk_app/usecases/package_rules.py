"""What speaks against taking a service package into use, and what ships with the program."""

from __future__ import annotations

from collections.abc import Iterable

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.package import (
    Manifest,
    PackageFault,
    PackageFaultyError,
    PackageMark,
    PackageSource,
    PackageVersion,
)
from clerk_app.domain.package_register import PackageRegister
from clerk_app.usecases.package_ports import BundledPackage, PackageShelf
from clerk_app.usecases.ports import Ledger


def incompatible(mark: PackageMark, manifest: Manifest, program: PackageVersion) -> ClerkError | None:
    """PACKAGE_INCOMPATIBLE for a package made for other versions of this program."""
    app = manifest.app
    if app.holds(program):
        return None
    before = {} if app.before is None else {"before": str(app.before)}
    return refused(ErrorCode.PACKAGE_INCOMPATIBLE, mark, app=str(program), first=str(app.first), **before)


def faulty(mark: PackageMark, faults: tuple[PackageFault, ...]) -> ClerkError | None:
    """PACKAGE_FAULTY when lint found more than warnings."""
    if all(fault.warning for fault in faults):
        return None
    return PackageFaultyError(faults, named(mark))


def misfit(
    register: PackageRegister, mark: PackageMark, manifest: Manifest, *, older_too: bool
) -> ClerkError | None:
    """Why a package does not go with what is installed: PACKAGE_VERSION_TAKEN, PACKAGE_OLDER,
    PACKAGE_KEY_TAKEN."""
    latest = register.latest(mark.package_id)
    if latest is not None and latest.mark.sha256 == mark.sha256:
        return None
    same = [each for each in register.installed if each.mark.package_id == mark.package_id]
    if any(each.mark.version == mark.version and each.mark.sha256 != mark.sha256 for each in same):
        return refused(ErrorCode.PACKAGE_VERSION_TAKEN, mark)
    if latest is not None and mark.version < latest.mark.version and not older_too:
        return refused(ErrorCode.PACKAGE_OLDER, mark, newer=str(latest.mark.version))
    for key in manifest.leika_keys:
        owner = register.newest(key)
        if owner is not None and owner.mark.package_id not in (mark.package_id, *manifest.replaces):
            return refused(ErrorCode.PACKAGE_KEY_TAKEN, mark, leika_key=key, other=owner.mark.package_id)
    return None


def register_bundled(ledger: Ledger, shelf: PackageShelf, bundled: Iterable[BundledPackage]) -> int:
    """Registers what ships with the program and is new here; how many. An update of the program thereby
    becomes a new version, in force from now on. Raises ClerkError DISK_FULL, HOME_NOT_WRITABLE.

    An office's own choice stands: what it installed in a newer version, or what took over a service, is not
    put back.
    """
    due = [each for each in bundled if is_due(shelf.register(), each)]
    for each in due:
        shelf.keep(each.mark, each.archive())
    if not due:
        return 0
    with ledger.transaction("register bundled packages") as transaction:
        register = shelf.register()  # another thread or program may have been faster
        due = [each for each in due if is_due(register, each)]
        for each in due:
            transaction.append(installing(each.mark, each.manifest, PackageSource.BUNDLED, None))
    return len(due)


def is_due(register: PackageRegister, bundled: BundledPackage) -> bool:
    """Whether a package that ships should be registered now."""
    mark, manifest = bundled.mark, bundled.manifest
    if register.marked(mark) is not None:
        return False
    latest = register.latest(mark.package_id)
    if latest is not None:
        if mark.version < latest.mark.version:
            return False
        if mark.version == latest.mark.version and latest.source is PackageSource.FILE:
            return False
    owners = (register.newest(key) for key in manifest.leika_keys)
    ours = (mark.package_id, *manifest.replaces)
    return all(owner is None or owner.mark.package_id in ours for owner in owners)


def installing(mark: PackageMark, manifest: Manifest, source: PackageSource, signer: str | None) -> Act:
    """The act that takes a package into use."""
    payload: dict[str, object] = {
        "package_id": mark.package_id,
        "version": str(mark.version),
        "sha256": mark.sha256,
        "title": dict(manifest.title.by_language),
        "leika_keys": list(manifest.leika_keys),
        "source": source.value,
        "signer": signer,
    }
    return Act(ActKind.PACKAGE_INSTALLED, payload=payload)


def refused(code: ErrorCode, mark: PackageMark, **params: object) -> ClerkError:
    """An error about that package."""
    return ClerkError(code, {**named(mark), **params})


def named(mark: PackageMark) -> dict[str, object]:
    """The package, for the blanks of a sentence."""
    return {"package": mark.package_id, "version": str(mark.version)}
