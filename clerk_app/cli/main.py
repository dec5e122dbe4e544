"""From argv to an exit code. Every failure ends as one line, code first."""

from __future__ import annotations

import argparse
import errno
import sys
import traceback
from collections.abc import Sequence

from clerk_app.cli import exits
from clerk_app.cli.arguments import parse
from clerk_app.cli.commands import COMMANDS
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output import end_output, say_error, say_json, say_lines
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode


def run(entrance: Entrance, argv: Sequence[str], version: str) -> int:
    """Runs one command; its exit code. Without a command the window opens."""
    as_json = "--json" in argv
    try:
        args = parse(argv)
        as_json = args.json
        if args.version:
            say_lines([f"clerk-app {version}"])
            return exits.DONE
        return _dispatch(entrance, args)
    except SystemExit:  # argparse has told the help
        end_output()
        return exits.DONE
    except ClerkError as error:
        say_error(error, as_json=as_json)
        return exits.exit_code(error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        end_output()
        return exits.DONE
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        code = ErrorCode.DISK_FULL if full else ErrorCode.INTERNAL
        say_error(ClerkError(code, {"type": type(error).__name__}), as_json=as_json)
        return exits.EXIT_BY_CODE[code]
    except Exception as error:  # noqa: BLE001 - the last line: a bug is told like every other failure
        if "-v" in argv or "--verbose" in argv:
            traceback.print_exc(file=sys.stderr)
        bug = ClerkError(ErrorCode.INTERNAL, {"type": type(error).__name__}, Disposition.BUG)
        say_error(bug, as_json=as_json)
        return exits.BUG


def _dispatch(entrance: Entrance, args: argparse.Namespace) -> int:
    options = GlobalOptions(args.home, args.profile, args.json, args.verbose)
    if args.command is None:
        return entrance.window(options)
    answer = COMMANDS[args.command](entrance, options, args)
    if not answer.silent:
        if options.json:
            say_json(answer.document)
        else:
            say_lines(answer.lines)
    return answer.exit_code
