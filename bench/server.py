"""A server under measurement: start, what /proc says about it, stop."""

import http.client
import os
import pathlib
import signal
import socket
import subprocess
import time


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Process:
    """Listens on `self.port` of loopback."""

    def __init__(self, folder, command):
        self.log = open(folder / "server.log", "ab")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("BALLAST_")}
        self.started = time.monotonic()
        self.process = subprocess.Popen(list(map(str, command)), stdout=self.log, stderr=self.log, env=environment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def wait_for(self, path, interval=0.0005, limit=30):
        """Seconds from the start of the process to the first 200."""
        while time.monotonic() - self.started < limit:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with status {self.process.returncode}; see {self.log.name}")
            try:
                status, body = self.get(path)
                if status == 200:
                    return time.monotonic() - self.started
                raise RuntimeError(f"GET {path} answered {status}: {body[:300]!r}")
            except (ConnectionError, http.client.HTTPException):
                time.sleep(interval)
        raise RuntimeError(f"no answer to GET {path} within {limit} s; see {self.log.name}")

    def cpu_seconds(self):
        """User and system time of all threads, from the scheduler: ticks would be too coarse."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task")
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9

    def memory_mb(self, field="VmRSS"):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024
        raise KeyError(field)

    def reset_peak(self):
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")


class Ballast(Process):
    """`ballast serve` with everything granted to anonymous callers and otherwise default settings."""

    def __init__(self, ballast, database, folder, settings=(), before=()):
        self.port = free_port()
        file = folder / "bench.toml"
        file.write_text("[access]\nexpose_anonymous = true\n\n[access.anon]\n\"*\" = \"all\"\n")
        super().__init__(folder, [*before, ballast, "serve", database, "--settings", file, "--listen", f"127.0.0.1:{self.port}",
                                  "--admin-listen", f"127.0.0.1:{free_port()}", *settings])


class Constant(Process):
    """bench/constant.cpp: the same HTTP server with a constant answer, with or without the middleware chain."""

    def __init__(self, program, folder, chain=True, before=(), workers=0):
        self.port = free_port()
        super().__init__(folder, [*before, program, f"127.0.0.1:{self.port}", "on" if chain else "off", workers])
