"""Why the wire reader cannot go on. No message ever holds a secret."""


class WireError(Exception):
    """The wire reader cannot do it; the message is one line that says why."""


class UnspokenError(WireError):
    """The settings or the broker ask for something that this package does not speak."""


class MalformedError(WireError):
    """What came is no answer of Kafka's protocol to what was asked."""


class LostError(WireError):
    """The connection could not be made, or is gone."""


class SilentError(LostError):
    """A connection that let us in stands, and no answer came in time."""


class LoginRefusedError(WireError):
    """The broker does not accept user and password: trying again, by whatever means, may lock the account.

    ``server`` is who said so, ``text`` its own words.
    """

    def __init__(self, server: str, text: str) -> None:
        super().__init__(f"{server} does not accept the login")
        self.server = server
        self.text = text
