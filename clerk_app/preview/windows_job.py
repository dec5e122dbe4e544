"""Windows: a Job Object around the child. Written after the API's documentation, not yet run on Windows.

Limits: memory per process, one process, no breaking away, end of the child when the parent ends, no access to
clipboard, desktop and other processes' windows.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":  # pragma: no cover - not run on the build machines
    import ctypes
    from ctypes import wintypes

    _LIMIT_ACTIVE_PROCESS = 0x00000008
    _LIMIT_PROCESS_MEMORY = 0x00000100
    _LIMIT_DIE_ON_UNHANDLED_EXCEPTION = 0x00000400
    _LIMIT_KILL_ON_JOB_CLOSE = 0x00002000
    _EXTENDED_LIMIT_INFORMATION = 9
    _BASIC_UI_RESTRICTIONS = 4
    _ALL_UI_RESTRICTIONS = 0x000000FF

    class _BasicLimits(ctypes.Structure):
        _fields_ = (
            ("PerProcessUserTimeLimit", wintypes.LARGE_INTEGER),
            ("PerJobUserTimeLimit", wintypes.LARGE_INTEGER),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        )

    class _IoCounters(ctypes.Structure):
        _fields_ = tuple((name, ctypes.c_ulonglong) for name in "abcdef")

    class _ExtendedLimits(ctypes.Structure):
        _fields_ = (
            ("Basic", _BasicLimits),
            ("Io", _IoCounters),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    class WindowsJob:
        """Holds the job; closing it ends the child."""

        def __init__(self, process_handle: int, memory_bytes: int) -> None:
            kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            kernel.CreateJobObjectW.restype = wintypes.HANDLE
            kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
            kernel.SetInformationJobObject.argtypes = (
                wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD,
            )  # fmt: skip
            kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
            kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
            self._kernel = kernel
            self._job = kernel.CreateJobObjectW(None, None)
            if not self._job:
                raise OSError(ctypes.get_last_error(), "CreateJobObject")
            limits = _ExtendedLimits()
            limits.Basic.LimitFlags = (
                _LIMIT_ACTIVE_PROCESS
                | _LIMIT_PROCESS_MEMORY
                | _LIMIT_DIE_ON_UNHANDLED_EXCEPTION
                | _LIMIT_KILL_ON_JOB_CLOSE
            )
            limits.Basic.ActiveProcessLimit = 1
            limits.ProcessMemoryLimit = memory_bytes
            restrictions = wintypes.DWORD(_ALL_UI_RESTRICTIONS)
            for kind, value in (
                (_EXTENDED_LIMIT_INFORMATION, limits),
                (_BASIC_UI_RESTRICTIONS, restrictions),
            ):
                if not kernel.SetInformationJobObject(
                    self._job, kind, ctypes.byref(value), ctypes.sizeof(value)
                ):
                    self.close()
                    raise OSError(ctypes.get_last_error(), "SetInformationJobObject")
            if not kernel.AssignProcessToJobObject(self._job, process_handle):
                self.close()
                raise OSError(ctypes.get_last_error(), "AssignProcessToJobObject")

        def close(self) -> None:
            """End the job and with it the child."""
            if self._job:
                self._kernel.CloseHandle(self._job)
                self._job = None
