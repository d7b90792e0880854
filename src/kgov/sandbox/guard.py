"""Run a program for another process, and end it as soon as that process is gone.

A program of its own, run by path, with nothing but the standard library: ``guard.py FOLDER COMMAND…``. Its
standard input is a socket whose other end only the owner holds, so that the owner's death, SIGKILL included,
is the end of the stream. Then the guard kills the program and removes FOLDER (an empty name removes nothing).
A line on the socket is the number of a signal for the program; the guard answers with the same line when the
signal is sent, and for SIGSTOP when every thread of the program stands still. The guard ends when the program
does, with its exit code (128 + n after signal n). Should the guard itself be killed, Linux kills the program
(PR_SET_PDEATHSIG).
"""

import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys

PR_SET_PDEATHSIG = 1


def main(folder: str, command: list[str]) -> int:
    """Run the program until it ends or the owner does; give the exit code."""
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    guard = os.getpid()
    # The guard has one thread, so running Python between fork and exec is safe here.
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=lambda: die_with(guard)) as program:  # noqa: PLW1509
        if obey(program, woken):
            code = program.wait()
            return 128 - code if code < 0 else code
        program.kill()
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
    return 128 + signal.SIGKILL


def obey(program: "subprocess.Popen[bytes]", woken: int) -> bool:
    """Pass signals on; tell whether the program ended by itself (else the owner is gone)."""
    while program.poll() is None:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready and any(number != signal.SIGCHLD for number in os.read(woken, 64)):
            return False
        if 0 in ready:
            asked = os.read(0, 64)
            if not asked:
                return False
            for number in asked.split():
                program.send_signal(int(number))
                if int(number) == signal.SIGSTOP:
                    os.waitid(os.P_PID, program.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
                answer(number)
    return True


def answer(number: bytes) -> None:
    """Tell the owner that a signal is sent; one that is gone is noticed when it is listened to."""
    with contextlib.suppress(BrokenPipeError):
        os.write(0, number + b"\n")


def die_with(guard: int) -> None:
    """Ask Linux to kill this process when the guard ends; elsewhere there is no such service."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != guard:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
