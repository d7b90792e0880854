"""The embedded broker: a real Apache Kafka for trying things and for tests.

``Sandbox`` starts one and cleans up behind it; ``SandboxSettings`` says what it looks like.
"""

from kgov.sandbox.sandbox import Sandbox
from kgov.sandbox.settings import Listener, Protocol, SandboxSettings

__all__ = ["Listener", "Protocol", "Sandbox", "SandboxSettings"]
