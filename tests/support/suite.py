"""A small test runner: a sentence for a name, one behaviour each.

    from support.suite import Skip, main, test

    @test("a client that leaves gives its connection back")
    def _(run): ...

    main(__doc__)

`run.ballast` is the program, `run.folder` a folder of the test's own. Tests of one file run a few at a time; those
that measure (`alone=True`) run by themselves, after the others. `main(__doc__, seconds=N)` is for programs that go on
for as long as they are told: each test has its share of the time in `run.seconds`."""

import argparse
import concurrent.futures
import fnmatch
import os
import pathlib
import shutil
import sys
import tempfile
import threading
import time
import traceback
from dataclasses import dataclass

from support import cluster as clusters
from support import server as servers


class Skip(Exception):
    """Raised by a test that cannot run here; the message says why."""


@dataclass
class Test:
    name: str
    body: object
    alone: bool


class Run:
    """What one test gets."""

    def __init__(self, ballast, folder, seconds=0.0):
        self.ballast = ballast
        self.seconds = seconds
        self.folder = pathlib.Path(folder)
        self._open = []
        self._clusters = []
        self.notes = []

    def server(self, *args, **options):
        """A server that ends with the test. `sql=` makes its database."""
        sql = options.pop("sql", None)
        if sql is not None:
            args = (servers.create_database(self.folder / "test.db", sql), *args)
        started = servers.Server(self.ballast, *args, **options)
        self._open.append(started)
        return started

    def cluster(self, *args, **options):
        """A PostgreSQL server that ends with the test."""
        try:
            started = clusters.Cluster(*args, **options)
        except clusters.NotInstalled as reason:
            raise AssertionError(reason) from None
        return self.adopt(started)

    def adopt(self, cluster):
        """A cluster that was made another way (a standby) ends with the test, too."""
        self._clusters.append(cluster)
        return cluster

    def note(self, text):
        """Something measured, printed beside the result."""
        self.notes.append(text)

    def close(self):
        for started in (*reversed(self._open), *reversed(self._clusters)):
            started.close()


_tests = []
_print_lock = threading.Lock()
_colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def test(name, alone=False):
    def register(body):
        _tests.append(Test(name, body, alone))
        return body

    return register


def coloured(code, text):
    return f"\033[{code}m{text}\033[0m" if _colour else text


def _run_one(case, ballast, seconds):
    folder = tempfile.mkdtemp(prefix="ballast-test-")
    run = Run(ballast, folder, seconds)
    start = time.monotonic()
    verdict, detail = "ok", ""
    try:
        case.body(run)
    except Skip as reason:
        verdict, detail = "skip", str(reason)
    except Exception as failure:  # a test's own mistake is a failure too
        verdict = "FAIL"
        lines = traceback.format_exc().strip().splitlines()
        detail = "\n".join(lines[-12:])
        if isinstance(failure, AssertionError) and str(failure):
            frame = [f for f in traceback.extract_tb(failure.__traceback__) if "/support/" not in f.filename][-1:]
            detail = (f"{pathlib.Path(frame[0].filename).name}:{frame[0].lineno}: {frame[0].line}\n" if frame else "")
            detail += str(failure)
        for started in run._open:
            detail += f"\n-- log of {pathlib.Path(started.ballast).name} {started.mode} --\n{started.log(1500)}"
        for started in run._clusters:
            detail += f"\n-- log of PostgreSQL --\n{started.log(1500)}"
    finally:
        run.close()
        shutil.rmtree(folder, ignore_errors=True)
    with _print_lock:
        mark = {"ok": coloured(32, "ok  "), "skip": coloured(33, "skip"), "FAIL": coloured(31, "FAIL")}[verdict]
        notes = f"  ({'; '.join(run.notes)})" if run.notes else ""
        print(f"{mark} {case.name}  {time.monotonic() - start:.1f} s{notes}", flush=True)
        if detail:
            print("\n".join("     " + line for line in detail.splitlines()), flush=True)
    return verdict


def main(about, seconds=None):
    options = argparse.ArgumentParser(description=about)
    options.add_argument("--ballast", required=True, type=pathlib.Path)
    options.add_argument("--only", default="*", help="a glob on the tests' names")
    options.add_argument("--jobs", type=int, default=4)
    options.add_argument("--list", action="store_true")
    if seconds is not None:
        options.add_argument("--seconds", type=float, default=seconds, help="how long all tests together go on")
    options = options.parse_args()
    pattern = options.only if any(c in options.only for c in "*?[") else f"*{options.only}*"
    chosen = [case for case in _tests if fnmatch.fnmatch(case.name, pattern)]
    if options.list:
        print("\n".join(case.name for case in chosen))
        return
    ballast = options.ballast.resolve()
    share = options.seconds / max(1, len(chosen)) if seconds is not None else 0.0
    verdicts = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        verdicts += pool.map(lambda case: _run_one(case, ballast, share), [c for c in chosen if not c.alone])
    verdicts += [_run_one(case, ballast, share) for case in chosen if case.alone]
    counts = [verdicts.count(verdict) for verdict in ("ok", "FAIL", "skip")]
    print(f"{counts[0]} passed, {counts[1]} failed, {counts[2]} skipped")
    sys.exit(1 if counts[1] else 0)


def equal(got, expected, what="value"):
    """An assertion that shows both sides."""
    if got != expected:
        raise AssertionError(f"{what}: expected {expected!r}, got {got!r}")


def check(condition, message):
    if not condition:
        raise AssertionError(message)
