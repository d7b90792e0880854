"""The reading half of the port (``kgov.cluster.interface.Cluster``) on kgov's own connections."""

from collections.abc import Callable, Collection, Mapping, Sequence
from time import monotonic
from typing import TypeVar

from kgov.cluster.bootstrap import Address
from kgov.cluster.inheritance import Inheritance
from kgov.cluster.interface import Identity, Progress, TopicDescription
from kgov.cluster.wire import acls, clusters, configs, topics
from kgov.cluster.wire.ahead import AskedAhead
from kgov.cluster.wire.connection import Connection
from kgov.cluster.wire.error_codes import INVALID_REQUEST, fault
from kgov.cluster.wire.errors import LostError, MalformedError, WireError
from kgov.cluster.wire.line import Line
from kgov.cluster.wire.pipeline import IN_FLIGHT, NAMES_PER_REQUEST, ask_all, batches
from kgov.cluster.wire.question import Question, Value
from kgov.model.live import LiveAcls, TopicConfig
from kgov.model.request import Fault

_Answered = TypeVar("_Answered")

FIRST_SECONDS = 10.0
SECOND_SECONDS = 30.0
"""How long an answer may take, at first and when it is asked for once more over a fresh connection."""

_WORTH_A_SECOND = IN_FLIGHT * NAMES_PER_REQUEST
"""With more topics than this a second connection is worth its login."""

_OTHER_BROKER = fault(INVALID_REQUEST).code
_NO_BROKER = Fault("BROKER_NOT_AVAILABLE", "the cluster names no broker")
_NO_NAME = Fault("TOPIC_EXCEPTION", "no topic can have a name that is not Unicode text")


class WireReader:
    """Reads a cluster. Every method raises ``WireError`` where it cannot do it."""

    def __init__(self, line: Line, progress: Progress) -> None:
        self._line = line
        self._progress = progress
        self._connections: list[Connection] = []
        self._acls: AskedAhead[LiveAcls | Fault] | None = None
        self._home: Address | None = None
        self._brokers: Mapping[int, Address] = {}
        self._inheritance = Inheritance(self._any_broker_config)

    def connect(self) -> None:
        """Open the first connection now rather than with the first question."""
        self._lanes(1)

    def identity(self) -> Identity:
        """Ask who the cluster is and what we may do on it."""
        answer = self._ask(clusters.describe)
        if isinstance(answer, Fault):
            msg = f"{self._home} answers DescribeCluster with {answer.code}"
            raise MalformedError(msg)
        self._brokers = answer.addresses
        return answer.identity

    def topic_names(self) -> frozenset[str]:
        """List the topics that our principal is shown."""
        return self._ask(topics.list_names)

    def describe_topics(self, names: Collection[str]) -> Mapping[str, TopicDescription | Fault]:
        """Describe exactly these topics; never creates one."""
        return self._for_each("reading topics", names, topics.describe)

    def topic_configs(self, names: Collection[str]) -> Mapping[str, TopicConfig | Fault]:
        """Read the configs of exactly these topics."""
        kinds = configs.Kinds(self._inheritance.learn)
        found = self._for_each("reading configs", names, lambda batch: configs.of_topics(batch, kinds))
        return self._inheritance.complete(found)

    def broker_config(self, broker: int) -> Mapping[str, str | None] | Fault:
        """Read the configs of one broker, of all sources; only that broker knows them."""

        def question() -> Question[dict[str, Mapping[str, str | None] | Fault]]:
            return configs.of_broker(broker)

        answer = self._ask(question)[str(broker)]
        if not isinstance(answer, Fault) or answer.code != _OTHER_BROKER:
            return answer
        if broker not in self._brokers:
            self.identity()
        if broker not in self._brokers:
            return answer
        connection = self._line.open_at(self._brokers[broker])
        try:
            return connection.ask(question(), self._seconds(SECOND_SECONDS))[str(broker)]
        finally:
            connection.close()

    def expect_acls(self) -> None:
        """Begin to list the bindings, which are asked for soon, beside what is asked until then."""
        address = self._twice(lambda _: self._lanes(1)[0].address)
        seconds = self._seconds(SECOND_SECONDS)
        self._acls = AskedAhead(lambda: self._line.open_at(address), acls.list_all(), seconds)

    def acls(self) -> LiveAcls | Fault:
        """List all bindings; a fault says why they are not shown, and an empty list that there are none."""
        ahead, self._acls = self._acls, None
        for answer in ahead.take() if ahead else ():
            return answer
        return self._ask(acls.list_all)

    def close(self) -> None:
        """Let the connections go."""
        while self._connections:
            self._connections.pop().close()

    def _ask(self, question: Callable[[], Question[Value]]) -> Value:
        return self._twice(lambda seconds: self._lanes(1)[0].ask(question(), seconds))

    def _for_each(
        self,
        doing: str,
        names: Collection[str],
        question: Callable[[Sequence[str]], Question[dict[str, Value]]],
    ) -> dict[str, Value | Fault]:
        """Ask about every name, many with one request and several requests in flight."""
        askable = sorted(name for name in names if _is_text(name))
        questions = [question(batch) for batch in batches(askable)]
        lanes = 2 if len(askable) > _WORTH_A_SECOND else 1

        def ask(seconds: float) -> dict[str, Value | Fault]:
            found: dict[str, Value | Fault] = (
                dict.fromkeys(names, _NO_NAME) if len(askable) < len(names) else {}
            )
            for answer in ask_all(self._lanes(lanes), questions, seconds):
                found.update(answer)
                self._progress(doing, len(found), len(names))
            return found

        return self._twice(ask)

    def _twice(self, ask: Callable[[float], _Answered]) -> _Answered:
        """Ask; where the connection is gone or no answer comes, ask once more over a fresh one.

        After any error the answers that are still under way would belong to nothing: the connections go.
        """
        try:
            try:
                return ask(self._seconds(FIRST_SECONDS))
            except LostError:
                self.close()
            return ask(self._seconds(SECOND_SECONDS))
        except BaseException:
            self.close()
            raise

    def _seconds(self, usual: float) -> float:
        return min(usual, self._line.request_seconds)

    def _lanes(self, count: int) -> list[Connection]:
        """Give so many connections that stand, to one broker; fewer where it does not take a second one."""
        if any(connection.expires < monotonic() for connection in self._connections):
            self.close()
        if not self._connections:
            self._connections.append(self._line.open(self._home))
            self._home = self._connections[0].address
        while len(self._connections) < count:
            try:
                self._connections.append(self._line.open_at(self._connections[0].address))
            except WireError:
                break
        return self._connections[:count]

    def _any_broker_config(self) -> Mapping[str, str | None] | Fault:
        answer: Mapping[str, str | None] | Fault = _NO_BROKER
        for broker in self.identity().brokers:
            answer = self.broker_config(broker)
            if not isinstance(answer, Fault):
                break
        return answer


def _is_text(name: str) -> bool:
    """Say whether the name can be sent at all: a lone surrogate cannot."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
