#!/usr/bin/env python3
"""Several PostgreSQL servers: a standby that is promoted, and one that only reads."""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.load import inserting, reading  # noqa: E402
from support.server import REST, is_sanitized  # noqa: E402
from support.suite import check, equal, main, test  # noqa: E402
from support.waiting import until  # noqa: E402

SQL = "CREATE TABLE items (id integer PRIMARY KEY, label text); INSERT INTO items VALUES (1, 'one');"
JSON = {"Content-Type": "application/json"}


def pair(run, **primary_settings):
    """A primary with a standby that has all of its rows; both on TCP."""
    primary = run.cluster(primary_settings, tcp=True)
    primary.create_database(SQL, name="app")
    standby = run.adopt(primary.standby(tcp=True, settings={"synchronous_standby_names": ""}))
    until(lambda: primary.query("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")[0][0] == "1",
          "the standby to follow")
    return primary, standby


def hosts(*clusters, attributes="read-write"):
    addresses = ",".join(f"127.0.0.1:{cluster.host_port}" for cluster in clusters)
    return f"postgres://postgres@{addresses}/app?target_session_attrs={attributes}"


@test("a failover: writes go on at the promoted standby, and no acknowledged one is lost", alone=True)
def _(run):
    primary, standby = pair(run)
    primary.configure(synchronous_standby_names="*")
    until(lambda: primary.query("SELECT sync_state FROM pg_stat_replication") == [("sync",)], "synchronous replication")
    server = run.server(hosts(primary, standby))
    with inserting(server, 16, 1000, pause=0.005) as load:
        load.reach(200, 201)
        primary.kill9()
        load.reach(20, 503)
        standby.promote()
        until(lambda: standby.query("SELECT pg_is_in_recovery()") == [("f",)], "the promotion")
        start = time.monotonic()
        load.reach(1, 201)
        seconds = time.monotonic() - start
        load.reach(200, 201)
    load.only(201, 502, 503, 504)
    found = {int(row[0]) for row in standby.query("SELECT id FROM items WHERE id >= 1000", "app")}
    lost = load.tags(201) - found
    check(not lost, f"{len(lost)} of {load.count(201)} acknowledged rows are lost")
    done = load.tags(503) & found
    check(not done, f"{len(done)} rows that were refused with 503 are there")
    run.note(f"writes go on {seconds:.2f} s after the promotion; {load.summary()}")
    check(seconds < (10 if is_sanitized(run.ballast) else 1), f"writes go on only {seconds:.2f} s after the promotion")


@test("a switchover back: the old primary returns as a standby and is not written to", alone=True)
def _(run):
    primary, standby = pair(run)
    server = run.server(hosts(primary, standby))
    equal(server.post("/items", '{"id":2}').status, 201)
    until(lambda: standby.query("SELECT count(*) FROM items", "app") == [("2",)], "the row to be copied")
    primary.stop()
    standby.promote()
    until(lambda: server.post("/items", '{"id":3}').status == 201, "writes to go on")
    again = run.adopt(standby.standby(tcp=True, port=primary.host_port))
    equal(again.query("SELECT pg_is_in_recovery()"), [("t",)])
    for row in range(4, 30):
        equal(server.post("/items", f'{{"id":{row}}}').status, 201)
    equal(standby.query("SELECT count(*) FROM items", "app"), [("29",)])


@test("a standby that only reads: reads are answered, writes are refused with what PostgreSQL says")
def _(run):
    primary, standby = pair(run)
    server = run.server(standby.url("app", tcp=True))
    equal(server.get("/items").json(), [{"id": 1, "label": "one"}])
    for answer in (server.post("/items", '{"id":2}'),
                   server.request("PATCH", f"{REST}/items?id=eq.1", JSON, '{"label":"x"}'),
                   server.request("DELETE", f"{REST}/items?id=eq.1")):
        check(answer.status in (405, 503), f"{answer.status} {answer.text}")
        equal(answer.json()["code"], "25006", answer.text)
        check("read-only" in answer.json()["message"], answer.text)
    primary.query("INSERT INTO items VALUES (5, 'copied')", "app")
    until(lambda: server.get("/items?select=label&id=eq.5").json() == [{"label": "copied"}], "the row to be copied")
    primary.query("CREATE TABLE fresh (id integer); INSERT INTO fresh VALUES (7)", "app")
    until(lambda: server.get("/fresh").status == 200, "the new table to appear")
    standby.promote()
    until(lambda: server.post("/items", '{"id":2}').status == 201, "writes to be taken after the promotion")


@test("a session that must be writable waits for a primary", alone=True)
def _(run):
    primary, standby = pair(run)
    primary.stop()
    server = run.server(hosts(primary, standby), wait=False)
    equal(until(server.ready, "/ready to answer at all").status, 503, "/ready")
    equal(server.get("/items").status, 503)
    standby.promote()
    server.wait_ready()
    equal(server.post("/items", '{"id":2}').status, 201)


@test("a database that was made read-only refuses writes, and takes them again later")
def _(run):
    cluster = run.cluster()
    url = cluster.create_database(SQL)
    cluster.query("ALTER DATABASE test_1 SET default_transaction_read_only = on")
    server = run.server(url)
    equal(server.get("/items").status, 200)
    equal(server.post("/items", '{"id":2}').json()["code"], "25006")
    cluster.query("ALTER DATABASE test_1 RESET default_transaction_read_only;"
                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'test_1'")
    until(lambda: server.post("/items", '{"id":2}').status == 201, "writes to be taken again")


@test("reads spread nowhere they should not: the first host that answers is used", alone=True)
def _(run):
    primary, standby = pair(run)
    server = run.server(hosts(primary, standby, attributes="any"))
    with reading(server, 4, pause=0.002) as load:
        load.reach(100, 200)
        equal(standby.query("SELECT count(*) FROM pg_stat_activity WHERE datname = 'app' AND pid <> pg_backend_pid()"),
              [("0",)], "connections to the standby")
        primary.kill9()
        load.reach(100, 200)
    load.only(200, 503)


if __name__ == "__main__":
    main(__doc__)
