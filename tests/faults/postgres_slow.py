#!/usr/bin/env python3
"""Statements that are slow, wait for locks or bring a great deal: they are ended in time and delay nobody else."""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.load import Load, reading  # noqa: E402
from support.server import REST, is_sanitized  # noqa: E402
from support.suite import check, equal, main, test  # noqa: E402
from support.waiting import until  # noqa: E402
from support.wire import render  # noqa: E402

SQL = """CREATE TABLE items (id integer PRIMARY KEY, label text);
INSERT INTO items SELECT n, 'label ' || n FROM generate_series(1, 100) n;
CREATE TABLE others (id integer PRIMARY KEY, label text);
INSERT INTO others SELECT n, 'label ' || n FROM generate_series(1, 100) n;
CREATE VIEW slow AS SELECT 1 AS id, pg_sleep(1)::text AS slept;
CREATE VIEW stuck AS SELECT 1 AS id, pg_sleep(60)::text AS slept;
"""
ONE_WORKER = '[http]\nworkers = 1\n'
SHORT = '[http]\nrequest_timeout = "2s"\n'
JSON = {"Content-Type": "application/json"}


def slack(run):
    return 10 if is_sanitized(run.ballast) else 1


def once(method, target, body=None):
    return lambda client, step: (method, target, body, client) if step == 0 else None


def under_way(cluster, what):
    """How many statements that contain this run at this moment."""
    return int(cluster.query("SELECT count(*) FROM pg_stat_activity WHERE datname = 'test_1' AND state = 'active' "
                             f"AND query LIKE '%{what}%' AND pid <> pg_backend_pid()")[0][0])


def waiting_for_locks(cluster):
    return int(cluster.query("SELECT count(*) FROM pg_stat_activity WHERE datname = 'test_1' AND "
                             "wait_event_type = 'Lock'")[0][0])


@test("a statement that is too slow for a shared connection is answered from one of its own")
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL))
    for _ in range(2):
        start = time.monotonic()
        answer = server.get("/slow?select=id,slept")
        seconds = time.monotonic() - start
        equal((answer.status, answer.json()), (200, [{"id": 1, "slept": ""}]))
        check(0.9 < seconds < 2 * slack(run), f"a statement of 1 s was answered after {seconds:.2f} s")


@test("four slow statements delay no fast read", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL))
    with reading(server, 4, pause=0.002) as alone:
        alone.reach(500, 200)
    with reading(server, 4, pause=0.002) as fast:
        with Load(server, 4, lambda client, step: ("GET", "/slow", None, None) if step < 2 else None) as slow:
            slow.wait()
    fast.only(200)
    slow.only(200)
    p99 = fast.percentile(0.99)
    run.note(f"p99 of fast reads {1000 * alone.percentile(0.99):.1f} ms alone, {1000 * p99:.1f} ms beside four statements "
             f"of 1 s, at most {1000 * fast.percentile(1):.0f} ms")
    check(p99 < 0.1 * slack(run), f"p99 of fast reads is {p99:.3f} s")
    check(fast.percentile(1) < 0.5 * slack(run), f"a fast read took {fast.percentile(1):.3f} s")


@test("a statement that outlives its request's deadline is ended: 504", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL), settings=SHORT)
    with reading(server, 4, pause=0.002) as fast:
        with Load(server, 4, once("GET", "/stuck")) as stuck:
            stuck.wait()
        until(lambda: under_way(cluster, "pg_sleep") == 0 and under_way(cluster, "stuck") == 0,
              "the statements to be ended in the database", 2 * slack(run))
    stuck.only(504)
    equal({reply.code for reply in stuck.replies}, {"BLST504"}, "codes")
    slowest = stuck.percentile(1)
    check(1.8 < slowest < 2 + slack(run), f"a deadline of 2 s: answered after {slowest:.2f} s")
    fast.only(200)
    check(fast.percentile(0.99) < 0.1 * slack(run), f"p99 of fast reads is {fast.percentile(0.99):.3f} s")


@test("a statement that was slow once takes no crowd of its like to connections of their own", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(
        SQL + "CREATE SEQUENCE calls; CREATE FUNCTION hiccup() RETURNS text LANGUAGE plpgsql AS $$BEGIN "
              "IF nextval('calls') % 2000 = 0 THEN PERFORM pg_sleep(0.3); END IF; RETURN ''; END$$;"
              "CREATE VIEW moody AS SELECT id, label, hiccup() AS slept FROM items;"), settings=ONE_WORKER)
    with reading(server, 48, "/moody?id=eq.1") as load:
        load.reach(1000, 200)
        before = server.metric("ballast_storage_connections_opened_total")
        moved = server.metric("ballast_storage_slow_moves_total")
        until(lambda: server.metric("ballast_storage_slow_moves_total") >= moved + 3, "statements to be slow", 60)
        load.reach(1000, 200)
        opened = server.metric("ballast_storage_connections_opened_total") - before
    load.only(200)
    run.note(f"{opened:.0f} connections opened for {server.metric('ballast_storage_slow_moves_total') - moved:.0f} slow "
             f"statements among {load.count(200)} of one shape, 48 at a time; p99 {1000 * load.percentile(0.99):.0f} ms, "
             f"at most {1000 * load.percentile(1):.0f} ms")
    check(opened <= 6, f"{opened:.0f} connections were opened")
    equal(server.metric("ballast_storage_waiting"), 0, "requests that wait for a connection")


