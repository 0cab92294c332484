#!/usr/bin/env python3
"""A PostgreSQL that is away, comes back, ends its connections, hangs, or has none to spare."""

import contextlib
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.libpq import SqlError  # noqa: E402
from support.load import Load, inserting, reading  # noqa: E402
from support.server import is_sanitized  # noqa: E402
from support.suite import check, equal, main, test  # noqa: E402
from support.waiting import until  # noqa: E402

SQL = "CREATE TABLE items (id integer PRIMARY KEY, label text); INSERT INTO items VALUES (1, 'one');"
ONE = "/items?select=id,label&id=eq.1"


def patience(run, seconds):
    """What is promised of a release build, and ten times that under sanitizers."""
    return seconds * (10 if is_sanitized(run.ballast) else 1)


def timed(call):
    start = time.monotonic()
    answer = call()
    return answer, time.monotonic() - start


def refused(answer):
    """A 503 as it must be while there is no database."""
    equal((answer.status, answer.json()["code"]), (503, "BLST701"), answer.text)
    check((answer.header("Retry-After") or "").isdigit(), f"Retry-After: {answer.header('Retry-After')}")


@test("a server whose database is down at the start waits, says so, and is ready within a second of its start")
def _(run):
    cluster = run.cluster()
    url = cluster.create_database(SQL)
    cluster.stop()
    server = run.server(url, wait=False)
    ready = until(server.ready, "/ready to answer at all")
    equal(ready.status, 503, "/ready")
    check("database" in ready.text.lower(), f"/ready does not say what is missing: {ready.text}")
    equal(server.admin("/live").status, 200, "/live")
    for answer in (server.get(ONE), server.post("/items", '{"id":2}'), server.get("/nonsense")):
        refused(answer)
    answer, seconds = timed(lambda: server.get(ONE))
    check(seconds < patience(run, 0.5), f"the refusal took {seconds:.2f} s")
    check(server.process.poll() is None, "the server ended")
    cluster.start()
    start = time.monotonic()
    server.wait_ready()
    until(lambda: server.get(ONE).status == 200, "a request to be answered")
    seconds = time.monotonic() - start
    run.note(f"ready {seconds:.2f} s after PostgreSQL")
    check(seconds < patience(run, 1), f"ready only {seconds:.2f} s after PostgreSQL")
    equal(server.get(ONE).json(), [{"id": 1, "label": "one"}])


@test("a database that goes away later: 503 at once, back within a second of its return", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL))
    with reading(server, pause=0.002) as load:
        load.reach(50, 200)
        cluster.stop()
        load.reach(50, 503)
        answer, seconds = timed(lambda: server.get(ONE))
        refused(answer)
        check(seconds < patience(run, 0.2), f"the refusal took {seconds:.2f} s")
        until(lambda: server.admin("/ready").status == 503, "/ready to answer 503")
        equal(server.admin("/live").status, 200, "/live")
        cluster.start()
        start = time.monotonic()
        load.reach(1, 200)
        seconds = time.monotonic() - start
        run.note(f"back after {seconds:.2f} s")
        check(seconds < patience(run, 1), f"back only {seconds:.2f} s after PostgreSQL")
        server.wait_ready()
        load.reach(50, 200)
    load.only(200, 503)


@test("it comes back after a long outage as fast as after a short one", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL))
    cluster.stop()
    until(lambda: server.get(ONE).status == 503, "the outage to be noticed")
    gone = time.monotonic()
    until(lambda: time.monotonic() - gone > 4, "four seconds, in which a back-off would grow")
    cluster.start()
    start = time.monotonic()
    until(lambda: server.get(ONE).status == 200, "a request to be answered")
    seconds = time.monotonic() - start
    check(seconds < patience(run, 1), f"back only {seconds:.2f} s after PostgreSQL")


@test("backends that are killed under load cost 503s at most, and reads are tried again", alone=True)
def _(run):
    cluster = run.cluster()
    url = cluster.create_database(SQL)
    server = run.server(url)
    killed = 0
    with cluster.session() as psql, reading(server, 16) as load:
        load.reach(100, 200)
        for _ in range(25):
            killed += int(psql.value("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                                     "WHERE datname LIKE 'test_%' AND pid <> pg_backend_pid()"))
            load.reach(100, 200)
    load.only(200, 503)
    run.note(f"{killed} backends killed under {len(load.replies)} reads: {load.summary()}")
    check(killed >= 25, f"only {killed} backends were there to be killed")
    check(load.count(503) <= killed, f"a killed backend cost more than one read: {load.summary()}")


@test("one killed backend of several costs no read at all", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL))
    with cluster.session() as psql, reading(server, 16) as load:
        load.reach(100, 200)
        for _ in range(25):
            psql.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%' "
                       "AND state IS NOT NULL ORDER BY query_start DESC LIMIT 1")
            load.reach(100, 200)
    load.only(200)


@test("a database that hangs: 504 at the deadline, then all is well again", alone=True)
def _(run):
    cluster = run.cluster()
    url = cluster.create_database(SQL)
    server = run.server(url, settings='[http]\nrequest_timeout = "1s"\n')
    equal(server.get(ONE).status, 200)
    cluster.freeze()
    try:
        with Load(server, 1, lambda client, step: ("POST", "/items", '{"id":50}', 50) if step == 0 else None) as writer, \
                Load(server, 8, lambda client, step: ("GET", ONE, None, None) if step == 0 else None) as readers:
            writer.wait()
            readers.wait()
    finally:
        cluster.thaw()
    readers.only(503, 504)
    slowest = readers.percentile(1)
    # A server that cannot even end a statement is given two seconds more, in case it still says what became of it.
    check(slowest < patience(run, 4), f"a request with a deadline of 1 s was answered after {slowest:.2f} s")
    write = writer.replies[0]
    check(write.status in (502, 503, 504), f"a write to a database that hangs: {write}")
    until(lambda: server.get(ONE).status == 200, "reads to be answered")
    until(lambda: server.post("/items", '{"id":51}').status == 201, "writes to be answered")
    until(lambda: cluster.query("SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'test_%' AND "
                                "state <> 'idle'")[0][0] == "0", "what was under way to end")
    if server.get("/items?id=eq.50&select=id").json():  # it was done after all
        check(write.code == "BLST720", f"a row is there whose write was refused with {write.status} {write.code}")


