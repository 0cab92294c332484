"""A PostgreSQL server of a test's own: a temporary folder, a unix socket in it, nobody asked for a password, nothing
synced to the disk. It is gone when the test is, also when the test is killed."""

import atexit
import functools
import glob
import itertools
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import urllib.parse

from support import disks, libpq
from support.server import clean_environment, free_port
from support.waiting import PATIENCE, until

STOPS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
SETTINGS = {
    "fsync": "off", "full_page_writes": "off", "dynamic_shared_memory_type": "mmap", "timezone": "UTC",
    "max_connections": "100", "shared_buffers": "32MB", "wal_level": "replica", "max_wal_senders": "4",
    "hot_standby": "on", "log_min_messages": "warning",
}


@functools.lru_cache
def small_disks_available():
    return os.geteuid() == 0 and disks.available()


class NotInstalled(Exception):
    """There is no PostgreSQL here; the message says what to do."""


@functools.lru_cache
def binaries():
    """The folder of initdb and postgres: version 15 when there is one, else the newest."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    found = [path for path in found if path.split("/")[4] == "15"] or found[-1:]
    if not found and not (on_path := shutil.which("initdb")):
        raise NotInstalled("PostgreSQL is not installed: apt-get install postgresql-15, or tools/setup test")
    return pathlib.Path(os.path.realpath(found[0] if found else on_path)).parent


@functools.lru_cache
def _user():
    """Who runs the server, for PostgreSQL refuses to run as root; None: whoever we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    raise NotInstalled("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def as_server_user():
    user = _user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def own(path):
    if user := _user():
        os.chown(path, user.pw_uid, user.pw_gid)


def _folder():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ballast-pg-"))
    own(folder)
    folder.chmod(0o755)  # the socket is for the server's clients
    return folder


def _run(command):
    environment = {name: value for name, value in clean_environment().items() if not name.startswith("PG")}
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          env=environment, cwd="/", check=False, **as_server_user())
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")


def _guard(folder):
    """Cleans up when we are gone, however we went: it reads from a pipe that ends with us."""
    script = ('cat >/dev/null; [ -f "$1/data/postmaster.pid" ] && kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"; '
              'rm -rf "$1"')
    return subprocess.Popen(["sh", "-c", script, "sh", str(folder)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, cwd="/", start_new_session=True)


@functools.lru_cache
def _template():
    """initdb's work, done once for all clusters of a test program: (the data, what removes it)."""
    folder = _folder()
    guard = _guard(folder)
    _run([binaries() / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
          "-N"])
    return folder / "data", guard


def _state_and_parent(pid):
    """("", 0) when there is no such process."""
    try:
        state, parent = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return "", 0
    return state, int(parent)


def _children(pid):
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and _state_and_parent(name)[1] == pid]


def _ended(pid):
    return _state_and_parent(pid)[0] in ("", "Z")


