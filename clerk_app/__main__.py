"""``clerk-app`` and ``python -m clerk_app``."""

from __future__ import annotations

import sys


def main() -> int:
    """Runs the command line (or the window) and returns the exit code."""
    from clerk_app.bootstrap.entrance import main as run
    from clerk_app.system.crashes import keep_memory_off_disk

    keep_memory_off_disk()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
