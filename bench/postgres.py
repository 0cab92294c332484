"""The PostgreSQL lines: what `ballast serve postgres://…` does in comparison with pgbench, which asks the same database
for the same over eight connections with prepared statements and has no HTTP to speak."""

import datetime
import functools
import json
import pathlib
import signal
import statistics
import time
from dataclasses import dataclass

from cluster import Postgres

SCHEMA = pathlib.Path(__file__).resolve().parent / "postgres.sql"
ITEMS, TRACKS, ALBUMS = 100_000, 3503, 347


def in_order(value):
    """Lists whose order nobody asked for."""
    if isinstance(value, dict):
        return {key: in_order(member) for key, member in value.items()}
    if isinstance(value, list):
        return sorted(map(in_order, value), key=json.dumps)
    return value


@dataclass
class Work:
    """A request, and a statement that asks PostgreSQL for the same. `{key}` of the request, and `:key` and `:value` of
    the statement, are random numbers from 1 to `keys`."""
    name: str
    path: str
    sql: str
    keys: int = 1
    method: str = "GET"
    body: str | None = None
    makes_json: bool = False    # the statement's answer is the request's; otherwise it is the rows that are in it
    before: tuple = ()          # statements ahead of every run
    connections: int | None = None
    sampled: float = 0.2        # the share of pgbench's transactions whose latency is logged, for logging takes its time


ROW = Work("one row by key", "/rest/v1/item?id=eq.{key}", "SELECT * FROM item WHERE id = :key", ITEMS)
ROWS_1000 = Work("1,000 rows", "/rest/v1/item?id=gte.{key}&order=id&limit=1000",
                 "SELECT * FROM item WHERE id >= :key ORDER BY id LIMIT 1000", ITEMS - 999)

WITH_TRACKS = """
SELECT coalesce(json_agg(a), '[]') FROM (
  SELECT album.*, (SELECT coalesce(json_agg(t), '[]') FROM track t WHERE t.album_id = album.album_id) AS track
  FROM album{where}) a"""
ALBUM = Work("an album with its tracks", "/rest/v1/album?album_id=eq.{key}&select=*,track(*)",
             WITH_TRACKS.format(where=" WHERE album_id = :key"), ALBUMS, makes_json=True)
# As many clients as pgbench has: what is under way when a run ends was paid for and is not counted.
EVERYTHING = Work("every album with its tracks", "/rest/v1/album?select=*,track(*)", WITH_TRACKS.format(where=""),
                  makes_json=True, connections=8, sampled=1)
LIST = Work("a list of 100 tracks", "/rest/v1/track?track_id=gte.{key}&order=track_id&limit=100",
            "SELECT * FROM track WHERE track_id >= :key ORDER BY track_id LIMIT 100", TRACKS - 99)

# A checkpoint is not to fall into some of the runs.
EMPTY = ("TRUNCATE invoice_line", "CHECKPOINT")
INSERT = Work("POST one row", "/rest/v1/invoice_line",
              "INSERT INTO invoice_line (track_id, unit_price, quantity) VALUES (:key, 0.99, 1)", TRACKS, "POST",
              '{"track_id":{key},"unit_price":0.99,"quantity":1}', before=EMPTY)
BULK = Work("POST 100 rows", "/rest/v1/invoice_line",
            "INSERT INTO invoice_line (track_id, unit_price, quantity) VALUES "
            + ", ".join(f"({n}, 0.99, {n})" for n in range(1, 101)), method="POST",
            body=json.dumps([{"track_id": n, "unit_price": 0.99, "quantity": n} for n in range(1, 101)]), before=EMPTY)
UPDATE = Work("PATCH one row by key", "/rest/v1/track?track_id=eq.{key}",
              "UPDATE track SET milliseconds = :value WHERE track_id = :key", TRACKS, "PATCH",
              '{"milliseconds":{key}}', before=("VACUUM track", "CHECKPOINT"))


def many_tables(first, last):
    """Tables of ten columns, with a primary key, a foreign key to an earlier one, and an index on it."""
    return "".join(f"""
        CREATE TABLE table_{n} (
          id int PRIMARY KEY, parent_id int REFERENCES table_{max(1, n // 2)}, name text NOT NULL, amount numeric(10,2),
          made timestamptz NOT NULL DEFAULT now(), active boolean NOT NULL DEFAULT true, note varchar(200), size bigint,
          tags text[], details jsonb);
        CREATE INDEX ON table_{n} (parent_id);""" for n in range(first, last + 1))


