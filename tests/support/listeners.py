"""Things that listen on a port of this machine and are no broker, or a bad one."""

import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

Reaction = Callable[[socket.socket, Event], None]


def keeps_silent(_connection: socket.socket, over: Event) -> None:
    """Accept, and say nothing until the test is over."""
    over.wait()


def hangs_up(_connection: socket.socket, _over: Event) -> None:
    """Accept and close."""


def resets(connection: socket.socket, _over: Event) -> None:
    """Break the connection (RST) at the first word."""
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def speaks_http(connection: socket.socket, _over: Event) -> None:
    """Answer anything as a web server would."""
    connection.recv(1000)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def says(answer: bytes) -> Reaction:
    """Answer the first request with these bytes."""

    def react(connection: socket.socket, _over: Event) -> None:
        connection.recv(1000)
        connection.sendall(answer)

    return react


def through_tls(context: ssl.SSLContext, inner: Reaction) -> Reaction:
    """Do the same behind TLS."""

    def react(connection: socket.socket, over: Event) -> None:
        with context.wrap_socket(connection, server_side=True) as encrypted:
            inner(encrypted, over)

    return react


@contextmanager
def listening(react: Reaction) -> Iterator[str]:
    """Listen while the block lasts; gives ``127.0.0.1:port``."""
    over = Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            react(connection, over)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                threads.append(Thread(target=serve, args=(connection,)))
                threads[-1].start()

    threads = [Thread(target=accept)]
    threads[0].start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        over.set()
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        for thread in threads:
            thread.join()


def unused_port() -> int:
    """Find a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
