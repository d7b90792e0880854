"""Approvals: what must be agreed to, by whom, and whether it was. The life of one: docs/approvals.md."""
