"""What can be asked over a connection."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from kgov.cluster.wire.codec import NO_TAGS, Frame

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Api:
    """A kind of request in the one version that kgov speaks (``ApiKeys``).

    ``flexible``: its headers carry tagged fields (KIP-482). ``throttles``: its answer begins with the
    milliseconds by which a quota slows us down.
    """

    name: str
    key: int
    version: int
    flexible: bool = True
    throttles: bool = True


@dataclass(frozen=True, slots=True)
class Question(Generic[Value]):
    """One request, and how its answer is read after the header and the throttle time."""

    api: Api
    body: bytes
    read: Callable[[Frame], Value]

    @property
    def tags(self) -> bytes:
        """Give the tagged fields of the request's header."""
        return NO_TAGS if self.api.flexible else b""


METADATA = Api("Metadata", 3, 12)
SASL_HANDSHAKE = Api("SaslHandshake", 17, 1, flexible=False, throttles=False)
API_VERSIONS = Api("ApiVersions", 18, 3, throttles=False)
DESCRIBE_ACLS = Api("DescribeAcls", 29, 3)
DESCRIBE_CONFIGS = Api("DescribeConfigs", 32, 4)
SASL_AUTHENTICATE = Api("SaslAuthenticate", 36, 2, throttles=False)
DESCRIBE_CLUSTER = Api("DescribeCluster", 60, 0)

READING = (METADATA, DESCRIBE_ACLS, DESCRIBE_CONFIGS, DESCRIBE_CLUSTER)
"""Every broker from 3.9 to 4.4 speaks them in these versions; whether this one does, it is asked first."""

LOGGING_IN = (SASL_HANDSHAKE, SASL_AUTHENTICATE)
