"""Start numctl: `numctl`, or `python -m numctl`."""

import gc
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

        print(f"numctl {__version__}")
        return
    gc.set_threshold(COLLECT_AFTER, 20, 50)
    from numctl.cli.app import app

    try:
        app(prog_name="numctl")
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
