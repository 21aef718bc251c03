"""Start numctl: `numctl`, or `python -m numctl`."""

import gc
import sys


def main() -> None:
    """Run the command line, and leave with its exit code.

    The version is answered before anything is loaded. The collector rests while numctl starts and ends: a command is
    short, and what it makes is in use until the end; long work wakes it up again.
    """
    if sys.argv[1:] == ["--version"]:
        from numctl import __version__

        print(f"numctl {__version__}")
        return
    gc.disable()
    from numctl.cli.app import app

    try:
        app(prog_name="numctl")
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
