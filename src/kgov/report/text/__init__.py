"""Text for people, for a terminal of any width, with or without colour.

Each form is loaded when it is asked for: to show findings, nothing of plans has to be there.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kgov.report.text.apply import apply_text
    from kgov.report.text.audit import audit_text
    from kgov.report.text.findings import findings_concise, findings_full
    from kgov.report.text.plan import plan_text

__all__ = ["apply_text", "audit_text", "findings_concise", "findings_full", "plan_text"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name}", name=name)
    return getattr(import_module(f"{__name__}.{name.partition('_')[0]}"), name)
