"""Requests that the client does not have, written byte by byte to a listener without login or encryption."""

import socket
import struct
from io import BytesIO

_CLIENT = "tests"

_DESCRIBE_QUORUM = 55
_ALTER_CLIENT_QUOTAS = 49

_METADATA_TOPIC = "__cluster_metadata"


def set_quota(address: str, user: str, **quotas: float) -> None:
    """Set client quotas of a user (KIP-546; ``AlterClientQuotasRequest.json`` version 0)."""
    entity = _array(_string("user") + _string(user))
    operations = _array(*(_string(key) + struct.pack(">d?", value, False) for key, value in quotas.items()))
    body = _array(entity + operations) + struct.pack(">?", False)
    answer = _ask(address, _ALTER_CLIENT_QUOTAS, 0, body)
    _throttle, entries = _take(answer, ">ii")
    assert entries == 1
    (code,) = _take(answer, ">h")
    assert code == 0, f"AlterClientQuotas failed with {code}: {answer.read()!r}"


def active_controller(address: str) -> int:
    """Ask which node leads the quorum (KIP-595; ``DescribeQuorumRequest.json`` version 0)."""
    topic = _compact(_METADATA_TOPIC) + b"\x02" + struct.pack(">i", 0) + b"\x00\x00"
    answer = _ask(address, _DESCRIBE_QUORUM, 0, b"\x02" + topic + b"\x00", flexible=True)
    (code, topics) = _take(answer, ">hB")
    assert (code, topics) == (0, 2), f"DescribeQuorum failed with {code}"
    answer.read(answer.read(1)[0] - 1)  # the name of the topic
    _partitions, _index, code, leader = _take(answer, ">Bihi")
    assert code == 0, f"DescribeQuorum failed with {code}"
    return int(leader)


def _ask(address: str, key: int, version: int, body: bytes, *, flexible: bool = False) -> BytesIO:
    """Send one request and give its answer without the header."""
    host, port = address.split(":")
    header = struct.pack(">hhi", key, version, 1) + _string(_CLIENT) + (b"\x00" if flexible else b"")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(struct.pack(">i", len(header) + len(body)) + header + body)
        with connection.makefile("rb") as stream:
            (size,) = struct.unpack(">i", stream.read(4))
            answer = BytesIO(stream.read(size))
    answer.read(5 if flexible else 4)  # correlation id, and in flexible versions tagged fields
    return answer


def _take(stream: BytesIO, shape: str) -> tuple[int, ...]:
    return struct.unpack(shape, stream.read(struct.calcsize(shape)))


def _string(text: str) -> bytes:
    return struct.pack(">h", len(text)) + text.encode()


def _compact(text: str) -> bytes:
    return bytes([len(text) + 1]) + text.encode()


def _array(*items: bytes) -> bytes:
    return struct.pack(">i", len(items)) + b"".join(items)
