"""What an earlier run knew of a cluster."""

from dataclasses import dataclass
from datetime import datetime

from kgov.model.live import NOT_COUNTED, LiveCount


@dataclass(frozen=True, slots=True)
class Known:
    """What an audit, or an apply after its changes, knew to be live at a moment.

    ``cluster_id`` is empty where no cluster was called or the document does not say. ``objects`` counts managed
    topics and bindings together; it is given where they were not counted apart.
    """

    cluster_id: str
    at: datetime
    live: LiveCount
    objects: int | None = None

    @property
    def says_something(self) -> bool:
        """Whether there is anything that a cluster can be held against."""
        return self.live != NOT_COUNTED or self.objects is not None
