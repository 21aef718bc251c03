"""Start numctl: `numctl`, or `python -m numctl`."""

import gc
import os
import sys

COLLECT_AFTER = 200_000
"""Objects made before the collector looks for the first time: more than any command makes while it starts."""


def main() -> None:
    """Run the command line, and leave with its exit code.

    The version is answered before anything is loaded. The collector rests while numctl starts, when all that is made
    stays in use, and has nothing to look through when it ends; long work meets it as ever, only more rarely.
    """
    if sys.argv[1:] == ["--version"]:
        from numctl import __version__

        say_version(f"numctl {__version__}\n")
        return
    gc.set_threshold(COLLECT_AFTER, 20, 50)
    try:
        from numctl.cli.app import app

        app(prog_name="numctl")
    except KeyboardInterrupt:  # while it was still loading; later, the application says what was done
        sys.exit(130)
    finally:
        gc.freeze()


def say_version(text: str) -> None:
    """Write to standard output at once, so that it is known whether it could be; a reader that left is no error."""
    try:
        os.write(1, text.encode())
    except BrokenPipeError:
        return
    except OSError as error:
        sys.exit(f"numctl: standard output could not be written: {error.strerror}")


if __name__ == "__main__":
    main()
