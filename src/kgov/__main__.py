"""The entry point: ``kgov`` and ``python -m kgov``."""

import sys


def main() -> None:
    """Run the command line; answer ``--version`` before anything heavy is imported."""
    if sys.argv[1:] == ["--version"]:
        from kgov import __version__

        sys.stdout.write(f"kgov {__version__}\n")
        return
    try:
        import gc

        from kgov.cli.main import run

        # A run makes very many objects that live until its end, and hardly a cycle: looking for those after
        # every 700 new objects, as is usual, takes a tenth of a large plan.
        gc.set_threshold(50_000, 20, 100)
        code = run()
    except KeyboardInterrupt:
        # Before or after the command line: nothing was under way.
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
