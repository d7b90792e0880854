"""What the rules on capacity share: they are about all topics of an environment together."""

from collections.abc import Callable, Mapping
from typing import Final

from kgov.policy.wording import listed

WHOLE_ENVIRONMENT: Final = "it is about all topics of the environment together"
"""Why no Waiver, which is for one resource, can set such a finding aside."""

_MOST: Final = 3


def greatest(asked: Mapping[str, float], in_words: Callable[[float], str]) -> str:
    """Name the topics that ask for the most, with what they ask for."""
    order = sorted(asked.items(), key=lambda item: (-item[1], item[0]))
    return listed(f"{name} ({in_words(size)})" for name, size in order[:_MOST] if size)
