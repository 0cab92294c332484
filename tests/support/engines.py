"""Databases for scenarios. A fixture is one SQL file for every engine: lines between `-- only sqlite` (or `-- only
postgres`) and `-- both` are for that engine alone."""

import contextlib
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading

from support import cluster
from support.server import REST, clean_environment, create_database

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "scenarios" / "fixtures"


def sql_for(engine, text):
    kept, only = [], None
    for line in text.splitlines():
        if match := re.fullmatch(r"-- only (\w+)", line.strip()):
            only = match[1]
        elif line.strip() == "-- both":
            only = None
        elif only in (None, engine):
            kept.append(line)
    return "\n".join(kept) + "\n"


def source_sql(engine, source):
    """The SQL that makes a scenario file's database."""
    text = ""
    if source.fixture:
        text += (FIXTURES / f"{source.fixture}.sql").read_text(encoding="utf-8") + "\n-- both\n"
    for name, schema in source.schema.items():
        if name in (None, engine):
            text += schema
    return sql_for(engine, text)


def has_explain(ballast):
    done = subprocess.run([str(ballast), "explain", "--help"], env=clean_environment(), stdin=subprocess.DEVNULL,
                          capture_output=True, check=False)
    return done.returncode == 0 and b"explain" in done.stdout


def _explainer(engine, ballast, database):
    """Compares the statements of one engine with what a step says of them."""

    def explain(step):
        wanted = step.sql.get(engine)
        if wanted is None:
            return []
        done = subprocess.run([str(ballast), "explain", "--json", f"{step.method} {step.target(REST)}", str(database)],
                              env=clean_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            return [f"explain ended with {done.returncode}: {done.stderr.strip()[:300]}"]
        got = [_spaced(text) for text in json.loads(done.stdout)[engine]]
        if wanted[0] == wanted[-1] == "/":
            matches = any(re.fullmatch(wanted[1:-1], text) for text in got)
        else:
            matches = _spaced(wanted) in got
        return [] if matches else [f"sql: {engine} expected {wanted}", *(f"sql: {engine}      got {text}" for text in got)]

    return explain


def _spaced(text):
    return re.sub(r"\s+", " ", text).strip()


class Sqlite:
    """Every database is a file of its own."""

    name = "sqlite"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    @contextlib.contextmanager
    def database(self, source):
        """(DATABASE argument, a folder) for as long as it is used."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="ballast-scenario-"))
        try:
            yield create_database(folder / "test.db", source_sql(self.name, source)), folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def explainer(self, ballast, database):
        return _explainer(self.name, ballast, database)


class Postgres:
    """One cluster, started at the first use; a fresh database each time. Roles belong to the cluster: those that a
    source names are there, with no rights but what its own SQL grants."""

    name = "postgres"

    def __init__(self):
        self._lock = threading.Lock()
        self._cluster = None
        self._roles = set()

    def __enter__(self):
        self._cluster = cluster.Cluster({"max_connections": "300"})
        return self

    def __exit__(self, *_):
        self._cluster.close()

    def _make_roles(self, names):
        with self._lock:
            for name in names:
                if name not in self._roles:
                    self._cluster.query(f'CREATE ROLE "{name}" NOLOGIN')
                    self._roles.add(name)

    @contextlib.contextmanager
    def database(self, source):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="ballast-scenario-"))
        try:
            self._make_roles(source.roles)
            url = self._cluster.create_database(source_sql(self.name, source))
            yield url, folder
            self._cluster.drop_database(url)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def explainer(self, ballast, database):
        return _explainer(self.name, ballast, database)


ENGINES = {"sqlite": Sqlite, "postgres": Postgres}