@test("no connection to spare at the start: 503, and ready when some are free")
def _(run):
    cluster = run.cluster({"max_connections": "8", "superuser_reserved_connections": "2", "max_wal_senders": "0"})
    cluster.query("CREATE ROLE app LOGIN")
    url = cluster.create_database(SQL + "GRANT ALL ON items TO app;", user="app")
    with contextlib.ExitStack() as held:
        with contextlib.suppress(SqlError):
            while True:
                held.enter_context(cluster.session(user="app"))
        server = run.server(url, wait=False)
        ready = until(server.ready, "/ready to answer at all")
        equal(ready.status, 503, "/ready")
        answer = server.get(ONE)
        equal(answer.status, 503, answer.text)
        check((answer.header("Retry-After") or "").isdigit(), "no Retry-After")
    start = time.monotonic()
    until(lambda: server.get(ONE).status == 200, "a request to be answered")
    run.note(f"ready {time.monotonic() - start:.2f} s after connections were free")
    server.wait_ready()


@test("connections that others took: it serves with what it has")
def _(run):
    cluster = run.cluster({"max_connections": "10", "superuser_reserved_connections": "2", "max_wal_senders": "0"})
    cluster.query("CREATE ROLE app LOGIN")
    url = cluster.create_database(SQL + "CREATE VIEW slow AS SELECT 1 AS id, pg_sleep(0.5)::text AS slept;"
                                        "GRANT ALL ON items, slow TO app;", user="app")
    server = run.server(url, settings='[http]\nrequest_timeout = "3s"\n')
    with reading(server, 16) as warm:  # so that each of its threads has connections
        warm.reach(200, 200)
    with contextlib.ExitStack() as held:
        with contextlib.suppress(SqlError):
            while True:
                held.enter_context(cluster.session(user="app"))
        with Load(server, 4, lambda client, step: ("GET", "/slow", None, None) if step < 2 else None) as slow, \
                reading(server, 2, pause=0.005) as fast:
            slow.wait()
        fast.only(200)
        slow.only(200, 503, 504)
    until(lambda: server.get("/slow").status == 200, "a slow request to be answered")


@test("its own connections stay within what the server allows")
def _(run):
    cluster = run.cluster({"max_connections": "12", "superuser_reserved_connections": "2", "max_wal_senders": "0"})
    cluster.query("CREATE ROLE app LOGIN")
    url = cluster.create_database(SQL + "CREATE VIEW slow AS SELECT 1 AS id, pg_sleep(0.2)::text AS slept;"
                                        "GRANT ALL ON items, slow TO app;", user="app")
    server = run.server(url)
    with Load(server, 16, lambda client, step: ("GET", "/slow", None, None) if step < 2 else None) as slow:
        slow.wait()
    slow.only(200)
    check("remaining connection slots" not in cluster.log(100_000) and "too many clients" not in cluster.log(100_000),
          f"it asked for more connections than there are:\n{cluster.log()}")


@test("a password is taken from a file or the URL, and told to nobody")
def _(run):
    secret = "s3cr3t-p4ssw0rd"
    cluster = run.cluster(settings={"password_encryption": "scram-sha-256"}, tcp=True)
    cluster.query(f"CREATE ROLE app LOGIN PASSWORD '{secret}'")
    cluster.create_database(SQL + "GRANT ALL ON items TO app;", name="guarded")
    cluster.write_hba("local all all trust\nhost all app 127.0.0.1/32 scram-sha-256\n")
    server = run.server(cluster.url("guarded", user="app", tcp=True, password=secret))
    equal(server.get(ONE).status, 200)
    cluster.query("ALTER ROLE app PASSWORD 'another'")
    cluster.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'")
    until(lambda: server.get(ONE).status == 503, "the new password to be asked for")
    shown = server.log(1_000_000) + server.get(ONE).text + server.admin("/ready").text + server.admin("/metrics").text
    check(secret not in shown, f"the password is shown: {shown[max(0, shown.find(secret) - 300):][:600]}")
    cluster.query(f"ALTER ROLE app PASSWORD '{secret}'")
    until(lambda: server.get(ONE).status == 200, "the old password to be good again")


@test("inserts go on through outages of every kind, each either done or refused", alone=True)
def _(run):
    cluster = run.cluster()
    url = cluster.create_database(SQL)
    server = run.server(url)
    with inserting(server, 8, 1000, pause=0.002) as load:
        load.reach(50, 201)
        for how in ("fast", "immediate"):
            cluster.restart(how)
            load.reach(50, 201)
        cluster.kill9()
        cluster.start()
        load.reach(50, 201)
    load.only(201, 502, 503)
    found = {int(row[0]) for row in cluster.query("SELECT id FROM items WHERE id >= 1000", "test_1")}
    lost = load.tags(201) - found
    check(not lost, f"{len(lost)} acknowledged rows are lost")


if __name__ == "__main__":
    main(__doc__)
