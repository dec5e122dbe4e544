"""Row 15: what code running inside the preview child can reach, tried from inside: nothing but its pipe."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.matrix import record

ROW = "15 probes from inside the preview child"
ROOT = Path(__file__).resolve().parents[2]

PROBES = r"""
import ctypes, json, os, signal, socket, subprocess, sys
folder, port, parent, confined = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "yes"
from clerk_app.preview.confinement import confine
import clerk_app.preview.child
measures = confine() if confined else []
libc = ctypes.CDLL(None, use_errno=True)
done = []

def attempt(name, act):
    try:
        act()
    except BaseException:
        return
    done.append(name)

def must(ok):
    if not ok:
        raise OSError

def talk(kind, address, family=socket.AF_INET):
    with socket.socket(family, kind) as s:
        s.settimeout(5)
        s.connect(address)
        s.send(b"x")

def abstract():
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(folder + "/socket")

def serve():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        name = s.getsockname()
        if "no-network" in measures:  # in a network of its own: reachable by nobody
            raise OSError

def raw():
    if "no-network" in measures:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.connect(("127.0.0.1", port)); s.send(b"x")
        return
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()

NETWORK = {
    "tcp": lambda: talk(socket.SOCK_STREAM, ("127.0.0.1", port)),
    "udp": lambda: talk(socket.SOCK_DGRAM, ("127.0.0.1", port)),
    "outside": lambda: talk(socket.SOCK_DGRAM, ("192.0.2.1", 53)),
    "tcp6": lambda: talk(socket.SOCK_STREAM, ("::1", port), socket.AF_INET6),
    "listen": serve,
    "raw": raw,
}
FILES = {
    "read": lambda: open(folder + "/there").read(),
    "read home": lambda: os.listdir(os.path.expanduser("~")),
    "read accounts": lambda: open("/etc/passwd").read(),
    "list": lambda: os.listdir(folder),
    "list temp": lambda: os.listdir("/tmp"),
    "write": lambda: open(folder + "/written", "w").close(),
    "write temp": lambda: open("/tmp/clerk-probe", "w").close(),
    "write shm": lambda: open("/dev/shm/clerk-probe", "w").close(),
    "append": lambda: open(folder + "/there", "ab").write(b"x"),
    "unlink": lambda: os.unlink(folder + "/there"),
    "rename": lambda: os.rename(folder + "/there", folder + "/gone"),
    "mkdir": lambda: os.mkdir(folder + "/made"),
    "symlink": lambda: os.symlink("/etc/passwd", folder + "/link"),
    "parent's variables": lambda: open(f"/proc/{parent}/environ", "rb").read(),
    "parent's memory": lambda: open(f"/proc/{parent}/mem", "rb").close(),
    "parent's files": lambda: os.listdir(f"/proc/{parent}/fd"),
    "first process": lambda: open("/proc/1/environ", "rb").read(),
    "disk": lambda: os.listdir("/dev/disk"),
}
LIMITS = {
    "memory": lambda: bytearray(900_000_000),
    "open files": lambda: [os.dup(0) for _ in range(100)],
    "file size": lambda: os.write(os.open("/dev/shm", os.O_TMPFILE | os.O_WRONLY), b"x" * 10),
    "core": lambda: must(__import__("resource").getrlimit(4)[1] != 0),
    "gain rights": lambda: must(libc.prctl(39, 0, 0, 0, 0) == 0),
}
for group in (NETWORK, FILES, LIMITS):
    for name, act in group.items():
        attempt(name, act)
groups = {"no-network": list(NETWORK), "read-only": list(FILES), "limits": list(LIMITS)}
os.write(1, json.dumps([measures, groups, done]).encode())
os._exit(0)
"""


def probed(folder: Path, *, confined: bool) -> tuple[list[str], dict[str, list[str]], set[str]]:
    """The measures that hold here, the probes each must stop, and the probes that got through."""
    (folder / "there").write_text("content")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        local.bind(str(folder / "socket"))
        local.listen()
        port = str(server.getsockname()[1])
        asked = subprocess.run(
            [sys.executable, "-c", PROBES, str(folder), port, str(os.getpid()), "yes" if confined else "no"],
            capture_output=True, check=False, cwd=ROOT, timeout=60,
        )  # fmt: skip
    assert asked.stdout, asked.stderr.decode()[-2000:]
    measures, groups, done = json.loads(asked.stdout)
    return measures, groups, set(done)


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock and network namespaces are Linux's")
def test_nothing_is_reached_from_inside(tmp_path: Path) -> None:
    measures, groups, done = probed(tmp_path, confined=True)
    assert "limits" in measures
    tried = {probe for measure in measures for probe in groups.get(measure, [])}
    record(ROW, len(tried), len(tried & done))
    missing = {"no-network", "read-only"} - set(measures)
    if missing:  # an old kernel, or a container that forbids it: told by `doctor`, and not counted here
        print(f"not on this machine: {sorted(missing)}")
    assert tried & done == set()


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock and network namespaces are Linux's")
def test_without_confinement_the_same_probes_get_through(tmp_path: Path) -> None:
    _measures, groups, done = probed(tmp_path, confined=False)
    for must in ("tcp", "udp", "read", "write", "unlink", "list temp", "memory", "open files"):
        assert must in done, must
    assert len(done) >= 12
    assert {name for group in groups.values() for name in group} >= done
    for name in ("/tmp/clerk-probe", "/dev/shm/clerk-probe"):
        Path(name).unlink(missing_ok=True)
