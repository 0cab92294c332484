#!/usr/bin/env python3
"""What becomes of writes to PostgreSQL: nothing acknowledged is lost, nothing refused is done, and what nobody can know
is said to be uncertain."""

import json
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import cluster as clusters  # noqa: E402
from support.load import CUT, Load, inserting, reading  # noqa: E402
from support.server import is_sanitized  # noqa: E402
from support.suite import Skip, check, equal, main, test  # noqa: E402
from support.waiting import until  # noqa: E402

SQL = "CREATE TABLE items (id integer PRIMARY KEY, label text); INSERT INTO items VALUES (1, 'one');"
CLIENTS = 64
UNCERTAIN = "BLST720"


def rows_of(cluster, sql="SELECT id FROM items WHERE id >= 1000"):
    return {int(row[0]) for row in cluster.query(sql, "test_1")}


def accounts_for(load, found):
    """Holds what clients were told against the rows that are there; says how many were of each kind."""
    acknowledged = load.tags(201)
    lost = acknowledged - found
    check(not lost, f"{len(lost)} of {len(acknowledged)} acknowledged rows are lost")
    refused = {reply.tag for reply in load.replies if reply.status == 503}
    check(not refused & found, f"{len(refused & found)} of {len(refused)} rows that were refused with 503 are there")
    uncertain = {reply.tag for reply in load.replies if reply.code == UNCERTAIN}
    odd = [reply for reply in load.replies if reply.code == UNCERTAIN and reply.status not in (502, 504)]
    check(not odd, f"uncertain, but not 502 or 504: {odd[:1]}")
    cut = load.tags(CUT)
    unexplained = found - acknowledged - uncertain - cut
    check(not unexplained, f"{len(unexplained)} rows are there of which clients were told something else: "
                           f"{[reply for reply in load.replies if reply.tag in unexplained][:1]}")
    return f"{len(acknowledged)} acknowledged, {len(uncertain)} uncertain ({len(uncertain & found)} done), {len(refused)} refused"


def breaking(run, break_it):
    """64 clients insert while PostgreSQL is broken and comes back; every row is accounted for."""
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL))
    with inserting(server, CLIENTS, 1000) as load:
        for _ in range(3):
            load.reach(300, 201)
            break_it(cluster)
        load.reach(300, 201)
    load.only(201, 502, 503, 504)
    run.note(accounts_for(load, rows_of(cluster)))


@test("kill -9 of PostgreSQL during 64 concurrent inserts", alone=True)
def _(run):
    def kill_and_start(cluster):
        cluster.kill9()
        cluster.start()

    breaking(run, kill_and_start)


@test("a fast restart of PostgreSQL during 64 concurrent inserts", alone=True)
def _(run):
    breaking(run, lambda cluster: cluster.restart("fast"))


@test("an immediate restart of PostgreSQL during 64 concurrent inserts", alone=True)
def _(run):
    breaking(run, lambda cluster: cluster.restart("immediate"))


@test("backends that are killed during 64 concurrent inserts", alone=True)
def _(run):
    def kill_backends(cluster):
        for _ in range(5):
            cluster.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'test_1'")

    breaking(run, kill_backends)


@test("kill -9 of the server during 64 concurrent inserts loses nothing that was acknowledged", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL))
    notes = []
    for number in range(3):
        with inserting(server, CLIENTS, 1000 + 1_000_000 * number) as load:
            load.reach(300, 201)
            server.kill()
            load.stop()
        load.only(201, CUT)
        until(lambda: cluster.query("SELECT count(*) FROM pg_stat_activity WHERE datname = 'test_1'")[0][0] == "0",
              "PostgreSQL to notice that its client is gone")
        found = rows_of(cluster, f"SELECT id FROM items WHERE id >= {1000 + 1_000_000 * number}")
        notes.append(accounts_for(load, found))
        unanswered = found - load.tags(201)
        check(len(unanswered) <= CLIENTS, f"{len(unanswered)} rows are there without an answer, of {CLIENTS} clients")
        server.start()
        served = server.request("HEAD", f"/rest/v1/items?id=gte.{1000 + 1_000_000 * number}", {"Prefer": "count=exact"})
        equal(served.header("Content-Range").rpartition("/")[2], str(len(found)), "rows served after the restart")
    run.note("; ".join(notes))