def _signal(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


class Cluster:
    """Started when the constructor returns, unless `start=False`.

    settings    of postgresql.conf, by name
    tcp         listens on a port of 127.0.0.1, too (`port`, or a free one); `host_port` has it, and `url(tcp=True)`
    small_disk  a disk of this size ("16m") is mounted at `small_disk`, with a folder `data` for a tablespace, for as
                long as the server runs (needs `small_disks_available()`)
    """

    def __init__(self, settings=None, tcp=False, start=True, data_from=None, small_disk=None, port=None):
        self.binaries = binaries()
        self.folder = _folder()
        self._guard = _guard(self.folder)
        self.data = self.folder / "data"
        self.host_port = (port or free_port()) if tcp else None
        self.port = self.host_port or 5432
        self._settings = {**SETTINGS, **(settings or {})}
        self.small_disk = self.folder / "small" if small_disk else None
        self._before = self._mounting(small_disk) if small_disk else []
        self._databases = itertools.count(1)
        self.process = None
        atexit.register(self.close)
        try:
            if data_from is None:
                _run(["cp", "-a", "--reflink=auto", _template()[0], self.data])
            else:
                _run([self.binaries / "pg_basebackup", "-D", self.data, "-R", "--checkpoint=fast", "--no-sync", "-d",
                      data_from.url("postgres")])
            self.write_hba("local all all trust\nhost all all 127.0.0.1/32 trust\n"
                           "local replication all trust\nhost replication all 127.0.0.1/32 trust\n")
            if start:
                self.start()
        except BaseException:
            self.close()
            raise

    def _write(self, name, text):
        path = self.data / name
        path.write_text(text)
        own(path)

    def write_hba(self, text):
        """Who is let in, and how (pg_hba.conf)."""
        self._write("pg_hba.conf", text)
        if self.running():
            self.process.send_signal(signal.SIGHUP)

    def configure(self, **settings):
        """Changes settings; those that can be changed while the server runs count at once."""
        self._settings.update(settings)
        lines = {**self._settings, "unix_socket_directories": self.folder, "port": self.port,
                 "listen_addresses": "127.0.0.1" if self.host_port else ""}
        self._write("postgresql.conf", "".join(f"{name} = '{value}'\n" for name, value in lines.items()))
        if self.running():
            self.process.send_signal(signal.SIGHUP)

    def start(self, wait=True):
        """Waits until it takes connections, recovery after a crash included."""
        self.configure()
        with open(self.folder / "log", "ab") as log:
            command = [*self._before, str(self.binaries / "postgres"), "-D", str(self.data)]
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                                            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
                                            **({} if self._before else as_server_user()))
        if wait:
            self.wait_accepting()

    def _mounting(self, size):
        """Words in front of the server's command: mounts of its own, then its user."""
        self.small_disk.mkdir()
        user = _user()
        script = (f'mount -t tmpfs -o size={size},mode=0755 tmpfs "$1" && install -d -m 0700 -o "$2" -g "$3" "$1/data" && '
                  'user=$2 group=$3 && shift 3 && exec setpriv --reuid="$user" --regid="$group" --clear-groups "$@"')
        return ["unshare", "--mount", "sh", "-c", script, "sh", str(self.small_disk), str(user.pw_uid), str(user.pw_gid)]

    def seen_from_outside(self, path):
        """A path on the small disk, as we can open it."""
        return pathlib.Path(disks.seen_by(self.process.pid, path))

    def wait_accepting(self, seconds=PATIENCE):
        def accepts():
            if not self.running():
                raise AssertionError(f"PostgreSQL ended with {self.process.returncode}:\n{self.log()}")
            return libpq.is_accepting(self.url("postgres"))

        until(accepts, "PostgreSQL to take connections", seconds)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, how="fast"):
        """`fast` ends connections and checkpoints, `immediate` is a crash that clients are told of."""
        if self.running():
            self.process.send_signal(STOPS[how])
            self.process.wait(60)

    def restart(self, how="fast"):
        self.stop(how)
        self.start()

    def kill9(self):
        """SIGKILL for every process of it: what a machine that lost its power looks like from outside."""
        if not self.running():
            return
        self.process.send_signal(signal.SIGSTOP)  # so that it starts no more of them
        children = _children(self.process.pid)
        self.process.kill()
        for child in children:
            _signal(child, signal.SIGKILL)
        self.process.wait()
        until(lambda: all(map(_ended, children)), "the backends to be gone")

    def freeze(self):
        """Every process stands still: a machine that hangs. Connections stay open, nothing answers."""
        _signal(self.process.pid, signal.SIGSTOP)  # so that it starts no more of them
        processes = [self.process.pid, *_children(self.process.pid)]
        for pid in processes:
            _signal(pid, signal.SIGSTOP)
        until(lambda: all(_state_and_parent(pid)[0] in "TZ" for pid in processes), "PostgreSQL to stand still")

    def thaw(self):
        for pid in (self.process.pid, *_children(self.process.pid)):
            _signal(pid, signal.SIGCONT)

    def url(self, database, user="postgres", tcp=False, password="", **parameters):
        secret = f":{urllib.parse.quote(password, safe='')}" if password else ""
        if tcp:
            address = f"postgres://{user}{secret}@127.0.0.1:{self.host_port}/{database}"
        else:
            address = f"postgres://{user}{secret}@/{database}"
            parameters = {"host": str(self.folder), "port": self.port, **parameters}
        query = urllib.parse.urlencode(parameters, safe="/")
        return f"{address}?{query}" if query else address

    def create_database(self, sql="", name=None, **url):
        """A fresh database in which these statements ran; its URL."""
        name = name or f"test_{next(self._databases)}"
        libpq.query(self.url("postgres"), f'CREATE DATABASE "{name}"')
        if sql.strip():
            libpq.query(self.url(name), sql)  # as the superuser, whoever the URL is for
        return self.url(name, **url)

    def drop_database(self, url):
        name = re.search(r"/([^/?]+)(?:\?|$)", url)[1]
        libpq.query(self.url("postgres"), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def query(self, sql, database="postgres"):
        return libpq.query(self.url(database), sql)

    def session(self, database="postgres", **url):
        return libpq.Session(self.url(database, **url))

    def standby(self, **options):
        """A hot standby that follows this one, started."""
        return Cluster(settings={**self._settings, **options.pop("settings", {})}, data_from=self, **options)

    def promote(self):
        self.query("SELECT pg_promote(false)")

    def log(self, last=4000):
        path = self.folder / "log"
        return path.read_text(errors="replace")[-last:] if path.exists() else ""

    def close(self):
        atexit.unregister(self.close)
        if self.running():
            self.thaw()
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill9()
        if self._guard.poll() is None:
            self._guard.stdin.close()
            self._guard.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
