#!/usr/bin/env python3
"""Measures the whole server against its budget (docs/performance.md) and prints a table and build/bench.json.

Every throughput line is a ratio of two measurements that alternate in one run on one machine, so that it means the same on
any machine; CPU is the server's own, from /proc. Needs wrk and PostgreSQL (tools/setup bench) and no other load."""

import argparse
import contextlib
import functools
import json
import os
import pathlib
import platform
import resource
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from cluster import FAILURES  # noqa: E402
from graphql import GraphqlLines  # noqa: E402
from integrity import IntegrityLines  # noqa: E402
from postgres import PostgresLines  # noqa: E402
from server import Ballast, Constant  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEYS = 100_000
BIG = 1_000_000
ROW = "/rest/v1/item?id=eq.{key}"


def make_database(file):
    """A table to read from, one of a million rows, and an empty one to write to."""
    database = sqlite3.connect(file)
    database.executescript(f"""
        PRAGMA journal_mode = wal;
        CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price NUMERIC, stock INTEGER, made TEXT);
        CREATE TABLE big (id INTEGER PRIMARY KEY, name TEXT NOT NULL, amount INTEGER NOT NULL);
        CREATE TABLE event (id INTEGER PRIMARY KEY, name TEXT NOT NULL, amount INTEGER NOT NULL);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {KEYS})
          INSERT INTO item SELECT i, 'item number ' || i, i % 1000 + 0.5, i % 97, '2024-01-01' FROM n;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {BIG})
          INSERT INTO big SELECT i, 'a row of a large answer, number ' || i, i * 7 FROM n;
        PRAGMA wal_checkpoint(truncate);
    """)
    database.close()


