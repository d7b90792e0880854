"""What becomes of requests when connections fail, with a client that fails on command."""

from collections.abc import Iterable
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException
from worlds import allow

from kgov.cluster.batches import DEFAULT_LIMITS, Limits
from kgov.cluster.kafka import KafkaCluster
from kgov.cluster.settle import Pace
from kgov.errors import UnreachableError
from kgov.model.request import (
    ACCEPTED,
    Answer,
    AnswerStatus,
    ConfigEdit,
    CreateAcls,
    CreateTopics,
    DeleteTopics,
    EditConfigs,
    Fault,
    GrowPartitions,
    Growth,
    NewTopic,
    Request,
)

TIMED_OUT = "Failed while waiting for {}: Local: Timed out"
NEVER_SENT = KafkaException(KafkaError(KafkaError._TIMED_OUT, TIMED_OUT.format("controller")))
NO_RESPONSE = KafkaException(KafkaError(KafkaError._TIMED_OUT, TIMED_OUT.format("response from broker")))
DONE = None
HANGS = "hangs"


class FakeAdmin:
    """An AdminClient whose calls end as scripted, one after the other over all connections."""

    def __init__(self, script: list[Any], calls: list[Any]) -> None:
        self._script = script
        self._calls = calls

    def delete_topics(self, names: list[str], **options: float) -> dict[str, "Future[None]"]:
        self._calls.append((tuple(names), options))
        end = self._script.pop(0)
        return {name: ended(end) for name in names}

    def describe_cluster(self, **options: Any) -> "Future[Any]":
        self._calls.append(options)
        return ended(self._script.pop(0))

    def create_topics(self, *args: Any, **options: Any) -> Any:
        raise ValueError("replication_factor out of expected range")


def ended(end: Any) -> "Future[Any]":
    future: Future[Any] = Future()
    if isinstance(end, BaseException):
        future.set_exception(end)
    elif end != HANGS:
        future.set_result(end)
    return future


class Line:
    """Opens fake connections, as many as there are; ``None`` cannot be opened."""

    def __init__(self, script: Iterable[Any], openings: Iterable[bool] = ()) -> None:
        self.script = list(script)
        self.openings = list(openings)
        self.opened: list[str] = []
        self.closed: list[str] = []
        self.calls: list[Any] = []

    def open(self, purpose: str) -> Any:
        if self.openings and not self.openings.pop(0):
            raise UnreachableError("nobody is there")
        self.opened.append(purpose)
        return SimpleNamespace(
            admin=FakeAdmin(self.script, self.calls),
            wait=lambda futures, seconds: None,
            request_timeout=20.0,
            unreachable=lambda doing: UnreachableError(f"{doing}: gone"),
            close=lambda: self.closed.append(purpose),
        )

    def cluster(self, limits: Limits = DEFAULT_LIMITS) -> KafkaCluster:
        return KafkaCluster(self.open, limits=limits)


ONE_EACH = Limits(topics=1)
THREE = DeleteTopics(("a", "b", "c"))


def statuses(answers: tuple[Answer, ...]) -> list[str]:
    return [answer.status.value for answer in answers]


def test_a_request_that_was_never_sent_is_tried_once_more_over_a_fresh_connection() -> None:
    line = Line([NEVER_SENT, DONE])
    assert line.cluster().send(THREE) == (ACCEPTED,) * 3
    assert line.opened == ["write", "write"]
    assert line.closed == ["write"]


def test_a_request_that_is_never_sent_is_refused_and_said_not_to_be_sent() -> None:
    answers = Line([NEVER_SENT, NEVER_SENT]).cluster().send(THREE)
    assert set(answers) == {
        Answer(AnswerStatus.REFUSED, Fault("_TRANSPORT", "not sent: no controller was found"))
    }


@pytest.mark.parametrize("end", [NO_RESPONSE, HANGS])
def test_a_request_without_an_answer_is_never_sent_twice(end: Any) -> None:
    line = Line([end])
    assert statuses(line.cluster().send(THREE)) == ["unknown"] * 3
    assert len(line.calls) == 1


def test_the_next_request_after_one_without_an_answer_goes_over_a_fresh_connection() -> None:
    line = Line([NO_RESPONSE, DONE, DONE])
    assert statuses(line.cluster(ONE_EACH).send(THREE)) == ["unknown", "accepted", "accepted"]
    assert line.opened == ["write", "write"]


def test_what_cannot_be_sent_any_more_is_refused_while_what_was_sent_keeps_its_answer() -> None:
    line = Line([DONE, NO_RESPONSE], openings=[True, False])
    answers = line.cluster(ONE_EACH).send(THREE)
    assert statuses(answers) == ["accepted", "unknown", "refused"]
    assert answers[2].fault == Fault("_TRANSPORT", "not sent: nobody is there")


def test_a_cluster_that_cannot_be_reached_at_all_is_an_error() -> None:
    with pytest.raises(UnreachableError, match="nobody is there"):
        Line([], openings=[False]).cluster().send(THREE)


