#!/usr/bin/env python3
"""A PostgreSQL schema that changes while it is served: taken over when told, and never an error for anybody."""

import json
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.load import Load, reading  # noqa: E402
from support.suite import check, equal, main, test  # noqa: E402
from support.waiting import until  # noqa: E402

SQL = """CREATE TABLE items (id integer PRIMARY KEY, label text);
INSERT INTO items SELECT n, 'label ' || n FROM generate_series(1, 100) n;
GRANT ALL ON ALL TABLES IN SCHEMA public TO web;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO web;
"""
# The schema is not polled, so that it is the notification that tells.
QUIET = 'anon_role = "web"\n[schema]\npoll_interval = "1h"\n'


def serving(run, settings=QUIET):
    cluster = run.cluster()
    cluster.query("CREATE ROLE web NOLOGIN; CREATE ROLE app LOGIN IN ROLE web")
    return cluster, run.server(cluster.create_database(SQL, user="app"), mode="serve", settings=settings)


@test("NOTIFY ballast and NOTIFY pgrst take a new schema over, and no request fails meanwhile", alone=True)
def _(run):
    cluster, server = serving(run)
    with reading(server, 4, pause=0.002) as load:
        load.reach(20, 200)
        for number, notify in enumerate(("NOTIFY ballast", "NOTIFY pgrst, 'reload schema'", "NOTIFY pgrst",
                                         "NOTIFY ballast, 'reload schema'")):
            table = f"fresh_{number}"
            cluster.query(f"CREATE TABLE {table} (id integer); INSERT INTO {table} VALUES ({number})", "test_1")
            equal(server.get(f"/{table}").status, 404, f"{table} before {notify}")
            cluster.query(notify, "test_1")
            until(lambda: server.get(f"/{table}").status == 200, f"the table to appear after {notify}", 5)
            equal(server.get(f"/{table}").json(), [{"id": number}])
        cluster.query("NOTIFY pgrst, 'reload config'; NOTIFY pgrst, 'what is this'; NOTIFY ballast, ''; NOTIFY others",
                      "test_1")
        load.reach(50, 200)
    load.only(200)


@test("a listener that was killed listens again, and what it missed is looked up", alone=True)
def _(run):
    cluster, server = serving(run)
    cluster.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'test_1';")
    cluster.query("CREATE TABLE missed (id integer)", "test_1")
    cluster.query("NOTIFY ballast", "test_1")
    until(lambda: server.get("/missed").status == 200, "the table to appear")
    cluster.restart()
    until(lambda: server.get("/items?id=eq.1").status == 200, "the database to be back")
    cluster.query("CREATE TABLE fresh (id integer)", "test_1")

    def appeared():
        cluster.query("NOTIFY ballast", "test_1")
        return server.get("/fresh").status == 200

    until(appeared, "the table to appear after a restart")


@test("what changed while the database was away is known after it is back", alone=True)
def _(run):
    cluster, server = serving(run)
    equal(server.get("/moved").status, 404)
    cluster.stop()
    until(lambda: server.get("/items?id=eq.1").status == 503, "the outage to be noticed")
    cluster.write_hba("local all app reject\nlocal all all trust\n")
    cluster.start()
    cluster.query("CREATE TABLE moved (id integer)", "test_1")
    answer = server.get("/items?id=eq.1")
    equal((answer.status, answer.json()["code"]), (503, "BLST701"), "while it is not let in")
    cluster.write_hba("local all all trust\n")
    until(lambda: server.get("/moved").status == 200, "the table to appear")


@test("SIGHUP reads the schema again")
def _(run):
    cluster, server = serving(run)
    cluster.query("CREATE TABLE fresh (id integer)", "test_1")
    equal(server.get("/fresh").status, 404)
    server.signal(signal.SIGHUP)
    until(lambda: server.get("/fresh").status == 200, "the new table to appear")


@test("in development a schema's change is noticed by itself")
def _(run):
    cluster = run.cluster()
    cluster.query("CREATE ROLE web NOLOGIN")
    server = run.server(cluster.create_database(SQL))
    cluster.query("CREATE TABLE fresh (id integer, note text)", "test_1")
    until(lambda: server.get("/fresh").status == 200, "the new table to appear")
    cluster.query("ALTER TABLE fresh ADD COLUMN extra integer; INSERT INTO fresh VALUES (1, 'n', 3)", "test_1")
    until(lambda: "extra" in server.get("/fresh").text, "the new column to appear")
    cluster.query("DROP TABLE fresh", "test_1")
    until(lambda: server.get("/fresh").status == 404, "the table to go")


