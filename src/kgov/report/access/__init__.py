"""Answers of ``kgov access``, in each of their formats."""

from kgov.report.access.answer import Grounds, rights_answer, who_can_answer
from kgov.report.access.document import rights_document, who_can_document
from kgov.report.access.formats import answer_markdown, answer_text

__all__ = [
    "Grounds",
    "answer_markdown",
    "answer_text",
    "rights_answer",
    "rights_document",
    "who_can_answer",
    "who_can_document",
]
