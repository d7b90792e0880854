"""Markdown for pull requests and job summaries of GitHub and GitLab."""

from kgov.report.markdown.apply import apply_markdown
from kgov.report.markdown.audit import audit_markdown
from kgov.report.markdown.plan import plan_markdown

__all__ = ["apply_markdown", "audit_markdown", "plan_markdown"]
