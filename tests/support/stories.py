"""What can happen in a story of manifests, outsiders and applies: strategies for Hypothesis."""

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st
from memory_cluster import Accident, Late, LostAfter, LostBefore, Refused, Repeated
from watched_apply import EVERYTHING, ONE_EACH, Manner
from wishes import PRINCIPALS, TOPICS, WishedTopic, bindings_of
from witness import POLICY, UNDISTURBED, Fate

from kgov.cluster.batches import Limits
from kgov.model.acl import AclBinding
from kgov.model.policies import Lift

NAMES = st.sampled_from(TOPICS)
HOLDERS = st.sampled_from(PRINCIPALS)
CHOSEN = st.sets(st.integers(0, 8), min_size=1)
CONFIGS = st.fixed_dictionaries(
    {},
    optional={
        "retention.ms": st.sampled_from(["3600000", "604800000", "-1"]),
        "segment.ms": st.sampled_from(["60000", "120000"]),
    },
)
WISHED = st.builds(WishedTopic, st.sampled_from([None, 1, 3, 6]), CONFIGS, consented=st.booleans())
RETIRED = st.builds(WishedTopic, retired=st.just(True), consented=st.booleans(), replaced_by=st.none() | NAMES)
ACCIDENTS = st.one_of(
    st.none(),
    st.just(LostBefore()),
    st.just(LostAfter()),
    st.just(Repeated()),
    st.builds(Late, st.sampled_from([0, 1, 3, 8, 60])),
    st.builds(Refused, st.just(POLICY), st.none() | NAMES),
)
MANNERS = st.builds(
    Manner,
    st.sampled_from([frozenset[Lift](), frozenset({Lift.DATA_LOSS}), EVERYTHING, EVERYTHING]),
    st.booleans(),
    st.sampled_from([Limits(), ONE_EACH]),
)
MOMENTS = st.integers(0, 40)
FATES = st.one_of(
    st.just(UNDISTURBED),
    st.builds(Fate, killed_at=MOMENTS),
    st.builds(Fate, broken_off_at=MOMENTS),
    st.builds(Fate, asked_to_stop_at=MOMENTS),
    st.builds(Fate, gone_at=MOMENTS),
)


@dataclass(frozen=True, slots=True)
class Deed:
    """What an outsider does to a topic."""

    name: str
    what: str
    number: int
    config: Mapping[str, str]


DEEDS = st.builds(
    Deed,
    NAMES,
    st.sampled_from(["make or drop", "make again", "make again", "grow", "edit", "throttle"]),
    st.integers(1, 7),
    CONFIGS,
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What befalls the requests of an apply, how many reads lag behind each, and whether somebody meddles."""

    accidents: tuple[Accident | None, ...] = ()
    lag: int = 0
    meddled: bool = False

    @property
    def is_harmless(self) -> bool:
        """Whether all that is asked for is done all the same, and can be seen."""
        return not self.lag and all(a is None or isinstance(a, LostAfter | Repeated) for a in self.accidents)


QUIET = Trouble()
TROUBLE = st.builds(
    Trouble, st.lists(ACCIDENTS, max_size=4).map(tuple), st.sampled_from([0, 0, 1, 2, 5, 100]), st.booleans()
)


def some_of(principal: str, chosen: set[int]) -> list[AclBinding]:
    """Pick bindings of a principal by their numbers."""
    pool = bindings_of(principal)
    return [pool[number] for number in sorted(chosen) if number < len(pool)]