@test("many more slow statements than connections: each is answered or refused, fast reads go on", alone=True)
def _(run):
    cluster = run.cluster({"max_connections": "20", "max_wal_senders": "0"})
    server = run.server(cluster.create_database(SQL), settings='[http]\nrequest_timeout = "3s"\n')
    with reading(server, 2, pause=0.005) as fast:
        with Load(server, 64, once("GET", "/slow")) as slow:
            slow.wait()
    fast.only(200)
    slow.only(200, 503, 504)
    check(slow.count(200) >= 8, f"{slow.summary()}")
    check(slow.percentile(1) < 3 + slack(run), f"a deadline of 3 s: answered after {slow.percentile(1):.2f} s")
    check(fast.percentile(0.99) < 0.2 * slack(run), f"p99 of fast reads is {fast.percentile(0.99):.3f} s")
    run.note(f"64 statements of 1 s: {slow.summary()}; p99 of fast reads {1000 * fast.percentile(0.99):.0f} ms")


@test("a write that waits for a row's lock delays no other request and is done when the lock is gone", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL))
    with cluster.session("test_1") as psql, reading(server, 4, "/items?id=eq.2", pause=0.002) as fast:
        psql.query("BEGIN; SELECT * FROM items WHERE id = 1 FOR UPDATE")
        with server.connect() as connection:
            connection.send(render("PATCH", f"{REST}/items?id=eq.1", JSON, '{"label":"changed"}'))
            until(lambda: waiting_for_locks(cluster) == 1, "the write to wait for the lock")
            before = len(fast.replies)
            for row in range(2, 40):
                equal(server.request("PATCH", f"{REST}/items?id=eq.{row}", JSON, '{"label":"x"}').status, 204)
            fast.reach(200, 200)
            psql.query("COMMIT")
            equal(connection.answer("PATCH").status, 204)
    fast.only(200)
    late = sorted(reply.seconds for reply in fast.replies[before:])[int(0.99 * (len(fast.replies) - before)) - 1]
    check(late < 0.1 * slack(run), f"p99 of fast reads beside a lock is {late:.3f} s")
    equal(server.get("/items?select=label&id=eq.1").json(), [{"label": "changed"}])


@test("a write that waits for a lock until its deadline: 504, and nothing was changed")
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL), settings=SHORT)
    with cluster.session("test_1") as psql:
        psql.query("BEGIN; SELECT * FROM items WHERE id = 1 FOR UPDATE")
        start = time.monotonic()
        answer = server.request("PATCH", f"{REST}/items?id=eq.1", JSON, '{"label":"changed"}')
        seconds = time.monotonic() - start
        equal((answer.status, answer.json()["code"]), (504, "BLST504"), answer.text)
        check(1.8 < seconds < 2 + slack(run), f"a deadline of 2 s: answered after {seconds:.2f} s")
        until(lambda: waiting_for_locks(cluster) == 0, "the write to be ended in the database", 2 * slack(run))
        psql.query("COMMIT")
    equal(server.get("/items?select=label&id=eq.1").json(), [{"label": "label 1"}])
    equal(server.request("PATCH", f"{REST}/items?id=eq.1", JSON, '{"label":"again"}').status, 204)


@test("many writes that wait for one lock delay nobody else", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL), settings='[http]\nrequest_timeout = "20s"\n')
    with cluster.session("test_1") as psql, reading(server, 2, "/others?id=eq.2", pause=0.005) as fast:
        psql.query("BEGIN; LOCK TABLE items IN EXCLUSIVE MODE")
        with Load(server, 32, once("PATCH", "/items?id=eq.3", '{"label":"mine"}')) as blocked:
            until(lambda: waiting_for_locks(cluster) >= 4, "writes to wait for the lock")
            fast.reach(200, 200)
            psql.query("COMMIT")
            blocked.wait()
    fast.only(200)
    blocked.only(204)
    check(fast.percentile(0.99) < 0.2 * slack(run), f"p99 of fast reads is {fast.percentile(0.99):.3f} s")


