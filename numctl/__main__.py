"""Start numctl: `numctl`, or `python -m numctl`."""

import gc
import os
import sys

from numctl.system.streams import flush_at_exit

COLLECT_AFTER = 200_000
"""Objects made before garbage is first collected: more than any command makes while it starts."""

_ENDED_BY_A_SIGNAL = (129, 130, 143)


def main() -> None:
    """Run the command line, and leave with its exit code.

    The version is answered before anything is loaded. Garbage is collected late, since what is made at start-up stays
    in use, and not at all at the end; long work is collected as usual, only less often.
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
    except SystemExit as ending:
        if ending.code in _ENDED_BY_A_SIGNAL:
            leave_at_once(int(ending.code))
        raise
    finally:
        flush_at_exit()
        gc.freeze()


def leave_at_once(code: int) -> None:
    """Run the exit handlers, and end without unloading libraries: a request may still run in a thread.

    A thread that uses the TLS library while it is unloaded crashes the process.
    """
    import atexit

    atexit._run_exitfuncs()  # there is no public way to run them before os._exit
    flush_at_exit()
    os._exit(code)


def say_version() -> None:
    """Print the version unbuffered, so that a failed write is noticed; a closed pipe is not an error."""
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