@test("a request of several rows is done as a whole or not at all", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL))

    def ask(client, step):
        group = 1000 + (step * 16 + client) * 10
        return "POST", "/items", json.dumps([{"id": group + n, "label": f"g{group}"} for n in range(10)]), group

    with Load(server, 16, ask) as load:
        for _ in range(3):
            load.reach(50, 201)
            cluster.kill9()
            cluster.start()
        load.reach(50, 201)
    load.only(201, 502, 503, 504)
    parts = cluster.query("SELECT label, count(*) FROM items WHERE id >= 1000 GROUP BY label HAVING count(*) <> 10",
                          "test_1")
    equal(parts, [], "requests of which only a part is there")
    accounts_for(load, rows_of(cluster, "SELECT min(id) FROM items WHERE id >= 1000 GROUP BY label"))


@test("updates that a lost connection made uncertain are not run twice", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(
        "CREATE TABLE events (id integer PRIMARY KEY, label text); CREATE TABLE seen (id integer);"
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN INSERT INTO seen VALUES (new.id); RETURN new; END$$;"
        "CREATE TRIGGER note AFTER INSERT OR UPDATE ON events FOR EACH ROW EXECUTE FUNCTION note();"
        "INSERT INTO events SELECT n, 'old' FROM generate_series(1, 20000) n; TRUNCATE seen;"))

    def ask(client, step):
        row = 1 + step * 32 + client
        return ("PATCH", f"/events?id=eq.{row}", '{"label":"new"}', row) if row <= 20000 else None

    with Load(server, 32, ask) as load:
        for _ in range(4):
            load.reach(200, 204)
            cluster.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'test_1'")
    load.only(204, 502, 503, 504)
    counts = {int(row): int(times) for row, times in cluster.query("SELECT id, count(*) FROM seen GROUP BY id", "test_1")}
    equal([row for row, times in counts.items() if times > 1], [], "rows that were updated twice")
    check(load.tags(204) <= set(counts), "acknowledged updates are lost")
    check(not load.tags(503) & set(counts), "updates that were refused with 503 are done")


@test("a deferred constraint that fails at the commit: 409, no row, and nobody else is hurt", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(
        SQL + "CREATE TABLE parents (id integer PRIMARY KEY); INSERT INTO parents VALUES (1);"
              "CREATE TABLE children (id integer PRIMARY KEY, parent integer CONSTRAINT children_parent REFERENCES "
              "parents (id) DEFERRABLE INITIALLY DEFERRED, slot integer CONSTRAINT children_slot UNIQUE DEFERRABLE "
              "INITIALLY DEFERRED);"))
    with inserting(server, 8, 1000) as others:
        others.reach(20, 201)
        for step in range(30):
            prefer = {"Prefer": "return=representation"} if step % 2 else {}
            answer = server.post("/children", json.dumps({"id": step, "parent": 99}), prefer)
            equal((answer.status, answer.json()["code"]), (409, "23503"), answer.text)
            check("children_parent" in answer.json()["message"], answer.text)
        equal(server.post("/children", '{"id":1,"parent":1,"slot":7}').status, 201)
        answer = server.post("/children", '{"id":2,"parent":1,"slot":7}')
        equal((answer.status, answer.json()["code"]), (409, "23505"), answer.text)
        answer = server.request("DELETE", "/rest/v1/parents?id=eq.1")
        equal((answer.status, answer.json()["code"]), (409, "23503"), answer.text)
    others.only(201)
    equal(others.tags(201), rows_of(cluster), "the others' rows")
    equal(cluster.query("SELECT id, parent, slot FROM children", "test_1"), [("1", "1", "7")], "rows")


@test("one bad write of a burst fails alone", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL))

    def ask(client, step):
        row = 1 if (client + step) % 4 == 0 else 1000 + step * 32 + client
        return ("POST", "/items", f'{{"id":{row}}}', row) if step < 20 else None

    with Load(server, 32, ask) as load:
        load.wait()
    equal([reply for reply in load.replies if reply.status != (409 if reply.tag == 1 else 201)][:1], [], "answers")
    equal(rows_of(cluster), load.tags(201), "rows")


