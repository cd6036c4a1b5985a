"""A Ray cluster of this machine: nodes of one core each, under a token of its own."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

SMALL = ("--num-cpus=1", "--object-store-memory=100000000", "--include-log-monitor=false")
# Named, or a node waits for its agents to choose them, and on a busy machine not long enough.
PORTS = (
    "dashboard-agent-listen-port",
    "dashboard-agent-grpc-port",
    "metrics-export-port",
    "runtime-env-agent-port",
)
STARTED = "Ray runtime started"  # Ray's own words
TRIES = 4  # Ray gives up after 30 seconds, which a busy machine may need


class Cluster:
    """A head and the nodes that join it; every process is ended with it, and no other.

    Attributes:
        address: of the job server.
        environment: variables with which its processes and its clients find its token.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ray-"))  # short: sockets lie below it
        token = self.folder / "token"
        token.write_text(secrets.token_hex(32))
        self.environment = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(token)}
        self._nodes: list[subprocess.Popen[bytes]] = []
        gcs, jobs, client = free_port(), free_port(), free_port()
        self.address, self._gcs = f"http://127.0.0.1:{jobs}", f"127.0.0.1:{gcs}"
        self._start(
            "--head",
            f"--port={gcs}",
            f"--dashboard-port={jobs}",
            f"--ray-client-server-port={client}",
            f"--temp-dir={self.folder}",
        )

    def add_node(self) -> subprocess.Popen[bytes]:
        """Another node of one core."""
        return self._start(f"--address={self._gcs}")

    def end(self) -> None:
        """Kill everything that was started, and remove its files."""
        for node in list(self._nodes):
            self.kill(node)
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self, node: subprocess.Popen[bytes]) -> None:
        """Let a node go as a power cut does: with all that runs on it."""
        self._nodes.remove(node)
        if node.poll() is None:
            family = [psutil.Process(node.pid), *processes_of(node)]
            for process in family:
                try:
                    process.kill()
                except psutil.NoSuchProcess:
                    continue
            psutil.wait_procs(family[1:], timeout=10)
        node.wait()

    def _start(self, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", *SMALL]
        command += [f"--{name}={free_port()}" for name in PORTS]
        command += ["--min-worker-port=0", "--max-worker-port=0", *options]
        said = self.folder / "start.log"
        for _ in range(TRIES):
            with said.open("wb") as log:
                node = subprocess.Popen(command, env=self._environment(), stdout=log, stderr=log)
            self._nodes.append(node)
            while node.poll() is None:
                if STARTED in said.read_text(errors="replace"):
                    return node
                time.sleep(0.2)
            self._nodes.remove(node)
        words = said.read_text(errors="replace")[-2000:]
        self.end()
        raise RuntimeError(f"Ray did not start: {words}")

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if "VAELAB" not in name}
        own = {"HOME": str(self.folder), "RAY_USAGE_STATS_ENABLED": "0"}
        return {**inherited, **self.environment, **own}


def processes_of(node: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """All that runs on a node, workers included."""
    return list(psutil.Process(node.pid).children(recursive=True))


def status_without_token(url: str) -> int:
    """What a request that shows no token is answered."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return int(error.code)


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