@test("a table that is locked as a whole holds up its own readers alone", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL))
    with cluster.session("test_1") as psql, reading(server, 2, "/others?id=eq.2", pause=0.005) as fast:
        psql.query("BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE")
        with Load(server, 8, once("GET", "/items?id=eq.1")) as blocked:
            until(lambda: waiting_for_locks(cluster) >= 1, "reads to wait for the lock")
            fast.reach(300, 200)
            psql.query("COMMIT")
            blocked.wait()
        with reading(server, 4) as after:
            after.reach(100, 200)
    fast.only(200)
    blocked.only(200)
    after.only(200)
    check(fast.percentile(0.99) < 0.2 * slack(run), f"p99 of fast reads is {fast.percentile(0.99):.3f} s")


@test("a client that leaves takes its slow statement along", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL), settings='[http]\nrequest_timeout = "10s"\n')
    with server.connect() as connection:
        connection.send(render("GET", f"{REST}/stuck"))
        until(lambda: under_way(cluster, "stuck") == 1, "the statement to run")
    until(lambda: under_way(cluster, "stuck") == 0, "the statement to end with its request", 11)
    equal(server.get("/items?select=id&id=eq.1").json(), [{"id": 1}])


@test("a million rows to a slow client: flat memory, and no connection busy while it still reads", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(
        "CREATE TABLE many (id integer PRIMARY KEY, label text);"
        "INSERT INTO many SELECT n, 'a label for row ' || n FROM generate_series(1, 1000000) n; ANALYZE many;"))
    equal(server.get("/many?id=eq.1&select=id").json(), [{"id": 1}])
    before = server.memory()
    server.reset_peak()
    with server.connect(receive_buffer=4096, timeout=60) as connection:
        connection.send(render("GET", f"{REST}/many"))
        head = connection.head()
        equal(head.status, 200)
        until(lambda: int(cluster.query("SELECT count(*) FROM pg_stat_activity WHERE datname = 'test_1' AND "
                                        "state <> 'idle'")[0][0]) == 0, "no connection to be busy", 30)
        peak_held = server.memory("VmHWM")
        rows, size = 0, 0
        length = head.header("Content-Length")
        if length:
            left = int(length)
            while left:
                data = connection.exactly(min(left, 1 << 20))
                left -= len(data)
                size += len(data)
                rows += data.count(b'"id"')
        else:
            for data in _chunks(connection):
                size += len(data)
                rows += data.count(b'"id":')
    check(abs(rows - 1_000_000) <= size >> 20, f"{rows} rows came")  # a key may be cut in two where we cut
    peak = server.memory("VmHWM")
    run.note(f"{size >> 20} MiB of JSON; RSS {before >> 20} MiB before, {peak_held >> 20} MiB at most while it waited, "
             f"{peak >> 20} MiB at the end")
    if not is_sanitized(run.ballast):
        check(peak < 100 << 20, f"RSS rose to {peak >> 20} MiB")


def _chunks(connection):
    while size := int(connection._until(b"\r\n").split(b";")[0], 16):
        yield connection.exactly(size)
        connection.exactly(2)


@test("several at once that read slowly hold no connection, and the rest is served", alone=True)
def _(run):
    cluster = run.cluster({"max_connections": "16", "max_wal_senders": "0"})
    server = run.server(cluster.create_database(
        SQL + "CREATE TABLE many (id integer PRIMARY KEY, label text);"
              "INSERT INTO many SELECT n, repeat('x', 100) FROM generate_series(1, 50000) n;"))
    connections = [server.connect(receive_buffer=4096) for _ in range(20)]
    try:
        for connection in connections:
            connection.send(render("GET", f"{REST}/many"))
        for connection in connections:
            equal(connection.head().status, 200)
        with reading(server, 2, pause=0.002) as fast:
            fast.reach(100, 200)
        fast.only(200)
        until(lambda: int(cluster.query("SELECT count(*) FROM pg_stat_activity WHERE datname = 'test_1' AND "
                                        "state <> 'idle'")[0][0]) == 0, "no connection to be busy", 30)
    finally:
        for connection in connections:
            connection.close()


@test("a large result and one row share the database without waiting for each other", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(
        SQL + "CREATE TABLE many (id integer PRIMARY KEY, label text);"
              "INSERT INTO many SELECT n, repeat('x', 50) FROM generate_series(1, 300000) n;"))
    with reading(server, 2, pause=0.002) as fast:
        with Load(server, 2, lambda client, step: ("GET", "/many", None, None) if step < 3 else None) as large:
            large.wait()
    fast.only(200)
    large.only(200)
    run.note(f"p99 of fast reads {1000 * fast.percentile(0.99):.0f} ms beside {large.count(200)} answers of 20 MB")
    check(fast.percentile(0.99) < 0.3 * slack(run), f"p99 of fast reads is {fast.percentile(0.99):.3f} s")


if __name__ == "__main__":
    main(__doc__)
