"""What a rollback leaves as it is, as tables."""

from collections.abc import Iterable

from kgov.plan.plan import Remark, Rollback
from kgov.report.markdown.page import Section, code, row, text


def remark_sections(rollback: Rollback | None) -> Iterable[Section]:
    """Give what cannot be undone, and what is left alone; nothing for another plan."""
    if rollback is not None:
        yield _section("Cannot be undone", "things that cannot be undone", rollback.cannot_be_undone)
        yield _section("Left alone", "things that are left alone", rollback.left_alone)


def _section(title: str, noun: str, remarks: tuple[Remark, ...]) -> Section:
    rows = [row(code(str(remark.resource)), text(remark.why)) for remark in remarks]
    return Section(f"{title}: {len(rows)}", noun, ("Resource", "Why"), rows)
