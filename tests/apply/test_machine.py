"""Whatever goes wrong, in whatever order: what kgov promises of plan and apply holds.

A state machine edits manifests, lets outsiders write, plans, applies and breaks things. The witness
(``tests/support/witness.py``) judges each request, each answer and each state of the report at the moment when
it comes; the invariants here judge what is left. After the faults have ended, running it again converges.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from memory_cluster import MemoryCluster
from memory_requests import Topic
from stories import (
    CHOSEN,
    DEEDS,
    FATES,
    HOLDERS,
    MANNERS,
    NAMES,
    QUIET,
    RETIRED,
    TROUBLE,
    WISHED,
    Deed,
    Trouble,
    some_of,
)
from watched_apply import (
    IN_MEMORY,
    PLAINLY,
    Ended,
    Manner,
    Planned,
    apply,
    apply_saved,
    plan,
)
from wishes import FOREIGNERS, LEFT_TO_OTHERS, STRANGERS, TOPICS, Wish, WishedTopic
from witness import UNDISTURBED, Fate
from worlds import allow

from kgov.errors import CannotSeeError, ExitCode
from kgov.model.acl import AclBinding
from kgov.model.outcome import Status
from kgov.model.request import (
    ConfigEdit,
    CreateAcls,
    CreateTopics,
    DeleteAcls,
    DeleteTopics,
    EditConfigs,
    GrowPartitions,
    Growth,
    NewTopic,
)


class Applies(RuleBasedStateMachine):
    """Manifests, outsiders, accidents and applies in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.cluster = MemoryCluster()
        self.wish = Wish().with_topic("a.one", WishedTopic())
        self.saved: list[Planned] = []
        self.folder = Path(tempfile.mkdtemp(prefix="kgov-machine-", dir=IN_MEMORY))
        self.report = self.folder / "report.json"
        self.cluster.quietly(CreateTopics(tuple(NewTopic(name, 2, 1, {}) for name in STRANGERS)))
        self.cluster.grants(*(allow(principal, "Read", "a.*") for principal in FOREIGNERS))
        self.known: dict[str, Topic] = {}
        self.may_go: set[str] = set()
        self.strangers = self._strangers()
        self.foreign_bindings = self._foreign_bindings()
        self.left_alone: dict[str, dict[str, str]] = {}

    def teardown(self) -> None:
        """End every story well, unless it has failed already."""
        try:
            if sys.exc_info()[0] is None:
                self.faults_end_and_it_converges()
        finally:
            shutil.rmtree(self.folder)

    @initialize(
        topics=st.dictionaries(NAMES, WISHED), access=st.dictionaries(HOLDERS, CHOSEN), made=st.booleans()
    )
    def a_company_begins(self, topics: dict[str, WishedTopic], access: dict[str, set[int]], made: bool) -> None:
        self.topics_are_edited(topics)
        self.access_is_edited(access)
        if made:
            self.faults_end_and_it_converges()

    # Manifests.

    @rule(edits=st.dictionaries(NAMES, st.none() | WISHED | RETIRED, min_size=1))
    def topics_are_edited(self, edits: Mapping[str, WishedTopic | None]) -> None:
        for name, wished in edits.items():
            self.wish = self.wish.with_topic(name, wished) if wished else self.wish.without_topic(name)
        for name, wished in self.wish.topics.items():
            if wished.replaced_by == name or wished.replaced_by not in self.wish.topics:
                self.wish = self.wish.with_topic(name, replace(wished, replaced_by=None))

    @rule(old=NAMES, new=NAMES, wished=WISHED)
    def a_topic_is_replaced_by_another(self, old: str, new: str, wished: WishedTopic) -> None:
        if old != new:
            gone = WishedTopic(retired=True, consented=True, replaced_by=new)
            self.wish = self.wish.with_topic(new, wished).with_topic(old, gone)

    @rule(edits=st.dictionaries(HOLDERS, st.none() | st.just(set[int]()) | CHOSEN, min_size=1))
    def access_is_edited(self, edits: Mapping[str, set[int] | None]) -> None:
        for principal, chosen in edits.items():
            if chosen is None:
                self.wish = self.wish.without_access(principal)
            else:
                self.wish = self.wish.with_access(principal, frozenset(some_of(principal, chosen)))

    # Outsiders.

    @rule(name=st.sampled_from(STRANGERS), partitions=st.integers(1, 3), holder=st.sampled_from(FOREIGNERS))
    def outsiders_write_elsewhere(self, name: str, partitions: int, holder: str) -> None:
        self._make_or_drop(name, partitions)
        self._toggle(allow(holder, "Write", "a.one"))
        self.foreign_bindings = self._foreign_bindings()

    @rule(deed=DEEDS)
    def outsiders_write_to_our_topics(self, deed: Deed) -> None:
        name, number = deed.name, deed.number
        topic = self.cluster.state.world.topics.get(name)
        self._learn()
        self._time_passes()
        match deed.what:
            case "make or drop":
                self._make_or_drop(name, number)
            case "make again" if topic:
                self.cluster.quietly(DeleteTopics((name,)))
                self.cluster.quietly(CreateTopics((NewTopic(name, len(topic.replicas), 1, dict(topic.own)),)))
                self._forget(name)
            case "grow":
                self.cluster.quietly(GrowPartitions((Growth(name, number, 1),)))
            case "edit":
                gone = tuple(key for key in ("retention.ms", "segment.ms") if key not in deed.config)
                self.cluster.quietly(EditConfigs((ConfigEdit(name, deed.config, gone),)))
            case "throttle":
                self._set_a_key_of_others(name, LEFT_TO_OTHERS[number % len(LEFT_TO_OTHERS)], number // 2)

    @rule(principal=HOLDERS, chosen=CHOSEN)
    def outsiders_give_and_take_access_to_ours(self, principal: str, chosen: set[int]) -> None:
        self._time_passes()
        for binding in some_of(principal, chosen):
            self._toggle(binding)

    # kgov.

    @rule()
    def save_a_plan(self) -> None:
        planned = self._plan()
        if planned is not None:
            self.saved = [*self.saved[-2:], planned]

    @precondition(lambda self: self.saved)
    @rule(which=st.integers(0, 2), fate=FATES, manner=MANNERS, trouble=TROUBLE)
    def apply_a_saved_plan(self, which: int, fate: Fate, manner: Manner, trouble: Trouble) -> None:
        saved = self.saved[which % len(self.saved)]
        self._apply(saved, apply_saved, fate, replace(manner, reads_again=True), trouble)

    @rule(
        wished=WISHED | RETIRED,
        deeds=st.lists(DEEDS, min_size=1, max_size=2),
        access=st.dictionaries(HOLDERS, CHOSEN, max_size=1),
        fate=FATES,
        manner=MANNERS,
        trouble=TROUBLE,
    )
    def time_passes_between_plan_and_apply(
        self,
        wished: WishedTopic,
        deeds: list[Deed],
        access: dict[str, set[int]],
        fate: Fate,
        manner: Manner,
        trouble: Trouble,
    ) -> None:
        self.topics_are_edited({deeds[0].name: wished})
        planned = self._plan()
        for deed in deeds:
            self.outsiders_write_to_our_topics(deed)
        for principal, chosen in access.items():
            self.outsiders_give_and_take_access_to_ours(principal, chosen)
        if planned is not None:
            self._apply(planned, apply_saved, fate, replace(manner, reads_again=True), trouble)

    @rule(fate=FATES, manner=MANNERS, trouble=TROUBLE)
    def plan_and_apply(self, fate: Fate, manner: Manner, trouble: Trouble) -> None:
        planned = self._plan()
        if planned is not None:
            self._apply(planned, apply, fate, manner, trouble)

    def faults_end_and_it_converges(self) -> None:
        self.cluster.settles()
        self._learn()
        if self.wish.is_empty:
            return
        assert self._apply(plan(self.wish, self.cluster), apply, UNDISTURBED, PLAINLY, QUIET).refused is None
        assert self.wish.faults(self.cluster.state.world) == []
        again = plan(self.wish, self.cluster)
        assert again.plan.changes == ()
        ended = self._apply(again, apply, UNDISTURBED, PLAINLY, QUIET)
        assert ended.witness is not None
        assert ended.witness.sent == []

    def _plan(self) -> Planned | None:
        if self.wish.is_empty:
            return None
        try:
            return plan(self.wish, self.cluster)
        except CannotSeeError:
            return None

    def _apply(
        self, planned: Planned, way: Callable[..., Ended], fate: Fate, manner: Manner, trouble: Trouble
    ) -> Ended:
        if trouble.meddled:
            fate = replace(fate, meddling=self._meddler())
        harmless = fate.is_undisturbed and self.cluster.is_calm and trouble.is_harmless
        self.cluster.happens(*trouble.accidents)
        self.cluster.lags(trouble.lag)
        ended = way(planned, self.cluster, self.report, fate, manner)
        if ended.refused is not None:
            assert ended.refused.exit_code in (ExitCode.REFUSED, ExitCode.UNREACHABLE)
        if harmless and ended.applied is not None:
            assert {outcome.status for outcome in ended.applied.report.outcomes} <= {Status.DONE}
        return ended

    def _meddler(self) -> Callable[[], None]:
        """Make an outsider who does something elsewhere before each request of kgov."""
        turns = iter(range(1_000_000))

        def meddle() -> None:
            turn = next(turns)
            self._make_or_drop(STRANGERS[turn % len(STRANGERS)], 1 + turn % 3)
            self._toggle(allow(FOREIGNERS[turn % len(FOREIGNERS)], "Write", "a.one"))
            self.foreign_bindings = self._foreign_bindings()
            self._set_a_key_of_others(
                TOPICS[turn % len(TOPICS)], LEFT_TO_OTHERS[turn % len(LEFT_TO_OTHERS)], turn % 4
            )

        return meddle

    # What outsiders do.

    def _time_passes(self) -> None:
        """Let readers catch up: nobody can tell a topic from one that was made in its place unseen."""
        self.cluster.readers_catch_up()

    def _make_or_drop(self, name: str, partitions: int) -> None:
        self._learn()
        if name in self.cluster.state.world.topics:
            self.cluster.quietly(DeleteTopics((name,)))
        else:
            self.cluster.quietly(CreateTopics((NewTopic(name, partitions, 1, {}),)))
        self._forget(name)

    def _forget(self, name: str) -> None:
        self.known.pop(name, None)
        self.left_alone.pop(name, None)
        self.strangers = self._strangers()
        self._learn()

    def _set_a_key_of_others(self, name: str, key: str, number: int) -> None:
        if name in self.cluster.state.world.topics:
            self._learn()
            value = str(number) if key == "flush.ms" else f"{number}:1"
            self.cluster.quietly(EditConfigs((ConfigEdit(name, {key: value} if number else {}, (key,)),)))
            self.left_alone[name] = self._keys_of_others(name)

    def _toggle(self, binding: AclBinding) -> None:
        there = binding in self.cluster.state.world.bindings
        self.cluster.quietly(DeleteAcls((binding,)) if there else CreateAcls((binding,)))

    # What must hold.

    def _strangers(self) -> dict[str, Topic]:
        return {name: topic for name, topic in self.cluster.state.world.topics.items() if name in STRANGERS}

    def _foreign_bindings(self) -> frozenset[AclBinding]:
        return frozenset(b for b in self.cluster.state.world.bindings if b.principal in FOREIGNERS)

    def _keys_of_others(self, name: str) -> dict[str, str]:
        own = self.cluster.state.world.topics[name].own
        return {key: value for key, value in own.items() if key in LEFT_TO_OTHERS}

    def _learn(self) -> None:
        """Take our topics as they are for the ones that are to stay."""
        for request in self.cluster.sent:
            if isinstance(request, DeleteTopics):
                self.may_go.update(request.items)  # judged by the witness
        self.cluster.sent.clear()
        for name in TOPICS:
            topic = self.cluster.state.world.topics.get(name)
            before = self.known.get(name)
            if before is not None and name not in self.may_go:
                assert topic is not None, f"{name} is gone"
                assert topic.topic_id == before.topic_id, f"{name} is another topic"
            if topic is None:
                if not self.cluster.has_late_requests:
                    self.may_go.discard(name)
                self.known.pop(name, None)
                self.left_alone.pop(name, None)
                continue
            if before is not None and topic.topic_id == before.topic_id:
                assert len(topic.replicas) >= len(before.replicas), f"{name} has shrunk"
                assert self._keys_of_others(name) == self.left_alone.get(name, {}), f"{name}: keys of others"
            else:
                self.left_alone[name] = self._keys_of_others(name)
            self.known[name] = topic

    @invariant()
    def what_is_not_ours_is_untouched(self) -> None:
        assert self._strangers() == self.strangers
        assert self._foreign_bindings() == self.foreign_bindings

    @invariant()
    def topics_stay_and_never_shrink(self) -> None:
        self._learn()


BRIEFLY = settings(
    max_examples=150,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
"""Some ten seconds, and the same stories each time."""


@pytest.mark.usefixtures("no_waiting_for_disks")
class TestApplies(Applies.TestCase):  # type: ignore[misc,valid-type]
    settings = BRIEFLY


@pytest.mark.faults
@pytest.mark.usefixtures("no_waiting_for_disks")
class TestManyApplies(Applies.TestCase):  # type: ignore[misc,valid-type]
    settings = settings(BRIEFLY, max_examples=500, stateful_step_count=50)
