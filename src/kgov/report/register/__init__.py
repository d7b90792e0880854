"""Registers: as text, Markdown, CSV and JSON. A register becomes a table first, whatever the format."""

from kgov.report.register.document import privacy_document, resilience_document
from kgov.report.register.formats import table_csv, table_markdown, table_text
from kgov.report.register.privacy import privacy_table
from kgov.report.register.resilience import resilience_table

__all__ = [
    "privacy_document",
    "privacy_table",
    "resilience_document",
    "resilience_table",
    "table_csv",
    "table_markdown",
    "table_text",
]
