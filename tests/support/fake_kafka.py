"""A server that speaks just enough of Kafka's protocol to be read from, and to misbehave on command."""

import hashlib
import hmac
import socket
import struct
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Event

from kgov.cluster.wire.codec import NO_TAGS, NULL, Frame, array, blob, size, text

_LARGEST_REQUEST = 1 << 20

Handler = Callable[[bytes], bytes | None]
"""From the body of a request to the body of its answer; ``None`` says nothing."""

METADATA, HANDSHAKE, VERSIONS, ACLS, CONFIGS, AUTHENTICATE, CLUSTER = 3, 17, 18, 29, 32, 36, 60
SPOKEN = {METADATA: 12, HANDSHAKE: 1, VERSIONS: 3, ACLS: 3, CONFIGS: 4, AUTHENTICATE: 2, CLUSTER: 0}
WITHOUT_TAGS = (VERSIONS, HANDSHAKE)
THROTTLED = (METADATA, ACLS, CONFIGS, CLUSTER)


def versions(spoken: Mapping[int, int] = SPOKEN, code: int = 0) -> bytes:
    """Answer ApiVersions; a feature stands among the tags."""
    apis = array(struct.pack(">hhh", api, 0, highest) + NO_TAGS for api, highest in spoken.items())
    feature = array([text("kraft.version") + struct.pack(">hh", 0, 1) + NO_TAGS])
    return struct.pack(">h", code) + apis + struct.pack(">i", 0) + b"\1\0" + size(len(feature)) + feature


def cluster(
    brokers: Mapping[int, tuple[str, int]], operations: int = -(2**31), cluster_id: str = "id", code: int = 0
) -> bytes:
    """Answer DescribeCluster."""
    listed = array(
        struct.pack(">i", number) + text(host) + struct.pack(">i", port) + NULL + NO_TAGS
        for number, (host, port) in brokers.items()
    )
    head = struct.pack(">h", code) + NULL + text(cluster_id) + struct.pack(">i", 1)
    return head + listed + struct.pack(">i", operations) + NO_TAGS


@dataclass(frozen=True)
class Partition:
    """What Metadata says about one partition."""

    number: int
    replicas: tuple[int, ...] = (1,)
    in_sync: tuple[int, ...] = (1,)
    code: int = 0

    @property
    def written(self) -> bytes:
        head = struct.pack(">hiii", self.code, self.number, 1, 0)
        return head + ints(self.replicas) + ints(self.in_sync) + ints(()) + NO_TAGS


def ints(numbers: Iterable[int]) -> bytes:
    return array(struct.pack(">i", number) for number in numbers)


def metadata(topics: Mapping[str, Iterable[Partition] | int]) -> bytes:
    """Answer Metadata; a number in place of partitions is an error."""
    brokers = array([struct.pack(">i", 1) + text("h") + struct.pack(">i", 9092) + text("rack") + NO_TAGS])
    listed = array(
        struct.pack(">h", found if isinstance(found, int) else 0)
        + text(name)
        + bytes(range(240, 256))
        + b"\0"
        + array(() if isinstance(found, int) else (partition.written for partition in found))
        + struct.pack(">i", -(2**31))
        + NO_TAGS
        for name, found in topics.items()
    )
    return brokers + text("id") + struct.pack(">i", 1) + listed + NO_TAGS


OWN, DEFAULT = 1, 5


def entry(
    name: str, value: str | None, source: int = DEFAULT, *, more: bytes = b"\1", words: bytes = NULL
) -> bytes:
    """Write one config entry; ``more`` are its synonyms and ``words`` its documentation."""
    shown = NULL if value is None else text(value)
    return text(name) + shown + bytes([0, source, 0]) + more + b"\1" + words + NO_TAGS


def configs(found: Mapping[str, Iterable[bytes] | int], type_: int = 2) -> bytes:
    """Answer DescribeConfigs; a number in place of entries is an error."""
    listed = (
        struct.pack(">h", answer if isinstance(answer, int) else 0)
        + text("")
        + bytes([type_])
        + text(name)
        + array(() if isinstance(answer, int) else answer)
        + NO_TAGS
        for name, answer in found.items()
    )
    return array(listed) + NO_TAGS


def acl(principal: str, operation: int = 3, permission: int = 3, host: str = "*") -> bytes:
    return text(principal) + text(host) + bytes([operation, permission]) + NO_TAGS


def acls(resources: Iterable[tuple[int, str, int, Iterable[bytes]]], code: int = 0, said: str = "") -> bytes:
    """Answer DescribeAcls: type, name, pattern and bindings of each resource."""
    listed = array(
        bytes([type_]) + text(name) + bytes([pattern]) + array(bindings) + NO_TAGS
        for type_, name, pattern, bindings in resources
    )
    return struct.pack(">h", code) + text(said) + listed + NO_TAGS


def topics_in(body: bytes) -> list[str]:
    """Read the names in a Metadata request."""
    return _names(Frame(body), before=16, after=0)


