"""Keeps the processes of the server: one gate, and as many workers as there should be."""

from __future__ import annotations

import asyncio
import gc
import os
import select
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from server.gate import Gate, Limits, Voice
from server.worker import Application, work

QUICK_DEATHS = 5  # workers that may end within SOON before the next one has to wait
SOON = 3.0  # seconds


@dataclass
class Master:
    """Has the application loaded, so that a new worker is a copy that starts in milliseconds.

    It serves nobody and keeps no state: the gate and the workers end when it is gone.
    """

    application: Application
    listener: socket.socket
    limits: Limits
    voice: Voice
    workers: set[int] = field(default_factory=set)
    gate: int = 0
    started: deque[float] = field(default_factory=lambda: deque(maxlen=QUICK_DEATHS))
    is_stopping: bool = False

    def run(self) -> int:
        """Serves until a signal comes, and returns the exit status."""
        self.control, inner = socket.socketpair()
        # What every process shares stays shared if nobody's collector walks over it.
        gc.collect()
        gc.freeze()
        self.gate = self._fork_gate(inner)
        inner.close()
        self.listener.close()
        wake = self._listen_to_signals()
        for _worker in range(self.limits.workers):
            self._fork_worker()
        while self.gate:
            readable, _, _ = select.select([self.control, wake], [], [], 1.0)
            if wake in readable:
                wake.recv(64)
            if self.control in readable and self._is_asked_for_a_worker():
                self._fork_worker()
            self._reap()
        return 0 if self.is_stopping else 1

    def _is_asked_for_a_worker(self) -> bool:
        """Reads a message of the gate. A gate that was killed sends none, and `_reap` notices that it is gone."""
        try:
            return bool(self.control.recv(1))
        except ConnectionResetError:
            return False

    def _fork_gate(self, inner: socket.socket) -> int:
        pid = os.fork()
        if not pid:
            self.control.close()
            gate = Gate(inner, self.limits, self.voice)
            _in_child(lambda: asyncio.run(gate.serve(self.listener)))
        return pid

    def _fork_worker(self) -> None:
        outer, inner = socket.socketpair()
        self.started.append(time.monotonic())
        pid = os.fork()
        if not pid:
            for descriptor in (self.control, outer):
                descriptor.close()
            signal.set_wakeup_fd(-1)
            _in_child(lambda: work(self.application, inner))
        self.workers.add(pid)
        inner.close()
        try:
            socket.send_fds(self.control, [b"w"], [outer.fileno()])
        except OSError:
            pass  # The gate is gone, and the loop is about to notice.
        finally:
            outer.close()

    def _listen_to_signals(self) -> socket.socket:
        reading, writing = socket.socketpair()
        writing.setblocking(False)
        signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
        self._writing = writing
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_signal: None)
        return reading

    def _stop(self, *_signal: object) -> None:
        """Lets the gate answer what it has read. The workers end when the gate lets them go."""
        self.is_stopping = True
        if self.gate:
            os.kill(self.gate, signal.SIGTERM)

    def _reap(self) -> None:
        while True:
            try:
                pid, _status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                break
            self.workers.discard(pid)
            if pid == self.gate:
                self.gate = 0
                return
        self._replace()

    def _replace(self) -> None:
        """Starts workers for those that ended; slowly, if they end as soon as they have started."""
        while not self.is_stopping and len(self.workers) < self.limits.workers:
            is_full = len(self.started) == QUICK_DEATHS
            if is_full and time.monotonic() - self.started[0] < SOON / QUICK_DEATHS:
                return
            self._fork_worker()


def _in_child(deed: Callable[[], None]) -> NoReturn:
    """Runs a process that came of a fork, and ends it without what the master would do at its end."""
    status = 1
    try:
        deed()
        status = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