def test_a_request_never_waits_longer_than_its_socket() -> None:
    line = Line([DONE])
    line.cluster().send(THREE)
    assert line.calls == [(("a", "b", "c"), {"request_timeout": 20.0})]


def test_a_read_without_an_answer_is_asked_once_more_over_a_fresh_connection() -> None:
    cluster_of_one = SimpleNamespace(cluster_id="id", nodes=[SimpleNamespace(id=1)], authorized_operations=None)
    line = Line([NO_RESPONSE, cluster_of_one])
    assert line.cluster().identity().brokers == (1,)
    assert line.opened == ["read", "read"]


@pytest.mark.parametrize("end", [NO_RESPONSE, HANGS])
def test_a_read_that_is_never_answered_is_an_error(end: Any) -> None:
    line = Line([end, end])
    with pytest.raises(UnreachableError, match="asking which cluster it is: gone"):
        line.cluster().identity()


def test_a_read_that_is_answered_with_an_error_says_which() -> None:
    end = KafkaException(KafkaError(KafkaError.UNKNOWN, "the controller stumbled"))
    with pytest.raises(UnreachableError, match="answers with an error") as error:
        Line([end, end]).cluster().identity()
    assert error.value.why == "UNKNOWN: the controller stumbled"


def test_what_the_client_itself_refuses_was_not_sent() -> None:
    answers = Line([]).cluster().send(CreateTopics((NewTopic("a", 1, 0, {}),)))
    assert answers[0].status is AnswerStatus.REFUSED
    assert answers[0].fault == Fault("_INVALID_ARG", "replication_factor out of expected range")


@pytest.mark.parametrize("text", ["a\0b", "a\ud800"])
def test_text_that_the_client_would_cut_or_choke_on_is_never_sent(text: str) -> None:
    requests: tuple[Request, ...] = (
        CreateTopics((NewTopic("fine", 1, 1, {}), NewTopic(text, 1, 1, {}))),
        CreateTopics((NewTopic("fine", 1, 1, {}), NewTopic("b", 1, 1, {"retention.ms": text}))),
        EditConfigs((ConfigEdit("fine", {}, ()), ConfigEdit("b", {text: "1"}, ()))),
        EditConfigs((ConfigEdit("fine", {}, ()), ConfigEdit("b", {}, (text,)))),
        GrowPartitions((Growth("fine", 2, 1), Growth(text, 2, 1))),
        CreateAcls((allow("User:x", "Read", "fine"), allow(f"User:{text}", "Read", "b"))),
        CreateAcls((allow("User:x", "Read", "fine"), allow("User:x", "Read", "b", host=text))),
        CreateAcls((allow("User:x", "Read", "fine"), allow("User:x", "Read", text))),
        DeleteTopics(("fine", text)),
    )
    for request in requests:
        line = Line([])
        answers = line.cluster().send(request)
        assert statuses(answers) == ["refused", "refused"]
        assert all(answer.fault and answer.fault.message.startswith("not sent") for answer in answers)
        assert line.calls == []


def test_after_an_answer_of_somebody_who_is_no_controller_the_next_request_looks_for_one() -> None:
    line = Line([KafkaException(KafkaError(KafkaError.NOT_CONTROLLER)), DONE, DONE])
    assert statuses(line.cluster(ONE_EACH).send(THREE)) == ["unknown", "accepted", "accepted"]
    assert line.opened == ["write", "write"]


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    @property
    def pace(self) -> Pace:
        return Pace(lambda: self.now, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def test_what_a_quota_would_leave_unread_is_sent_when_that_is_over() -> None:
    clock = Clock()
    line = Line([DONE, DONE, DONE])
    cluster = KafkaCluster(line.open, limits=ONE_EACH, pace=clock.pace)
    cluster.mute(7.5)
    cluster.mute(0.0)
    assert cluster.muted_seconds() == 7.5
    assert cluster.send(THREE) == (ACCEPTED,) * 3
    assert clock.now == pytest.approx(7.5)
    assert cluster.muted_seconds() == 0


def test_a_read_does_not_wait_for_the_quota_of_writes() -> None:
    clock = Clock()
    line = Line([SimpleNamespace(cluster_id="id", nodes=[], authorized_operations=None)])
    cluster = KafkaCluster(line.open, limits=DEFAULT_LIMITS, pace=clock.pace)
    cluster.mute(60)
    assert cluster.identity().cluster_id == "id"
    assert clock.pauses == []


def test_closing_closes_every_connection_that_was_opened() -> None:
    line = Line([DONE])
    cluster = line.cluster()
    cluster.send(THREE)
    cluster.close()
    cluster.close()
    assert line.closed == ["write"]


def test_progress_tells_how_many_items_were_answered_for() -> None:
    told: list[tuple[str, int, int]] = []
    line = Line([DONE, DONE])

    def tell(doing: str, done: int, total: int) -> None:
        told.append((doing, done, total))

    KafkaCluster(line.open, limits=Limits(topics=2), progress=tell).send(THREE)
    assert told == [("deleting topics", 2, 3), ("deleting topics", 3, 3)]
