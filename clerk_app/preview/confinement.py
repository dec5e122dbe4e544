"""What the child gives up before it reads the first untrusted byte. Each measure is named when it took hold.

``limits``: memory, processor time, file size, processes, core dumps, open files. ``no-network``: a network
namespace without interfaces. ``no-processes``: a filter of system calls, no process may be started (threads
may: the decoder of HEIC insists on one). ``read-only``: Landlock, no file may be created, changed or removed.
``bwrap``: the parent started the child in bubblewrap. ``job-object``: Windows. Missing ones are missing, not
faked.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path

MEMORY_BYTES = 600 * 1024 * 1024
CPU_PER_JOB_S = 10
_CPU_FOR_LIFE_S = 600
_OPEN_FILES = 48
LIMITS = "limits"
NO_NETWORK = "no-network"
READ_ONLY = "read-only"
NO_PROCESSES = "no-processes"

_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_PR_SET_SECCOMP, _SECCOMP_FILTER, _CLONE_THREAD = 22, 2, 0x00010000
_X32 = 0x40000000  # the same calls under other numbers
#: Of each machine: its name for the filter, clone, clone3, and further calls that make processes.
_CALLS: dict[str, tuple[int, int, int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, 56, 435, (57, 58)),  # fork, vfork
    "aarch64": (0xC00000B7, 220, 435, ()),
}
_SIGKILL = 9
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_VERSION = 1
_READ = 1 << 2 | 1 << 3  # read file, read folder
_ALL_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP = 1 | 2  # bind, connect; since ABI 4


def confine() -> list[str]:
    """Give up what can be given up on this system; the names of what took hold."""
    measures: list[str] = []
    if sys.platform == "linux":
        _prctl()
        if _leave_network():
            measures.append(NO_NETWORK)
        if _landlock():
            measures.append(READ_ONLY)
        if _no_processes():
            measures.append(NO_PROCESSES)
    if os.name == "posix":
        _set_limits(threads=NO_PROCESSES in measures)
        measures.append(LIMITS)
    return measures


def allow_next_job() -> None:
    """A new job may use ``CPU_PER_JOB_S`` seconds of processor time beyond what was used so far."""
    if sys.platform == "win32":
        return
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    used_s = int(usage.ru_utime + usage.ru_stime) + 1
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (min(used_s + CPU_PER_JOB_S, hard), hard))


def _set_limits(*, threads: bool) -> None:
    if sys.platform == "win32":
        return
    import resource

    # RLIMIT_DATA, not RLIMIT_AS: PDFium reserves address space and aborts under the latter.
    wanted = {
        resource.RLIMIT_DATA: MEMORY_BYTES,
        resource.RLIMIT_CPU: _CPU_FOR_LIFE_S,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
    }
    if not threads:
        wanted[resource.RLIMIT_NPROC] = 0  # counts threads as well
    for limit, value in wanted.items():
        with contextlib.suppress(ValueError, OSError):
            _soft, hard = resource.getrlimit(limit)
            least = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(limit, (least, least))


if sys.platform == "linux":
    import ctypes

    _libc = ctypes.CDLL(None, use_errno=True)

    class _Ruleset(ctypes.Structure):
        _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64))

    class _PathBeneath(ctypes.Structure):
        _pack_ = 1
        _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))

    def _prctl() -> None:
        for option, value in (
            (_PR_SET_PDEATHSIG, _SIGKILL),
            (_PR_SET_DUMPABLE, 0),
            (_PR_SET_NO_NEW_PRIVS, 1),
        ):
            _libc.prctl(option, value, 0, 0, 0)

    def _leave_network() -> bool:
        return bool(_libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC) == 0)

    class _Instruction(ctypes.Structure):
        _fields_ = (
            ("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32)
        )  # fmt: skip

    class _Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_uint16), ("filter", ctypes.POINTER(_Instruction)))

    def _no_processes() -> bool:
        """Refuses fork and vfork, clone without CLONE_THREAD, and clone3, whose flags a filter cannot see
        (the C library then uses clone). Where the numbers are not known RLIMIT_NPROC has to do."""
        calls = _CALLS.get(os.uname().machine)
        if calls is None or sys.maxsize < 2**32:
            return False
        architecture, clone, clone3, others = calls
        deny, absent, allow = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS, 0x7FFF0000
        load, equal, at_least, any_bit, give = 0x20, 0x15, 0x35, 0x45, 0x06
        body: list[tuple[int, int, int, int]] = [
            (load, 0, 0, 4), (equal, 1, 0, architecture), (give, 0, 0, deny), (load, 0, 0, 0),
            (at_least, 0, 1, _X32), (give, 0, 0, deny),
        ]  # fmt: skip
        for number, answer in ((clone3, absent), *((other, deny) for other in others)):
            body += [(equal, 0, 1, number), (give, 0, 0, answer)]
        body += [(equal, 1, 0, clone), (give, 0, 0, allow), (load, 0, 0, 16)]
        body += [(any_bit, 0, 1, _CLONE_THREAD), (give, 0, 0, allow), (give, 0, 0, deny)]
        instructions = (_Instruction * len(body))(*(_Instruction(*line) for line in body))
        program = _Program(len(body), instructions)
        return bool(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_FILTER, ctypes.byref(program), 0, 0) == 0)

    def _landlock() -> bool:
        abi = _libc.syscall(_LANDLOCK_CREATE, None, 0, _LANDLOCK_VERSION)
        if abi < 1:
            return False
        handled = _ALL_BY_ABI.get(abi, _ALL_BY_ABI[5])
        rules = _Ruleset(handled, _TCP if abi >= 4 else 0)
        size = ctypes.sizeof(rules) if abi >= 4 else 8
        ruleset = _libc.syscall(_LANDLOCK_CREATE, ctypes.byref(rules), size, 0)
        if ruleset < 0:
            return False
        try:
            for folder in readable_folders():
                _allow_reading(ruleset, folder)
            return bool(_libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0) == 0)
        finally:
            os.close(ruleset)

    def _allow_reading(ruleset: int, folder: Path) -> None:
        try:
            descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            return
        try:
            rule = _PathBeneath(_READ, descriptor)
            _libc.syscall(_LANDLOCK_ADD, ruleset, 1, ctypes.byref(rule), 0)
        finally:
            os.close(descriptor)
else:

    def _no_processes() -> bool:
        return False

    def _prctl() -> None:
        return

    def _leave_network() -> bool:
        return False

    def _landlock() -> bool:
        return False


def readable_folders() -> list[Path]:
    """What the child must be able to read: the interpreter, its libraries, fonts, and this package."""
    package = Path(__file__).resolve().parent.parent
    named = [Path(sys.prefix), Path(sys.base_prefix), package, *map(Path, sys.path)]
    named += [
        Path(name) for name in ("/usr", "/lib", "/lib64", "/etc/fonts", "/etc/ld.so.cache", "/dev/urandom")
    ]
    folders = {path.resolve() for path in named if path.is_absolute() and path.exists()}
    with contextlib.suppress(RuntimeError):  # no home directory in a cleared environment
        folders.discard(Path.home())
    return sorted(folders - {Path("/")})
