"""Text for people, for a terminal of any width, with or without colour."""

from kgov.report.text.apply import apply_text
from kgov.report.text.audit import audit_text
from kgov.report.text.findings import findings_concise, findings_full
from kgov.report.text.plan import plan_text

__all__ = ["apply_text", "audit_text", "findings_concise", "findings_full", "plan_text"]
