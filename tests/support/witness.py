"""A witness of one apply: stands between kgov and the cluster, watches the journal, and breaks things on cue.

Whatever kgov says and does is held against what the cluster really is. A promise that is broken is an
``AssertionError``, raised at the moment when it is broken.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kept_access import KeptAccess
from licence import Licence, turn_of
from memory_cluster import MemoryCluster
from memory_requests import World, name_of
from wishes import MOST_DELETES, MOST_REVOCATIONS

from kgov.apply.journal import FileJournal
from kgov.apply.run import Applied
from kgov.cluster.interface import TopicDescription
from kgov.errors import UnreachableError
from kgov.model.acl import ANYBODY, AclBinding
from kgov.model.change import Action, Change
from kgov.model.live import LiveAcls, TopicConfig
from kgov.model.outcome import ApplyReport, Status
from kgov.model.policies import Lift
from kgov.model.request import (
    Answer,
    AnswerStatus,
    DeleteAcls,
    DeleteTopics,
    EditConfigs,
    Fault,
    GrowPartitions,
    Request,
)
from kgov.plan.documents.report_document import read_report
from kgov.plan.plan import Plan

POLICY = Fault("POLICY_VIOLATION", "no")
"""A refusal that says nothing of how things are."""


class KilledError(BaseException):
    """The process is gone: whatever it still tries fails as well."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What befalls a run. Moments are counted from 0: before and after each write to cluster and journal.

    ``killed_at`` is SIGKILL, ``broken_off_at`` a second Ctrl-C, ``asked_to_stop_at`` the first one (counted in
    questions), ``gone_at`` the moment from which on the cluster does not answer. ``meddling`` is called before
    each write: an outsider who works at the same time.
    """

    killed_at: int | None = None
    broken_off_at: int | None = None
    asked_to_stop_at: int | None = None
    gone_at: int | None = None
    meddling: Callable[[], None] | None = None

    @property
    def is_undisturbed(self) -> bool:
        """Whether kgov can do all that it wants to."""
        return replace(self, meddling=None) == UNDISTURBED


UNDISTURBED = Fate()


class Witness:
    """The cluster, the journal and the wish to stop of one run, as kgov is given them."""

    def __init__(
        self, cluster: MemoryCluster, plan: Plan, licence: Licence, path: Path, fate: Fate = UNDISTURBED
    ) -> None:
        self.cluster = cluster
        self.moments = 0
        self.sent: list[Request] = []
        self._plan = plan
        self._licence = licence
        self._file = FileJournal(path)
        self._path = path
        self._fate = fate
        self._dead = False
        self._questions = 0
        self._is_to_stop = False
        self._by_item = {str(c.binding) if c.binding else c.resource.name: c for c in plan.changes}
        self._by_id = {change.id: change for change in plan.changes}
        self._answers: dict[str, list[AnswerStatus | None]] = {}
        self._noted: dict[str, Status] = {}
        self._shown_topics: dict[str, TopicDescription | Fault] = {}
        self._shown_configs: dict[str, TopicConfig | Fault] = {}
        self._shown_bindings: frozenset[AclBinding] | None = None
        self._shown_at_first: dict[str, str] = {}
        self._seen: set[str] = set()
        self._lost: dict[type, int] = {DeleteTopics: 0, DeleteAcls: 0}
        self._path.unlink(missing_ok=True)
        self._kept_access = KeptAccess.of(licence, self._world, under_way=cluster.has_late_requests)

    @property
    def _world(self) -> World:
        return self.cluster.state.world

    # The wish to stop.

    def interrupted(self) -> bool:
        """Answer as ``Tools.interrupted`` does."""
        self._alive()
        self._questions += 1
        wanted = self._fate.asked_to_stop_at
        self._is_to_stop = wanted is not None and self._questions > wanted
        return self._is_to_stop

    # The journal.

    def write(self, report: ApplyReport) -> None:
        """Keep a state, and hold every word of it against the cluster."""
        self._moment()
        self._judge(report)
        try:
            self._file.write(report)
        except KilledError:
            self._dead = True
            raise
        assert read_report(self._on_disk()) == report
        self._moment()

    def _on_disk(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self._path.read_text())
        return document

    def _judge(self, report: ApplyReport) -> None:
        opening = not self._noted
        for outcome in report.outcomes:
            change = self._by_id[outcome.id]
            answers = self._answers.get(outcome.id, [])
            match outcome.status:
                case Status.PENDING | Status.SKIPPED:
                    assert not answers, f"{change.resource} was sent, and is noted as {outcome.status}"
                case Status.FAILED:
                    assert AnswerStatus.REFUSED in answers, f"{change.resource}: nothing of it was refused"
                    excused = outcome.error is not None and outcome.error.code == POLICY.code
                    assert excused or not self._is_so(change), f"{change.resource} is so, and noted as failed"
                case Status.DONE if self._noted.get(outcome.id) is not Status.DONE:
                    assert opening or self._is_so(change), f"{change.resource} is not done"
                    assert outcome.id in self._seen, f"{change.resource} is noted as done, and not seen"
                    assert not opening or not answers
            self._noted[outcome.id] = outcome.status
        assert len(report.outcomes) == len(self._plan.changes)

    # The cluster.

    def send(self, request: Request) -> tuple[Answer, ...]:
        """Pass a write on, and judge it before and after."""
        self._alive()
        if self._fate.meddling:
            self._fate.meddling()
        changes = [self._by_item[name_of(item)] for item in request.items]
        self._judge_note_of(changes)
        self._judge_request(request)
        self.sent.append(request)
        for change in changes:
            self._answers.setdefault(change.id, []).append(None)
            self._seen.discard(change.id)
        self._moment()
        try:
            answers = self.cluster.send(request)
        except UnreachableError:
            self._take_back(changes)
            raise
        for change, answer in zip(changes, answers, strict=True):
            self._answers[change.id][-1] = answer.status
        self._kept_access.judge(self._world)
        self._moment()
        return answers

    def _take_back(self, changes: Collection[Change]) -> None:
        """Forget a request that did not arrive, which the port says with an error."""
        self.sent.pop()
        for change in changes:
            self._answers[change.id].pop()

    def _judge_note_of(self, changes: Collection[Change]) -> None:
        """Before anything goes out, the journal on disk says so."""
        noted = {outcome["id"]: outcome["status"] for outcome in self._on_disk()["outcomes"]}
        for change in changes:
            assert noted[change.id] not in ("pending", "skipped", "done"), f"{change.resource} goes out unnoted"

    def _judge_request(self, request: Request) -> None:
        assert not self._is_to_stop, "somebody asked to stop"
        assert not self.sent or turn_of(self.sent[-1]) <= turn_of(request), "this comes too late"
        for item in request.items:
            self._licence.judge(request, item, self._world)
            if isinstance(request, GrowPartitions | EditConfigs | DeleteTopics):
                self._judge_same_topic(name_of(item))
            if isinstance(request, DeleteTopics):
                self._judge_heir_of(name_of(item))
            if isinstance(request, DeleteAcls) and isinstance(item, AclBinding):
                self._judge_replacements_of(item)
        if isinstance(request, (DeleteTopics, DeleteAcls)):
            self._judge_limits(request)

    def _judge_limits(self, request: DeleteTopics | DeleteAcls) -> None:
        self._lost[type(request)] += len(request.items)
        most = MOST_DELETES if isinstance(request, DeleteTopics) else MOST_REVOCATIONS
        assert Lift.LIMITS in self._licence.allowed or self._lost[type(request)] <= most, "over the limit"

    def _judge_same_topic(self, name: str) -> None:
        """A topic that was deleted and made again since the plan was made is not the topic that was judged.

        kgov can know as far as it is shown: a reader that lags may still show the one before.
        """
        shown = self._shown_at_first.get(name)
        assert shown is None or shown == self._licence.ids.get(name), f"{name} is another topic now"

    def _judge_heir_of(self, name: str) -> None:
        heir = self._licence.heir_of(name)
        if heir is not None:
            assert isinstance(self._shown_topics.get(heir), TopicDescription), (
                f"{name} goes, {heir} is not there"
            )

    def _judge_replacements_of(self, binding: AclBinding) -> None:
        for change in self._plan.changes:
            if change.action is not Action.CREATE or change.binding is None:
                continue
            if binding.principal in (change.binding.principal, ANYBODY) or change.binding.principal == ANYBODY:
                certain = change.id in self._seen or self._noted[change.id] is Status.DONE
                assert certain, f"{binding} goes, and {change.binding} was not seen"

    def __getattr__(self, name: str) -> Any:
        """Pass on what is not watched."""
        self._alive()
        return getattr(self.cluster, name)

    def describe_topics(self, names: Collection[str]) -> Mapping[str, TopicDescription | Fault]:
        self._alive()
        answers = self.cluster.describe_topics(names)
        self._shown_topics.update(answers)
        if not self.sent:
            found = {name: a.topic_id for name, a in answers.items() if isinstance(a, TopicDescription)}
            self._shown_at_first.update(found)
        self._look()
        return answers

    def topic_configs(self, names: Collection[str]) -> Mapping[str, TopicConfig | Fault]:
        self._alive()
        answers = self.cluster.topic_configs(names)
        self._shown_configs.update(answers)
        self._look()
        return answers

    def acls(self) -> LiveAcls | Fault:
        self._alive()
        shown: LiveAcls | Fault = self.cluster.acls()
        self._shown_bindings = shown.bindings if isinstance(shown, LiveAcls) else None
        self._look()
        return shown

    def _look(self) -> None:
        """Remember which changes kgov was shown as made, as far as its last reads went."""
        for change in self._plan.changes:
            if self._was_shown(change):
                self._seen.add(change.id)
            else:
                self._seen.discard(change.id)

    def _was_shown(self, change: Change) -> bool:
        if change.binding is not None:
            bindings = self._shown_bindings
            return bindings is not None and (change.binding in bindings) is (change.action is Action.CREATE)
        topic = self._shown_topics.get(change.resource.name)
        if not isinstance(topic, TopicDescription):
            return change.action is Action.DELETE and topic is not None
        configs = self._shown_configs.get(change.resource.name)
        own = configs.own if isinstance(configs, TopicConfig) else {}
        return change.action is not Action.DELETE and _holds(change, len(topic.replicas), own)

    def _is_so(self, change: Change) -> bool:
        """Say whether a change is made, in truth."""
        if change.binding is not None:
            return (change.binding in self._world.bindings) is (change.action is Action.CREATE)
        topic = self._world.topics.get(change.resource.name)
        if topic is None or change.action is Action.DELETE:
            return topic is None and change.action is Action.DELETE
        return _holds(change, len(topic.replicas), topic.own)

    # Time and death.

    def _alive(self) -> None:
        if self._dead:
            raise KilledError

    def _moment(self) -> None:
        self._alive()
        now, self.moments = self.moments, self.moments + 1
        if now == self._fate.gone_at:
            self.cluster.goes_away()
        if now == self._fate.killed_at:
            self._dead = True
            raise KilledError
        if now == self._fate.broken_off_at:
            raise KeyboardInterrupt

    # The end.

    def judge_end(self, applied: Applied | None) -> None:
        """Hold the report on disk against what happened; ``None`` is a run that was cut short."""
        if not self._path.exists():
            assert not self._answers
            return
        report = read_report(self._on_disk())
        for outcome in report.outcomes:
            change, status = self._by_id[outcome.id], outcome.status
            assert status is not Status.PENDING or not self._answers.get(outcome.id), (
                f"{change.resource} was sent"
            )
            if report.finished is not None:
                assert status not in (Status.PENDING, Status.SENT), f"{change.resource} is left open"
            if applied is not None and status is Status.UNKNOWN:
                assert self._answers.get(outcome.id), f"{change.resource} was never sent"
                could_read = not applied.errors
                assert not (could_read and outcome.id in self._seen), (
                    f"{change.resource} was seen, and is unknown"
                )
        assert applied is None or report.finished is not None


def _holds(change: Change, partitions: int, own: Mapping[str, str]) -> bool:
    def now(path: str) -> object:
        return partitions if path == "partitions" else own.get(path.removeprefix("config."))

    return all(now(field.path) == field.after for field in change.fields)
