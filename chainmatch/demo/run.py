"""The five stages of ``make demo``, then watching until it is stopped."""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from chainmatch.demo import programs
from chainmatch.demo.checks import EVERY_ADDRESS, StartError, address
from chainmatch.demo.screen import Screen
from chainmatch.demo.steps import Step
from chainmatch.demo.stopping import StopSwitch
from chainmatch.demo.supervisor import Supervisor
from chainmatch.embedded import services
from chainmatch.embedded.lock import DataLock, Holder
from chainmatch.embedded.process import Undertaker

WEB_SECONDS = 60.0


class Stopped(Exception):
    """Somebody asked to stop while the demo was starting."""


@dataclass(slots=True)
class Demo:
    """One start, from the lock to the last stopped program."""

    host: str
    port: int
    data: Path
    lock: DataLock
    switch: StopSwitch
    screen: Screen
    _watcher: Undertaker = field(init=False)
    _supervisor: Supervisor = field(init=False)
    _variables: dict[str, str] = field(init=False)
    _layout: services.Layout = field(init=False)

    def run(self, environ: Mapping[str, str]) -> int:
        """Start, watch, stop; the exit code is 0 for a stop that was asked for.

        Side effects: the cluster and logs under ``data``, child processes; none is left when it returns.
        """
        self._layout = services.Layout.of(self.data)
        self._watcher = Undertaker(inherit=[self.lock.descriptor])
        self._supervisor = Supervisor(self._watcher, self._warn, time.monotonic)
        try:
            self._start(environ)
            self._watch()
        finally:
            self._stop()
        return 0

    def _start(self, environ: Mapping[str, str]) -> None:
        self.screen.begin("set-up")
        self.screen.note(f"data in {self.data}")
        self._begin("database")
        self._start_services(environ)
        self._step("bringing the tables up to date", "migrate", "--no-input", "--verbosity", "1")
        self._begin("sample")
        self._step("chains, glossary, regions", "load_reference")
        self._step("sample lists", "load_sample")
        self._gather_statistics()
        self._start_programs()
        self._begin("matching")
        self._step("the workers match the sample lists", "demo_ready", "--wait")
        self._begin("ready")
        self._wait_for_web()
        accounts = self._step("demo accounts", "demo_accounts")
        self.screen.finish()
        self._announce(accounts)

    def _begin(self, stage: str) -> None:
        self._between()
        self.screen.begin(stage)

    def _start_services(self, environ: Mapping[str, str]) -> None:
        running = services.start(self._layout, environ, self._watcher, tell=self.screen.note)
        for child in running.children:
            self._supervisor.adopt(child)
        (self._layout.data / "files" / "static").mkdir(parents=True, exist_ok=True)
        self._variables = programs.environment(
            environ, host=self.host, port=self.port, data=self._layout.data, urls=running.environment()
        )

    def _gather_statistics(self) -> None:
        """Autovacuum may have seen the tables while they were empty, and the planner believes it."""
        owner = self._variables.get("DATABASE_OWNER_URL") or self._variables["DATABASE_URL"]
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("ANALYZE")

    def _start_programs(self) -> None:
        logs = self._layout.logs
        self._supervisor.start(programs.worker(self._variables, logs=logs))
        self._supervisor.start(programs.beat(self._variables, data=self._layout.data, logs=logs))
        self._supervisor.start(programs.web(self._variables, host=self.host, port=self.port, logs=logs))

    def _step(self, note: str, *arguments: str) -> str:
        self.screen.note(note)
        step = Step(
            programs.manage(*arguments), self._variables, self._layout.logs / "start.log", self._watcher
        )
        return step.run(on_progress=self.screen.progress, between=self._between)

    def _between(self) -> None:
        if self.switch.pressed:
            raise Stopped
        self._supervisor.look()
        lost = self._supervisor.hopeless()
        if lost is not None:
            raise StartError(
                f"{lost.command.name} ends again and again. The end of its log:\n{lost.last_words(15)}"
            )

    def _wait_for_web(self) -> None:
        self.screen.note("waiting for the web server")
        deadline = time.monotonic() + WEB_SECONDS
        while not self._web_answers():
            self._between()
            if time.monotonic() > deadline:
                raise StartError(f"The web server does not answer; see {self._layout.logs / 'web.log'}")
            self.switch.wait()

    def _web_answers(self) -> bool:
        host = "127.0.0.1" if self.host in EVERY_ADDRESS else self.host
        connection = http.client.HTTPConnection(host, self.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _announce(self, accounts: str) -> None:
        shown = address(self.host, self.port)
        self.lock.write(Holder(pid=os.getpid(), address=shown))
        self.screen.message(f"\n{accounts}\n\nChainMatch is ready: {shown}")
        self.screen.message(f"Data and logs: {self.data}    Stop: Ctrl-C")
        if not os.environ.get("EMAIL_URL"):
            self.screen.message(f"E-mails are written to: {self._layout.data / programs.MAIL}")
        if self.host not in ("127.0.0.1", "::1", "localhost"):
            self._warn(f"others can reach {self.host}:{self.port} and sign in with the demo accounts")

    def _watch(self) -> None:
        while not self.switch.wait():
            self._supervisor.look()

    def _warn(self, text: str) -> None:
        self.screen.message(f"{time.strftime('%H:%M:%S')} warning: {text}")

    def _stop(self) -> None:
        with suppress(OSError):  # the terminal may be gone
            self.screen.close()
            print("\nStopping …", flush=True)
        self._supervisor.stop()
        self._watcher.close()
        if self._layout.sockets.parent != self._layout.data:
            with suppress(OSError):  # a short folder of its own; empty unless a server was killed
                self._layout.sockets.rmdir()
        self.lock.release()
        with suppress(OSError):
            print("Stopped; the data is kept." if self.switch.pressed else "Stopped.", flush=True)
