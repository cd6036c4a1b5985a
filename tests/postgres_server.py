"""A PostgreSQL server of the tests' own, from Debian's package: made, started and thrown away."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

PASSWORD = "p@ss:word/1"  # every character of it that an address must escape
INSTALLED = Path("/usr/lib/postgresql")
# A test's data need not outlive the machine's power.
FAST = ("fsync=off", "full_page_writes=off", "shared_buffers=16MB")


class PostgresMissingError(Exception):
    """There is no PostgreSQL server on this machine; the message says what to install."""


def programs() -> Path:
    """The folder of the newest installed server's programs."""
    found = [path.parent for path in INSTALLED.glob("*/bin/postgres")]
    if not found:
        raise PostgresMissingError(f"no server in {INSTALLED}: apt-get install postgresql")
    return max(found, key=lambda path: [int(n) for n in re.findall(r"\d+", path.parent.name)])


class PostgresServer:
    """A server on a free port of 127.0.0.1, with one user, one password and one database.

    It ends with this process, however that ends: it goes when its standard input is closed.
    """

    def __init__(self) -> None:
        self.bin = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="vaelab-postgres-"))
        self.port = _free_port()
        # The server refuses to run as root.
        owner = next((u for u in ("postgres", "nobody") if _is_user(u)), "nobody")
        self._as: dict[str, Any] = {}
        if os.getuid() == 0:
            self._as = {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []}
            shutil.chown(self.folder, owner, pwd.getpwnam(owner).pw_gid)
        self._process: subprocess.Popen[bytes] | None = None
        self._schemas = 0
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        command = [self.bin / "initdb", "-D", self.folder / "data", "-U", "vaelab", "-E", "UTF8"]
        options = ["-A", "scram-sha-256", f"--pwfile={secret}", "--no-locale", "--no-sync"]
        self._run([*command, *options])
        self.start()
        with self._connection() as connection:
            connection.execute("CREATE DATABASE vaelab")

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = (*FAST, "listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}")
        command = [self.bin / "postgres", "-D", self.folder / "data", "-p", str(self.port)]
        words = [str(word) for word in command]
        words += [word for setting in settings for word in ("-c", setting)]
        guarded = '"$@" >>log 2>&1 & cat >/dev/null; kill -QUIT $!; wait'
        self._process = subprocess.Popen(
            ["sh", "-c", guarded, "sh", *words],
            stdin=subprocess.PIPE,
            cwd=self.folder,
            start_new_session=True,
            **self._as,
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                self._connection().close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text()) from None
            time.sleep(0.05)

    def stop(self) -> None:
        """End it at once, as a crash would; what was committed is kept."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, password: str = PASSWORD, *, database: str = "vaelab", query: str = "") -> str:
        """Its address for `VAELAB_DATABASE_URL`."""
        who = f"vaelab:{quote(password, safe='')}"
        return f"postgresql://{who}@127.0.0.1:{self.port}/{database}{query and '?' + query}"

    def fresh_url(self) -> str:
        """The address of a place in it without any tables: much sooner made than a database."""
        self._schemas += 1
        name = f"test_{os.getpid()}_{self._schemas}"
        with self._connection("vaelab") as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        return self.url(query=f"options=-csearch_path%3D{name}")

    def _connection(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.url(database=database), autocommit=True, connect_timeout=5)

    def _run(self, command: list[object]) -> None:
        words = [str(word) for word in command]
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            cwd=self.folder,
            check=False,
            **self._as,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
