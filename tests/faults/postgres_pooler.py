#!/usr/bin/env python3
"""PostgreSQL behind PgBouncer in transaction mode, where every transaction may meet another connection."""

import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import tokens  # noqa: E402
from support.load import Load, inserting, reading  # noqa: E402
from support.pooler import Pooler  # noqa: E402
from support.suite import Skip, check, equal, main, test  # noqa: E402
from support.waiting import until  # noqa: E402

SQL = """CREATE TABLE items (id integer PRIMARY KEY, label text);
INSERT INTO items SELECT n, 'label ' || n FROM generate_series(1, 100) n;
CREATE TABLE secrets (owner text, word text);
INSERT INTO secrets SELECT 'user_' || n, 'word ' || n FROM generate_series(0, 15) n;
"""
UNPREPARED = "[database]\nprepared = false\n"


def pooled(run, sql=SQL, **options):
    if not (shutil.which("pgbouncer") or pathlib.Path("/usr/sbin/pgbouncer").exists()):
        raise Skip("pgbouncer is not installed")
    cluster = run.cluster()
    for role in ("web", "member"):
        cluster.query(f"CREATE ROLE {role} NOLOGIN")
    cluster.create_database(sql)
    return cluster, run.adopt(Pooler(cluster, **options))


@test("reads and writes by many clients over few connections", alone=True)
def _(run):
    cluster, pooler = pooled(run, pool_size=3)
    server = run.server(pooler.url("test_1"), settings=UNPREPARED)
    with reading(server, 8) as reads, inserting(server, 8, 1000) as writes:
        reads.reach(500, 200)
        writes.reach(300, 201)
    reads.only(200)
    writes.only(201)
    found = {int(row[0]) for row in cluster.query("SELECT id FROM items WHERE id >= 1000", "test_1")}
    equal(writes.tags(201), found, "rows")


@test("a role and its claims stay with their request, whoever had the connection before", alone=True)
def _(run):
    cluster, pooler = pooled(run, SQL + """ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON secrets USING (owner = current_setting('request.jwt.claims', true)::json->>'sub');
GRANT SELECT ON secrets TO member; GRANT SELECT ON items TO web;""", pool_size=2)
    server = run.server(pooler.url("test_1"), mode="serve", settings=(
        f'anon_role = "web"\n[jwt]\nsecret = "{tokens.SECRET}"\n' + UNPREPARED))
    wrong = []

    def check_own(number):
        signed = tokens.token({"role": "member", "sub": f"user_{number}"})
        with server.connect() as connection:
            for _ in range(40):
                answer = connection.request("GET", "/rest/v1/secrets?select=owner", {"Authorization": f"Bearer {signed}"})
                if answer.status != 200 or answer.json() != [{"owner": f"user_{number}"}]:
                    wrong.append((number, answer.status, answer.text))

    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(check_own, range(16)))
    equal(wrong[:1], [], "answers")
    equal(server.get("/secrets").status, 401)
    equal(server.get("/items?select=id&id=eq.1").json(), [{"id": 1}])


@test("a slow statement is ended at its deadline there, too", alone=True)
def _(run):
    cluster, pooler = pooled(run, SQL + "CREATE VIEW stuck AS SELECT 1 AS id, pg_sleep(60)::text AS slept;"
                                        "CREATE VIEW slow AS SELECT 1 AS id, pg_sleep(0.5)::text AS slept;", pool_size=6)
    server = run.server(pooler.url("test_1"), settings='[http]\nrequest_timeout = "2s"\n' + UNPREPARED)
    with reading(server, 2, pause=0.005) as fast:
        with Load(server, 2, lambda client, step: ("GET", "/slow", None, None) if step == 0 else None) as slow:
            slow.wait()
        with Load(server, 2, lambda client, step: ("GET", "/stuck", None, None) if step == 0 else None) as stuck:
            stuck.wait()
    slow.only(200)
    stuck.only(504)
    fast.only(200)
    until(lambda: cluster.query("SELECT count(*) FROM pg_stat_activity WHERE datname = 'test_1' AND state = 'active'")
          == [("0",)], "the statements to be ended in the database")


@test("a pooler that is restarted: 503, then all is well again", alone=True)
def _(run):
    cluster, pooler = pooled(run)
    server = run.server(pooler.url("test_1"), settings=UNPREPARED)
    with reading(server, 4, pause=0.002) as load:
        load.reach(50, 200)
        pooler.stop()
        load.reach(20, 503)
        pooler.start()
        load.reach(50, 200)
    load.only(200, 503)


@test("nothing of a session is left on the pooler's connections", alone=True)
def _(run):
    cluster, pooler = pooled(run, SQL + "GRANT ALL ON items TO web;", pool_size=1)
    server = run.server(pooler.url("test_1"), mode="serve", settings='anon_role = "web"\n' + UNPREPARED)
    with reading(server, 4) as load:
        load.reach(50, 200)
    load.only(200)
    server.stop()
    with pooler.session("test_1") as psql:
        equal(psql.value("SELECT current_user"), "postgres")
        for setting, value in (("statement_timeout", "0"), ("lock_timeout", "0"), ("search_path", '"$user", public')):
            equal(psql.value(f"SHOW {setting}"), value, setting)
        check(not psql.value("SELECT coalesce(current_setting('request.method', true), '')"), "request.method is set")


if __name__ == "__main__":
    main(__doc__)