@test("deadlocks are run again", alone=True)
def _(run):
    cluster = run.cluster({"deadlock_timeout": "10ms"})
    server = run.server(cluster.create_database(
        "CREATE TABLE accounts (id integer PRIMARY KEY, n integer NOT NULL);"
        "INSERT INTO accounts SELECT n, 0 FROM generate_series(1, 4) n;"
        "CREATE TABLE moves (id integer PRIMARY KEY, a integer, b integer);"
        "CREATE FUNCTION move() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        "UPDATE accounts SET n = n + 1 WHERE id = new.a; PERFORM pg_sleep(0.003); "
        "UPDATE accounts SET n = n + 1 WHERE id = new.b; RETURN new; END$$;"
        "CREATE TRIGGER move BEFORE INSERT ON moves FOR EACH ROW EXECUTE FUNCTION move();"))

    def ask(client, step):
        row = 1000 + step * 4 + client
        a, b = ((1, 2), (2, 1), (3, 4), (4, 3))[client]
        return ("POST", "/moves", json.dumps({"id": row, "a": a, "b": b}), row) if step < 40 else None

    with Load(server, 4, ask) as load:
        load.wait()
    deadlocks = cluster.log(10_000_000).count("ERROR:  deadlock detected")
    run.note(f"{deadlocks} deadlocks, {load.summary()}")
    load.only(201, 503)
    check(deadlocks > 0, "no two transactions met")
    check(load.count(503) < deadlocks / 2, f"{load.count(503)} refusals of {deadlocks} deadlocks: none was run again")
    total = int(cluster.query("SELECT sum(n) FROM accounts", "test_1")[0][0])
    equal(total, 2 * load.count(201), "the moves' sum")


@test("serialization failures are run again", alone=True)
def _(run):
    cluster = run.cluster()
    url = cluster.create_database(
        "CREATE TABLE counters (id integer PRIMARY KEY, n integer NOT NULL); INSERT INTO counters VALUES (1, 0);"
        "CREATE TABLE hits (id integer PRIMARY KEY);"
        "CREATE FUNCTION hit() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        "UPDATE counters SET n = n + 1 WHERE id = 1; PERFORM pg_sleep(0.001); RETURN new; END$$;"
        "CREATE TRIGGER hit BEFORE INSERT ON hits FOR EACH ROW EXECUTE FUNCTION hit();"
        "ALTER DATABASE test_1 SET default_transaction_isolation = 'serializable';")
    server = run.server(url)

    def ask(client, step):
        row = 1000 + step * 3 + client
        return ("POST", "/hits", json.dumps({"id": row}), row) if step < 60 else None

    with Load(server, 3, ask) as load:
        load.wait()
    conflicts = cluster.log(10_000_000).count("ERROR:  could not serialize access")
    run.note(f"{conflicts} conflicts, {load.summary()}")
    load.only(201, 503)
    check(conflicts > 0, "no two transactions met")
    check(load.count(503) < conflicts / 2, f"{load.count(503)} refusals of {conflicts} conflicts: none was run again")
    equal(int(cluster.query("SELECT n FROM counters", "test_1")[0][0]), load.count(201), "the counter")
    equal(rows_of(cluster, "SELECT id FROM hits"), load.tags(201), "rows")


@test("a full disk: 503 53100, nothing acknowledged is lost, and it passes", alone=True)
def _(run):
    if not clusters.small_disks_available():
        raise Skip("a small disk cannot be mounted here (needs root and unshare)")
    cluster = run.cluster(small_disk="24m")
    cluster.query(f"CREATE TABLESPACE small LOCATION '{cluster.small_disk / 'data'}'")
    server = run.server(cluster.create_database(
        "CREATE TABLE items (id integer PRIMARY KEY, label text) TABLESPACE small;"
        "ALTER TABLE items ALTER label SET STORAGE EXTERNAL;"))
    filler = cluster.seen_from_outside(cluster.small_disk / "filler")
    filler.write_bytes(b"x" * (12 << 20))
    acknowledged, answer = [], None
    for row in range(1000, 1200):
        answer = server.post("/items", json.dumps({"id": row, "label": "x" * 200_000}))
        if answer.status != 201:
            break
        acknowledged.append(row)
    equal((answer.status, answer.json()["code"]), (503, "53100"), answer.text)
    check((answer.header("Retry-After") or "").isdigit(), "no Retry-After")
    check(acknowledged, "nothing fitted at all")
    listed = server.get("/items?select=id&order=id")
    equal(listed.status, 200, "reads on a full disk")
    equal([row["id"] for row in listed.json()], acknowledged, "rows")
    filler.unlink()
    until(lambda: server.post("/items", '{"id":2000,"label":"small"}').status == 201, "writes to be taken again")
    equal(rows_of(cluster), {*acknowledged, 2000}, "rows")