class Bench(PostgresLines, GraphqlLines, IntegrityLines):
    LINES = ["row_by_key", "chain", "insert", "memory", "streaming", "start", *PostgresLines.POSTGRES,
             *GraphqlLines.GRAPHQL, *IntegrityLines.INTEGRITY]

    def __init__(self, arguments, folder):
        self.ballast = arguments.ballast.resolve()
        self.seconds, self.rounds = arguments.seconds, arguments.rounds
        self.connections = arguments.connections
        self.folder = folder
        self.lines, self.works = [], []
        self.exits = contextlib.ExitStack()  # what runs as long as the measuring does

    @functools.cached_property
    def database(self):
        print("  … making the SQLite database", flush=True)
        file = self.folder / "bench.db"
        make_database(file)
        return file

    def server(self, *settings, before=(), database=None, path="/rest/v1/item?id=eq.1"):
        """Of the SQLite database unless another one is named; started when it answers `path`."""
        server = Ballast(self.ballast, database or self.database, self.folder, settings, before)
        server.first_answer = server.wait_for(path)
        return server

    def constant(self, **how):
        server = Constant(self.ballast.parent / "ballast_constant", self.folder, **how)
        server.wait_for("/")
        return server

    def load(self, server, path, body=None, connections=None, before=(), method=None, keys=KEYS, header=""):
        """One wrk run: requests/s, the server's CPU per request in µs, latencies."""
        command = [*before, "wrk", "-t1", f"-c{connections or self.connections}", f"-d{self.seconds}s", "--latency", "-s",
                   str(ROOT / "bench" / "load.lua"), f"http://127.0.0.1:{server.port}/", "--",
                   method or ("POST" if body else "GET"), path, *([body] if body else [])]
        before = server.cpu_seconds()
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "KEYS": str(keys), "HEADER": header})
        cpu = server.cpu_seconds() - before
        summary = [line[5:] for line in done.stdout.splitlines() if line.startswith("JSON ")]
        if done.returncode or not summary:
            raise RuntimeError(f"wrk failed: {done.stdout}{done.stderr}")
        result = json.loads(summary[0])
        if result["failed"] or result["refused"] or not result["requests"]:
            raise RuntimeError(f"{path}: {result}")
        return {"requests": result["requests"], "rate": result["requests"] / result["seconds"],
                "cpu_us": cpu * 1e6 / result["requests"], "p50_us": result["p50_us"], "p99_us": result["p99_us"],
                "rss_mb": server.memory_mb()}

    def alternate(self, *measures):
        """Medians of the measures, run in turn."""
        runs = [[] for _ in measures]
        for round_number in range(self.rounds + 1):
            for place, measure in enumerate(measures):
                result = measure()
                if round_number:  # the first round warms caches and plans
                    runs[place].append(result)
        return [{key: statistics.median(run[key] for run in results) for key in results[0]} for results in runs]

    def line(self, work, goal, value, met, **detail):
        text = f"{value:.3g}" if isinstance(value, float) else value
        verdict = "" if met is None else "ok" if met else "missed"
        self.lines.append({"work": work, "goal": goal, "measured": text, "met": met, **detail})
        print(f"  {work:<68} {goal:>12} {text:>10}  {verdict}".rstrip(), flush=True)

    # ---- the lines -------------------------------------------------------------------------------------------------

    # A server with time to spare wakes up more often per request, which hides what a request costs: where two servers are
    # compared, one worker is kept busy all the time, on a core of its own, by a client on another one.
    HERE, THERE = ["taskset", "-c", "0"], ["taskset", "-c", "1"]

    def busy(self, server, path):
        return lambda: self.load(server, path, connections=128, before=self.THERE)

    def row_by_key(self):
        with self.server("--http-workers", "1", before=self.HERE) as server, \
                self.constant(before=self.HERE, workers=1) as constant:
            row, plain = self.alternate(self.busy(server, ROW), self.busy(constant, ROW))
        ratio = row["rate"] / plain["rate"]
        self.line("GET one row by key ÷ a constant answer, requests/s", "≥ 0.85", ratio, ratio >= 0.85, row=row,
                  constant=plain)
        self.line("  the same as CPU per request: constant ÷ row", "", plain["cpu_us"] / row["cpu_us"], None)

    def chain(self):
        with self.constant(before=self.HERE, workers=1) as with_chain, \
                self.constant(chain=False, before=self.HERE, workers=1) as without:
            on, off = self.alternate(self.busy(with_chain, "/"), self.busy(without, "/"))
        share = 100 * (on["cpu_us"] - off["cpu_us"]) / off["cpu_us"]
        self.line("middleware chain, share of a constant answer's CPU (%)", "≤ 10", share, share <= 10, on=on, off=off)

    def insert(self):
        direct = self.folder / "direct.db"
        connection = sqlite3.connect(direct, isolation_level=None)
        connection.executescript("PRAGMA journal_mode = wal; PRAGMA synchronous = full;"
                                 "CREATE TABLE event (id INTEGER PRIMARY KEY, name TEXT NOT NULL, amount INTEGER NOT NULL);")

        def one_by_one():
            count, end = 0, time.monotonic() + self.seconds
            start = time.monotonic()
            while time.monotonic() < end:
                connection.execute("INSERT INTO event (name, amount) VALUES (?, ?)", ("an event", count))
                count += 1
            return {"rate": count / (time.monotonic() - start)}

        with self.server() as server:
            posts, single = self.alternate(
                lambda: self.load(server, "/rest/v1/event", '{"name":"an event","amount":{key}}', connections=64),
                one_by_one)
        connection.close()
        ratio = posts["rate"] / single["rate"]
        self.line("POST one row, durable, 64 clients ÷ one transaction each", "≥ 18", ratio, ratio >= 18, posts=posts,
                  one_by_one=single)

    def memory(self):
        with self.server("--http-max-connections", "10100") as server:
            idle = server.memory_mb()
            self.line("memory, idle (MB)", "≤ 30", idle, idle <= 30)
            sockets = []
            for _ in range(10_000):
                connection = socket.create_connection(("127.0.0.1", server.port))
                connection.sendall(b"GET /rest/v1/item?id=eq.7 HTTP/1.1\r\nHost: bench\r\n\r\n")
                if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
                    raise RuntimeError(f"connection {len(sockets)} was not answered")
                sockets.append(connection)
            held = server.memory_mb()
            self.line("memory, 10,000 idle connections (MB)", "≤ 150", held, held <= 150)
            for connection in sockets:
                connection.close()

    def streaming(self):
        with self.server() as server:
            self.slow_client(server, "memory, 1,000,000 rows to a slow client, peak (MB)")

    def slow_client(self, server, work):
        """The line for a client that is slow in reading a table `big`."""
        server.reset_peak()
        connection = socket.create_connection(("127.0.0.1", server.port))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        connection.sendall(b"GET /rest/v1/big HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
        size, rows, slow_until = 0, 0, time.monotonic() + 10
        while block := connection.recv(16384):
            size += len(block)
            rows += block.count(b'"id":')
            if time.monotonic() < slow_until:
                time.sleep(0.05)  # some 300 kB/s
        peak = server.memory_mb("VmHWM")
        connection.close()
        if rows < BIG * 0.99:  # a key can be split between two blocks
            raise RuntimeError(f"{rows} of {BIG} rows arrived")
        self.line(work, "≤ 100", peak, peak <= 100, answer_mb=size / 1e6)

    def start(self):
        times = []
        for _ in range(7):
            with self.server() as server:
                times.append(1000 * server.first_answer)
        median = statistics.median(times)
        self.line("start to first answer (ms)", "≤ 100", median, median <= 100, all_ms=[round(t, 1) for t in times])


def machine():
    model = next((line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    return {"cpu": model, "cores": os.cpu_count(), "kernel": platform.release()}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--ballast", type=pathlib.Path, default=ROOT / "build" / "release" / "ballast")
    arguments.add_argument("--seconds", type=int, default=4, help="length of one run")
    arguments.add_argument("--rounds", type=int, default=7, help="runs of which the median is taken")
    arguments.add_argument("--connections", type=int, default=64)
    arguments.add_argument("--only", action="append", choices=Bench.LINES, metavar="LINE",
                           help=f"of {', '.join(Bench.LINES)}")
    arguments.add_argument("--output", type=pathlib.Path, default=ROOT / "build" / "bench.json")
    arguments.add_argument("--folder", help="where the databases are made: a real disk (default: build/)")
    arguments = arguments.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=arguments.folder or ROOT / "build") as name:
        os.chmod(name, 0o711)  # PostgreSQL runs as another user when we are root
        tempfile.tempdir = name  # for the PostgreSQL cluster, too
        bench = Bench(arguments, pathlib.Path(name))
        print(f"  {'work':<68} {'goal':>12} {'measured':>10}")
        failed = False
        with bench.exits:
            for part in arguments.only or Bench.LINES:
                try:
                    getattr(bench, part)()
                except (RuntimeError, OSError, *FAILURES) as error:
                    failed = True
                    print(f"  {part} could not be measured: {error}", flush=True)
        bench.print_works()
    arguments.output.write_text(json.dumps({"machine": machine(), "seconds": arguments.seconds,
                                            "rounds": arguments.rounds, "lines": bench.lines}, indent=2,
                                           ensure_ascii=False) + "\n")
    print(f"written to {arguments.output}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