def resources_in(body: bytes) -> list[str]:
    """Read the names in a DescribeConfigs request for all keys."""
    return _names(Frame(body), before=1, after=1)


def asks_for_a_broker(body: bytes) -> bool:
    """Say whether a DescribeConfigs request is about a broker."""
    return body[1] == 4


def _names(frame: Frame, before: int, after: int) -> list[str]:
    names = []
    for _ in range(frame.count()):
        frame.skip(before)
        names.append(frame.text())
        frame.skip(after)
        frame.skip_tags()
    return names


@dataclass
class ScramServer:
    """The other side of a SCRAM login, which keeps the rules unless told otherwise."""

    password: str
    digest: str = "sha512"
    iterations: int = 4096
    salt: bytes = b"salt"
    nonce_of: Callable[[str], str] = lambda ours: ours + "theirs"
    signed_with: str | None = None
    life: int = 0
    attempts: int = 0
    _first: tuple[str, str] | None = None

    def __call__(self, body: bytes) -> bytes:
        token = Frame(body).blob().decode()
        if self._first is None:
            self.attempts += 1
            bare = token.removeprefix("n,,")
            nonce = self.nonce_of(bare.partition("r=")[2])
            said = f"r={nonce},s={b64encode(self.salt).decode()},i={self.iterations}"
            self._first = (bare, said)
            return authenticated(said.encode())
        bare, said = self._first
        self._first = None
        without_proof, _, proof = token.rpartition(",p=")
        agreed = f"{bare},{said},{without_proof}".encode()
        if b64decode(proof) != self._proof(agreed):
            return authenticated(b"", 58, "Authentication failed")
        signer = self._salted(self.signed_with or self.password)
        signature = hmac.digest(hmac.digest(signer, b"Server Key", self.digest), agreed, self.digest)
        return authenticated(b"v=" + b64encode(signature), life=self.life)

    def _salted(self, password: str) -> bytes:
        return hashlib.pbkdf2_hmac(self.digest, password.encode(), self.salt, self.iterations)

    def _proof(self, agreed: bytes) -> bytes:
        key = hmac.digest(self._salted(self.password), b"Client Key", self.digest)
        signature = hmac.digest(hashlib.new(self.digest, key).digest(), agreed, self.digest)
        return bytes(a ^ b for a, b in zip(key, signature, strict=True))


def authenticated(data: bytes, code: int = 0, said: str = "", life: int = 0) -> bytes:
    """Answer SaslAuthenticate."""
    return struct.pack(">h", code) + text(said) + blob(data) + struct.pack(">q", life) + NO_TAGS


def handshaken(code: int = 0, *mechanisms: str) -> bytes:
    """Answer SaslHandshake."""
    offered = b"".join(struct.pack(">h", len(name)) + name.encode() for name in mechanisms)
    return struct.pack(">hi", code, len(mechanisms)) + offered


@dataclass
class FakeKafka:
    """Answers by handlers or with fixed bytes; ``frame`` makes what goes out of an answer.

    Use ``react`` with ``listeners.listening``. ``asked`` holds the API keys that came, of all connections.
    """

    answers: dict[int, bytes | Handler | None] = field(default_factory=dict)
    throttle: int = 0
    frame: Callable[[int, bytes], bytes | None] = lambda _number, answer: (
        struct.pack(">i", len(answer)) + answer
    )
    asked: list[int] = field(default_factory=list)
    clients: set[str] = field(default_factory=set)
    connections: int = 0
    most_connections: int | None = None

    def react(self, connection: socket.socket, over: Event) -> None:
        """Serve one connection until the client hangs up, or the test is over."""
        self.connections += 1
        if self.most_connections is not None and self.connections > self.most_connections:
            return
        while head := received(connection, 4):
            (length,) = struct.unpack(">i", head)
            if length > _LARGEST_REQUEST:
                return
            request = received(connection, length)
            api, _version, number, client = struct.unpack_from(">hhih", request)
            self.asked.append(api)
            self.clients.add(request[10 : 10 + client].decode())
            body = request[10 + client + (0 if api == HANDSHAKE else 1) :]
            answer = self._answer(api, body)
            if answer is None:
                over.wait()
                return
            tags = b"" if api in WITHOUT_TAGS else NO_TAGS
            throttle = struct.pack(">i", self.throttle) if api in THROTTLED else b""
            out = self.frame(number, struct.pack(">i", number) + tags + throttle + answer)
            if out is None:
                return
            connection.sendall(out)

    def _answer(self, api: int, body: bytes) -> bytes | None:
        answer = self.answers.get(
            api, versions() if api == VERSIONS else handshaken() if api == HANDSHAKE else None
        )
        return answer(body) if callable(answer) else answer


def received(connection: socket.socket, count: int) -> bytes:
    """Read so many bytes; fewer only where the other side hangs up."""
    data = b""
    while len(data) < count and (chunk := connection.recv(count - len(data))):
        data += chunk
    return data
