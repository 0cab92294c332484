"""A Ballast process for the length of a test."""

import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile

from support.waiting import PATIENCE, until
from support.wire import Closed, Connection

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
REST = "/rest/v1"
GRAPHQL = "/graphql/v1"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment(extra=None):
    """Ours without BALLAST_*: a developer's own settings must not decide a test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BALLAST_")}
    return {**kept, "NO_COLOR": "1", **(extra or {})}


def create_database(path, sql):
    """A SQLite file made by `sql`."""
    with sqlite3.connect(path) as connection:
        connection.executescript(sql)
    connection.close()
    return pathlib.Path(path)


def is_sanitized(ballast):
    """Memory is not worth measuring there."""
    data = pathlib.Path(ballast).read_bytes()
    return b"__asan_init" in data or b"__tsan_init" in data


class DidNotStart(AssertionError):
    pass


class Server:
    """`ballast MODE DATABASE` in a folder of its own, ready when the constructor returns.

    settings  text of a ballast.toml
    listen    other addresses than a free port on loopback
    before    words in front of the command line (`prlimit …`)
    wait      False: do not wait for /ready
    """

    def __init__(self, ballast, database=None, mode="dev", settings="", args=(), env=None, listen=None, before=(),
                 wait=True, folder=None, keep_signals=False):
        self.ballast = str(ballast)
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="ballast-test-"))
        self._owns_folder = folder is None
        self.database = database
        self.mode = mode
        self.settings_file = self.folder / "test.toml"
        self.settings_file.write_text(settings)
        self.args = [str(arg) for arg in args]
        self.env = clean_environment(env)
        self.before = [str(word) for word in before]
        self.listen = listen
        self.keep_signals = keep_signals
        self.log_file = self.folder / "server.log"
        self.process = None
        try:
            self.start(wait)
        except BaseException:
            self.close()
            raise

    def command(self):
        addresses = self.listen or [f"127.0.0.1:{self.port}"]
        listen = [word for address in addresses for word in ("--listen", address)]
        return [*self.before, self.ballast, self.mode, *([str(self.database)] if self.database else []), *listen,
                "--admin-listen", f"127.0.0.1:{self.admin_port}", "--settings", str(self.settings_file), *self.args]

    def start(self, wait=True):
        self.port, self.admin_port = free_port(), free_port()
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(self.command(), cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, restore_signals=not self.keep_signals)
        if wait:
            self.wait_ready()

    def ready(self):
        """What /ready answers, or None when nobody does."""
        if self.process.poll() is not None:
            raise DidNotStart(f"ballast ended with {self.process.returncode}:\n{self.log()}")
        try:
            return self.admin("/ready")
        except (OSError, Closed):  # also somebody else's port, who is leaving it
            return None

    def is_ready(self):
        answer = self.ready()
        return answer is not None and answer.status == 200

    def wait_ready(self, seconds=PATIENCE):
        try:
            until(self.is_ready, "/ready to answer 200", seconds)
        except AssertionError as late:
            raise DidNotStart(f"{late}\n{self.log()}") from None

    @property
    def pid(self):
        return self.process.pid

    @property
    def address(self):
        return ("127.0.0.1", self.port)

    def connect(self, **options):
        return Connection(self.address, **options)

    def request(self, method, target, headers=(), body=None):
        """One request on a connection of its own."""
        with self.connect() as connection:
            return connection.request(method, target, headers, body)

    def get(self, target, headers=()):
        return self.request("GET", REST + target, headers)

    def post(self, target, body, headers=()):
        headers = dict(headers)
        headers.setdefault("Content-Type", "application/json")
        return self.request("POST", REST + target, headers, body)

    def admin(self, path):
        with Connection(("127.0.0.1", self.admin_port)) as connection:
            return connection.request("GET", path)

    def metric(self, name, **labels):
        """The sum of a metric's samples that carry the labels; None when there is none."""
        total = None
        for line in self.admin("/metrics").text.splitlines():
            match = re.fullmatch(r"([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?", line)
            if not match or match[1] != name:
                continue
            found = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match[2] or ""))
            if all(found.get(key) == value for key, value in labels.items()):
                total = (total or 0) + float(match[3])
        return total

    def memory(self, field="VmRSS"):
        """Bytes: VmRSS now, VmHWM at most."""
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.M)[1]) * 1024

    def reset_peak(self):
        pathlib.Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def open_files(self):
        """How many descriptors are open besides the database's, of which threads keep some from their first use on."""
        count = 0
        for name in os.listdir(f"/proc/{self.pid}/fd"):
            try:
                target = os.readlink(f"/proc/{self.pid}/fd/{name}")
            except FileNotFoundError:
                continue  # closed meanwhile
            count += not target.startswith(str(self.database))
        return count

    def limit(self, what, value):
        resource.prlimit(self.pid, what, (value, value))

    def signal(self, number):
        self.process.send_signal(number)

    def log(self, last=4000):
        return self.log_file.read_text(errors="replace")[-last:]

    def wait(self, seconds=PATIENCE):
        """The exit status."""
        return self.process.wait(seconds)

    def stop(self, seconds=PATIENCE):
        """Asks nicely and returns the exit status."""
        self.signal(signal.SIGTERM)
        return self.wait(seconds)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()
        if self._owns_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
