"""Write docs/rules from the rules themselves: one page a rule, and the index."""

from pathlib import Path

from kgov.policy.page import pages

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "rules"


def main() -> None:
    """Write every page, and remove those of rules that are gone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for old in set(FOLDER.glob("*.md")) - {FOLDER / name for name in wanted}:
        old.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