@test("columns that are added and types that change under load are never a client's error", alone=True)
def _(run):
    cluster, server = serving(run)

    def ask(client, step):
        row = 1 + step % 100
        new = 1000 + step * 8 + client
        return (
            ("GET", f"/items?id=eq.{row}", None, None),
            ("GET", f"/items?select=id,label&id=eq.{row}", None, None),
            ("GET", "/items?select=*&order=id&limit=5", None, None),
            ("PATCH", f"/items?id=eq.{row}&select=id,label", json.dumps({"label": f"label {step}"}), None),
            ("POST", "/items?select=id,label", json.dumps({"id": new, "label": "new"}), new),
        )[(client + step) % 5]

    with Load(server, 8, ask, headers={"Prefer": "return=representation"}) as load:
        load.reach(100, 200)
        for number in range(12):
            notify = "; NOTIFY pgrst, 'reload schema'" if number % 2 else ""
            cluster.query(f"ALTER TABLE items ADD COLUMN c{number} integer DEFAULT {number}{notify}", "test_1")
            load.reach(40, 200)
            for kind in ("varchar(200)", "text"):
                cluster.query(f"ALTER TABLE items ALTER COLUMN label TYPE {kind}", "test_1")
                load.reach(40, 200)
            for kind in ("bigint", "integer"):
                cluster.query(f"ALTER TABLE items ALTER COLUMN id TYPE {kind}{notify}", "test_1")
                load.reach(40, 200)
        cluster.query("NOTIFY ballast", "test_1")
        until(lambda: "c11" in server.get("/items?id=eq.1").text, "the last column to appear")
    load.only(200, 201)
    run.note(load.summary())
    found = {int(row[0]) for row in cluster.query("SELECT id FROM items WHERE id >= 1000", "test_1")}
    equal(load.tags(201), found, "rows")


@test("a view that is replaced and a table that is made anew are never a client's error", alone=True)
def _(run):
    cluster, server = serving(run)
    cluster.query("CREATE VIEW shown AS SELECT id, label FROM items; NOTIFY ballast", "test_1")
    until(lambda: server.get("/shown?limit=1").status == 200, "the view to appear")
    with reading(server, 4, "/shown?select=id,label&id=eq.1") as views, reading(server, 4) as tables:
        views.reach(50, 200)
        for number in range(10):
            cluster.query(f"CREATE OR REPLACE VIEW shown AS SELECT id, label FROM items WHERE id < {1000 + number}", "test_1")
            views.reach(30, 200)
            cluster.query("BEGIN; ALTER TABLE items RENAME TO old_items; CREATE TABLE items (LIKE old_items INCLUDING ALL);"
                          "INSERT INTO items SELECT * FROM old_items; GRANT ALL ON items TO web;"
                          "CREATE OR REPLACE VIEW shown AS SELECT id, label FROM items; DROP TABLE old_items; COMMIT",
                          "test_1")
            tables.reach(30, 200)
    views.only(200)
    tables.only(200)


@test("prepared statements that somebody dropped are prepared again", alone=True)
def _(run):
    cluster, server = serving(run)
    cluster.query("CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS "
                  "$$BEGIN DEALLOCATE ALL; RETURN new; END$$;"
                  "CREATE TRIGGER forget AFTER INSERT ON items FOR EACH ROW EXECUTE FUNCTION forget()", "test_1")

    def ask(client, step):
        row = 1000 + step * 8 + client
        return (("POST", "/items", json.dumps({"id": row}), row) if client == 0 and step % 20 == 0
                else ("GET", f"/items?id=eq.{1 + step % 100}&select=id", None, None))

    with Load(server, 8, ask) as load:
        load.reach(500, 200)
    load.only(200, 201)


@test("a table that is dropped is 404 at once, and its name's next bearer is served", alone=True)
def _(run):
    cluster, server = serving(run)
    cluster.query("CREATE TABLE brief (id integer); NOTIFY ballast", "test_1")
    until(lambda: server.get("/brief").status == 200, "the table to appear")
    cluster.query("DROP TABLE brief", "test_1")
    equal(server.get("/brief").status, 404)
    cluster.query("CREATE TABLE brief (id integer, more text); INSERT INTO brief VALUES (1, 'x'); NOTIFY ballast", "test_1")
    until(lambda: "more" in server.get("/brief").text, "the new table to appear")


@test("a thousand tables are read at the start, and a reload under load delays nobody", alone=True)
def _(run):
    cluster = run.cluster({"max_locks_per_transaction": "2048"})
    cluster.query("CREATE ROLE web NOLOGIN")
    url = cluster.create_database(SQL + """DO $$BEGIN FOR n IN 1..1000 LOOP
        EXECUTE format('CREATE TABLE t%s (id integer PRIMARY KEY, a text, b numeric, c timestamptz, parent integer '
                       'REFERENCES items (id))', n); END LOOP; END$$;""")
    server = run.server(url, mode="serve", settings=QUIET)
    equal(server.get("/t1000").json(), [])
    with reading(server, 4, pause=0.002) as load:
        load.reach(100, 200)
        for number in range(3):
            cluster.query(f"CREATE TABLE fresh_{number} (id integer); NOTIFY pgrst, 'reload schema'", "test_1")
            until(lambda: server.get(f"/fresh_{number}").status == 200, "the new table to appear")
    load.only(200)
    run.note(f"p99 of reads {1000 * load.percentile(0.99):.0f} ms during reloads of 1,000 tables")


if __name__ == "__main__":
    main(__doc__)
