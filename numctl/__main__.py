"""Start numctl: `numctl`, or `python -m numctl`."""

import gc
import os
import sys

from numctl.system.streams import flush_at_exit

COLLECT_AFTER = 200_000
"""Objects made before the collector looks for the first time: more than any command makes while it starts."""


def main() -> None:
    """Run the command line, and leave with its exit code.

    The version is answered before anything is loaded. The collector rests while numctl starts, when all that is made
    stays in use, and has nothing to look through when it ends; long work meets it as ever, only more rarely.
    """
    gc.set_threshold(COLLECT_AFTER, 20, 50)
    try:
        if sys.argv[1:] == ["--version"]:
            say_version()
            return
        from numctl.cli.app import app

        app(prog_name="numctl", finish=flush_at_exit)
    except KeyboardInterrupt:  # while it was still loading; later, the application says what was done
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # held down, it comes again
        sys.exit(130)
    finally:
        flush_at_exit()
        gc.freeze()


def say_version() -> None:
    """Write to standard output at once, so that it is known whether it could be; a reader that left is no error."""
    from numctl import __version__

    try:
        os.write(1, f"numctl {__version__}\n".encode())
    except BrokenPipeError:
        return
    except OSError as error:
        from numctl.cli.messages import say

        say(f"numctl: standard output could not be written: {error.strerror}")
        sys.exit(1)


if __name__ == "__main__":
    main()