@test("writes commit side by side, and no read waits for a commit", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(
        SQL + "CREATE TABLE commits (id integer, backend integer);"
              "CREATE FUNCTION slow_commit() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
              "PERFORM pg_sleep(0.2); INSERT INTO commits VALUES (new.id, pg_backend_pid()); RETURN NULL; END$$;"
              "CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON items DEFERRABLE INITIALLY DEFERRED "
              "FOR EACH ROW EXECUTE FUNCTION slow_commit();"), settings="[http]\nworkers = 1\n")
    with inserting(server, 16, 1000) as writes, reading(server, 2, pause=0.005) as reads:
        writes.reach(50, 201)
        reads.reach(100, 200)
    writes.only(201)
    reads.only(200)
    backends = cluster.query("SELECT count(*) FROM commits GROUP BY backend ORDER BY 1", "test_1")
    run.note(f"commits of 0.2 s per connection: {', '.join(count for count, in backends)}; p99 of reads "
             f"{1000 * reads.percentile(0.99):.1f} ms, at most {1000 * reads.percentile(1):.0f} ms")
    equal(len(backends), 4, "connections that committed")
    check(int(backends[0][0]) * 2 > int(backends[-1][0]), f"uneven: {backends}")
    slack = 10 if is_sanitized(run.ballast) else 1
    check(reads.percentile(0.99) < 0.1 * slack, f"p99 of reads beside commits of 0.2 s is {reads.percentile(0.99):.3f} s")


@test("reads, writes and slow statements keep to database.connections", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL + "CREATE VIEW slow AS SELECT 1 AS id, pg_sleep(0.3)::text AS slept;"),
                        settings="[http]\nworkers = 2\n[database]\nconnections = 8\n")
    most = 0
    with inserting(server, 16, 1000) as writes, reading(server, 16, pause=0.001) as reads, \
            reading(server, 4, "/slow") as slow:
        for _ in range(40):
            open_now = cluster.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ballast'")
            most = max(most, int(open_now[0][0]))
            time.sleep(0.05)
        for load, status in ((writes, 201), (reads, 200), (slow, 200)):
            load.reach(1, status)
    writes.only(201)
    reads.only(200)
    slow.only(200)
    run.note(f"{most} connections at most; {writes.count(201)} writes, {reads.count(200)} reads, {slow.count(200)} slow")
    check(most <= 8, f"{most} connections were open, of 8")


@test("one key goes to one of many", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL))
    with Load(server, 16, lambda client, step: ("POST", "/items", '{"id":77}', 77) if step < 20 else None) as load:
        load.wait()
    equal((load.count(201), load.count(409)), (1, 319), load.summary())


@test("whoever was told of a write reads it, on any connection", alone=True)
def _(run):
    cluster = run.cluster()
    server = run.server(cluster.create_database(SQL))
    missing = []

    def client(number):
        with server.connect() as writer, server.connect() as reader:
            for step in range(40):
                row = 1000 + step * 16 + number
                headers = {"Content-Type": "application/json"}
                equal(writer.request("POST", "/rest/v1/items", headers, f'{{"id":{row}}}').status, 201)
                if reader.request("GET", f"/rest/v1/items?select=id&id=eq.{row}").json() != [{"id": row}]:
                    missing.append(row)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(missing, [], "rows that were acknowledged and then not read")
    equal(len(rows_of(cluster)), 640, "rows")


if __name__ == "__main__":
    main(__doc__)
