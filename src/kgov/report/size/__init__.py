"""What topics ask of a cluster: as text, Markdown and JSON. Every view becomes sections first."""

from kgov.report.size.document import calculation_document, change_document, sum_document, topic_document
from kgov.report.size.formats import answer_markdown, answer_text
from kgov.report.size.sections import Answer
from kgov.report.size.views import calculation_answer, change_answer, sum_answer, topic_answer

__all__ = [
    "Answer",
    "answer_markdown",
    "answer_text",
    "calculation_answer",
    "calculation_document",
    "change_answer",
    "change_document",
    "sum_answer",
    "sum_document",
    "topic_answer",
    "topic_document",
]
