"""Fingerprints that stay the same while lines move, and a place for findings that have none."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from kgov.model.finding import Finding
from kgov.model.place import Place

NO_PLACE = Place("kgov.yaml", 1, 1)
"""Where a finding without a place is shown by formats that demand one (no manifests at all: KG007)."""


def fingerprints(findings: Iterable[Finding]) -> Iterator[str]:
    """Give each finding a fingerprint of its own, which does not depend on lines.

    Findings that are alike but for their line are numbered: some readers drop those with a known fingerprint.
    """
    yield from numbered(
        (f.code, str(f.resource), f.place.file if f.place else "", f.environment or "", f.message)
        for f in findings
    )


def numbered(identities: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Digest each identity, told apart from those before it that are equal."""
    seen: Counter[tuple[str, ...]] = Counter()
    for identity in identities:
        text = "\0".join((*identity, str(seen[identity])))
        seen[identity] += 1
        yield hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
