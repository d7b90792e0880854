"""The entry point: ``kgov`` and ``python -m kgov``."""

import os
import sys


def main() -> None:
    """Run the command line; answer ``--version`` before anything heavy is imported."""
    if sys.argv[1:] == ["--version"]:
        from kgov import __version__

        sys.stdout.write(f"kgov {__version__}\n")
        return
    try:
        import gc

        # A run makes very many objects that live until its end, and hardly a cycle: looking for those after
        # every 700 new objects, as is usual, takes a tenth of a large plan, and a look while modules are loaded
        # a tenth of a small one.
        gc.set_threshold(200_000, 20, 100)

        from kgov.cli.main import run

        code = run()
    except KeyboardInterrupt:
        # Before or after the command line: nothing was under way.
        code = 130
    _end(code)


def _end(code: int) -> None:
    """End the process as it is.

    Everything is closed and written by now, and the system takes memory back at once; Python would take apart
    what was read, object by object, which is a twentieth of a large plan.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            # What was to be said did not arrive.
            code = code or 1
    os._exit(code)


if __name__ == "__main__":
    main()