class PostgresLines:
    """Lines of a Bench."""

    POSTGRES = ["pg_row", "pg_rows_1000", "pg_everything", "pg_chinook", "pg_reconnect", "pg_start", "pg_stream"]

    @functools.cached_property
    def postgres(self):
        return self.exits.enter_context(Postgres())

    @functools.cached_property
    def store(self):
        """The URL of the database that most lines work on."""
        cluster = self.postgres
        print("  … making the PostgreSQL database", flush=True)
        url = cluster.create_database(SCHEMA.read_text(), "store")
        cluster.query("VACUUM ANALYZE", "store")
        cluster.query("CHECKPOINT", "store")
        return url

    def served(self, server, work, header=""):
        self.prepare(work)
        before = self.postgres.cpu_seconds()
        result = self.load(server, work.path, work.body, work.connections, method=work.method, keys=work.keys,
                           header=header)
        cpu = self.postgres.cpu_seconds() - before
        return {**result, "database_cpu_us": cpu * 1e6 / result["requests"]}

    def direct(self, work, *options):
        self.prepare(work)
        return self.postgres.pgbench("store", work, self.seconds, *options)

    def prepare(self, work):
        for statement in work.before:
            self.postgres.query(statement, "store")

    def answers_alike(self, server, work):
        """Both sides have to do the same work."""
        statement = work.sql.replace(":key", "7")
        if not work.makes_json:
            statement = f"SELECT json_agg(r) FROM ({statement}) r"
        expected = json.loads(self.postgres.query(statement, "store")[0][0])
        status, body = server.get(work.path.replace("{key}", "7"))
        if status != 200 or in_order(json.loads(body)) != in_order(expected):
            raise RuntimeError(f"GET {work.path} answered {status} and not what {work.sql} does: {body[:300]!r}")

    def against_pgbench(self, work):
        """Medians of both."""
        with self.server(database=self.store) as server:
            if work.method == "GET":
                self.answers_alike(server, work)
            served, direct = self.alternate(lambda: self.served(server, work), lambda: self.direct(work))
        self.works.append((work.name, served, direct))
        return served, direct

    def rate_line(self, work, limit, goal=None):
        served, direct = self.against_pgbench(work)
        ratio = served["rate"] / direct["rate"]
        self.line(f"PostgreSQL: {work.name} ÷ pgbench{limit}", f"≥ {goal}" if goal else "", ratio,
                  ratio >= goal if goal else None, ballast=served, pgbench=direct)
        return served, direct

    # ---- the lines -------------------------------------------------------------------------------------------------

    def pg_row(self):
        served, direct = self.rate_line(ROW, "", 1.0)
        ratio = served["database_cpu_us"] / direct["database_cpu_us"]
        self.line("  PostgreSQL's CPU ÷ that for a classic pool of 8", "≤ 0.5", ratio, ratio <= 0.5)

    def pg_rows_1000(self):
        served, direct = self.against_pgbench(ROWS_1000)
        ratio = served["database_cpu_us"] / direct["database_cpu_us"]
        self.line("PostgreSQL: 1,000 rows, its CPU ÷ that of the bare SELECT", "≤ 1.2", ratio, ratio <= 1.2,
                  ballast=served, pgbench=direct)

    def pg_everything(self):
        self.rate_line(EVERYTHING, " making the JSON", 2.0)

    def pg_chinook(self):
        self.rate_line(ALBUM, " making the JSON", 0.9)
        self.rate_line(LIST, ", the bare SELECT", 1.0)
        self.rate_line(INSERT, ", the bare INSERT", 1.0)
        self.rate_line(BULK, ", the bare INSERT")
        try:
            self.rate_line(UPDATE, ", the bare UPDATE", 1.0)
        finally:  # an album's tracks lie side by side for whoever reads them next
            self.postgres.query("CLUSTER track USING track_pkey", "store")
            self.postgres.query("VACUUM ANALYZE track", "store")

    def pg_reconnect(self):
        each, pool = self.alternate(lambda: self.direct(ROW, "--connect"), lambda: self.direct(ROW))
        self.line("PostgreSQL: pgbench, a connection per row ÷ the pool of 8", "", each["rate"] / pool["rate"], None,
                  each=each, pool=pool)

    def pg_start(self):
        url = self.postgres.create_database(name="tables")
        print("  … making tables", flush=True)
        for until, goal in ((1000, 1), (5000, 4)):
            for first in range(1 if until == 1000 else 1001, until, 500):
                self.postgres.query(many_tables(first, first + 499), "tables")  # as many as may be locked at a time
            self.postgres.query("VACUUM ANALYZE", "tables")
            starts, reads = [], []
            for _ in range(5):
                with self.server(database=url, path="/rest/v1/table_1") as server:
                    starts.append(server.first_answer)
                    reads.append(self.introspection(server))
            start, read = statistics.median(starts), statistics.median(reads)
            if until == 1000:
                self.line("PostgreSQL: start to first answer, 1,000 tables (s)", "≤ 1", start, start <= 1, all_s=starts)
            self.line(f"PostgreSQL: introspection of {until:,} tables (s)", f"< {goal}", read, read < goal, all_s=reads)

    def introspection(self, server):
        """Seconds between the two lines of the log that SIGHUP leads to: connecting and reading the whole schema."""
        log = pathlib.Path(server.log.name)
        size = log.stat().st_size
        server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            times = {}
            for line in log.read_bytes()[size:].splitlines(keepends=True):
                if line.endswith(b"\n"):
                    entry = json.loads(line)
                    times[entry["message"]] = datetime.datetime.fromisoformat(entry["time"].rstrip("Z"))
            if "schema reloaded" in times:
                return (times["schema reloaded"] - times["settings reloaded"]).total_seconds()
            time.sleep(0.01)
        raise RuntimeError(f"the schema was not loaded again within a minute; see {log}")

    def pg_stream(self):
        with self.server(database=self.store) as server:
            self.slow_client(server, "PostgreSQL: 1,000,000 rows to a slow client, peak (MB)")

    def print_works(self):
        """What was measured of the works that have throughput, for people to read."""
        if not self.works:
            return
        columns = {"requests/s": ("rate", 1), "p50 ms": ("p50_us", 1e3), "p99 ms": ("p99_us", 1e3),
                   "server µs": ("cpu_us", 1), "PostgreSQL µs": ("database_cpu_us", 1), "RSS MB": ("rss_mb", 1)}
        print(f"\n  {'PostgreSQL, CPU per request in µs':<36}" + "".join(f"{title:>15}" for title in columns))
        for name, served, other, *label in self.works:
            for who, result in ((name, served), (label[0] if label else "  pgbench", other)):
                cells = (result.get(key) and f"{result[key] / unit:,.4g}" for key, unit in columns.values())
                print(f"  {who:<36}" + "".join(f"{cell or '-':>15}" for cell in cells))
        print()
