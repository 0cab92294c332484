"""Databases for scenarios. A fixture is one SQL file for every engine: lines between `-- only sqlite` (or `-- only
postgres`) and `-- both` are for that engine alone."""

import contextlib
import json
import pathlib
import re
import shutil
import subprocess
import tempfile

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


def _spaced(text):
    return re.sub(r"\s+", " ", text).strip()


class Sqlite:
    name = "sqlite"

    @contextlib.contextmanager
    def database(self, source):
        """(DATABASE argument, a folder) for as long as it is used."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="ballast-scenario-"))
        try:
            yield create_database(folder / "test.db", source_sql(self.name, source)), folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def explainer(self, ballast, database):
        """Compares the statements of every engine: a dialect's text needs no database of its own."""

        def explain(step):
            done = subprocess.run([str(ballast), "explain", "--json", f"{step.method} {step.target(REST)}", str(database)],
                                  env=clean_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  check=False)
            if done.returncode != 0:
                return [f"explain ended with {done.returncode}: {done.stderr.strip()[:300]}"]
            told = json.loads(done.stdout)
            problems = []
            for name, wanted in step.sql.items():
                got = [_spaced(text) for text in told[name]]
                if wanted[0] == wanted[-1] == "/":
                    matches = any(re.fullmatch(wanted[1:-1], text) for text in got)
                else:
                    matches = _spaced(wanted) in got
                if not matches:
                    problems += [f"sql: {name} expected {wanted}", *(f"sql: {name}      got {text}" for text in got)]
            return problems

        return explain


ENGINES = {"sqlite": Sqlite}


def named(name):
    return ENGINES[name]()
