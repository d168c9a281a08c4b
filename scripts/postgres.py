"""A private PostgreSQL server for tests: a new database cluster in a temporary folder, gone when the tests are.

    python -m scripts.postgres COMMAND …    runs the command with NIIZA_TEST_POSTGRES, the server's URL, in its environment

PostgreSQL refuses to run as root; there it runs as the user that Debian's package made, or as "nobody".
"""

from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from types import FrameType
from typing import NoReturn

VARIABLE = "NIIZA_TEST_POSTGRES"


def _dies_with_parent() -> list[str]:
    """Return what runs a command so that it ends with the process that started it, even where that is killed.

    A program of its own: code of ours between fork and exec can hang in a process with threads.
    """
    program = shutil.which("setpriv")
    return [program, "--pdeathsig", "QUIT", "--"] if program else []


def binaries() -> Path | None:
    """Return the folder of PostgreSQL's programs, which Debian keeps out of the PATH; None without them."""
    if found := shutil.which("postgres"):
        return Path(found).resolve().parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    return max((path.parent for path in folders), key=lambda path: path.parts[-2], default=None)


class Server:
    """One server with one superuser and a random password, on a socket in its folder: no port can be taken."""

    def __init__(self, programs: Path, folder: Path) -> None:
        """Make a new cluster in the folder; `start` starts it."""
        self._programs = programs
        self._folder = folder
        self._password = secrets.token_urlsafe(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._user: pwd.struct_passwd | None = None
        if os.getuid() == 0:
            names = {entry.pw_name: entry for entry in pwd.getpwall()}
            self._user = names.get("postgres") or names["nobody"]
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        password = folder / "password"
        password.touch(0o600)
        password.write_text(self._password)
        if self._user is not None:
            os.chown(password, self._user.pw_uid, self._user.pw_gid)
        self._run(
            "initdb",
            *("--pgdata", str(folder / "data"), "--username", "ledger", "--pwfile", str(password)),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale", "--no-sync"),
        )

    @property
    def url(self) -> str:
        """Return the URL for SQLAlchemy, the password in it."""
        return f"postgresql+psycopg://ledger:{self._password}@/postgres?host={self._folder}"

    def _environment(self) -> dict[str, str]:
        """Return an environment without the caller's own PostgreSQL settings."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs to its end."""
        done = subprocess.run(
            [self._programs / program, *arguments],
            capture_output=True,
            check=False,
            cwd=self._folder,
            env=self._environment(),
            user=self._user and self._user.pw_uid,
            group=self._user and self._user.pw_gid,
            extra_groups=[] if self._user else None,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed:\n{done.stderr.decode(errors='replace')[-2000:]}")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = self._folder / "log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [
                    *_dies_with_parent(),
                    str(self._programs / "postgres"),
                    *("-D", str(self._folder / "data"), "-k", str(self._folder)),
                    *("-c", "listen_addresses=", "-c", "port=5432"),
                    # The tests write little; a small machine has other things to keep in memory.
                    *("-c", "shared_buffers=16MB", "-c", "max_connections=60"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self._folder,
                env=self._environment(),
                user=self._user and self._user.pw_uid,
                group=self._user and self._user.pw_gid,
                extra_groups=[] if self._user else None,
            )
        deadline = time.monotonic() + 60
        status = self._folder / "data" / "postmaster.pid"
        while not (status.exists() and "ready" in status.read_text(errors="replace").split()):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"postgres did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)

    def signal(self, number: signal.Signals) -> None:
        """Send the server and its children a signal."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        for process in (self._process.pid, *map(int, children.split())):
            os.kill(process, number)

    def stop(self) -> None:
        """Stop the server at once; what was committed survives."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGQUIT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def server(programs: Path) -> Iterator[Server]:
    """Run a server while the block runs."""
    with tempfile.TemporaryDirectory(prefix="niiza-postgres-", ignore_cleanup_errors=True) as name:
        running = Server(programs, Path(name))
        try:
            running.start()
            yield running
        finally:
            running.stop()


def _interrupted(number: int, _frame: FrameType | None) -> NoReturn:
    """End as for Ctrl-C, so that the server is stopped."""
    sys.exit(128 + number)


def main() -> int:
    """Run the command beside a server; return its exit code."""
    programs = binaries()
    if programs is None:
        sys.stderr.write("PostgreSQL is not installed (Debian: postgresql)\n")
        return 1
    signal.signal(signal.SIGTERM, _interrupted)
    with server(programs) as running:
        environment = os.environ | {VARIABLE: running.url}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
