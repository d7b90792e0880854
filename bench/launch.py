"""Run one command and write down what it cost, as a process so small that it does not show in the figures.

``python -I -S launch.py RESULT OUTPUT COMMAND…``: a child's peak memory counts from its parent's on, because
it begins as a copy of it. Writes ``wall cpu megabytes exit-code`` into RESULT, and what the command says to
OUTPUT.
"""

import os
import sys
import time


def main(result: str, output: str, command: list[str]) -> None:
    """Run it, wait, and write."""
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [(os.POSIX_SPAWN_OPEN, 1, output, write, 0o600), (os.POSIX_SPAWN_DUP2, 1, 2)]
    started = time.monotonic()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - started
    code = os.waitstatus_to_exitcode(status)
    # Linux counts in KiB, macOS in bytes.
    size = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    descriptor = os.open(result, write, 0o600)
    os.write(descriptor, f"{wall} {usage.ru_utime + usage.ru_stime} {size} {code}".encode())
    os.close(descriptor)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
