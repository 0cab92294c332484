#!/usr/bin/env python3
"""What becomes of writes: durability under kill -9, and a database that is locked, full, read-only or damaged."""

import os
import pathlib
import sqlite3
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import disks  # noqa: E402
from support.server import REST, create_database  # noqa: E402
from support.suite import Skip, check, equal, main, test  # noqa: E402
from support.waiting import until  # noqa: E402
from support.wire import Connection, render  # noqa: E402

SQL = "CREATE TABLE items (id integer PRIMARY KEY, label text); INSERT INTO items VALUES (1, 'one');"
CLIENTS = 64
JSON = {"Content-Type": "application/json"}


def inserting(server, clients, first_id, enough, headers=JSON):
    """Clients insert rows of their own until each has `enough` or its connection breaks. (acknowledged ids, threads)"""
    acknowledged = []
    lock = threading.Lock()

    def client(number):
        try:
            with Connection(server.address, timeout=20) as connection:
                for step in range(enough):
                    row = first_id + step * clients + number
                    answer = connection.request("POST", f"{REST}/items", headers, f'{{"id":{row},"label":"c{number}"}}')
                    if answer.status == 201:
                        with lock:
                            acknowledged.append(row)
        except (OSError, AssertionError):
            pass  # the server is gone: what was not acknowledged does not count

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    return acknowledged, threads


def rows_of(database):
    connection = sqlite3.connect(database, timeout=20)
    found = {row[0] for row in connection.execute("SELECT id FROM items")}
    verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    return found, verdict


@test("kill -9 during 64 clients' inserts loses nothing that was acknowledged", alone=True)
def _(run):
    server = run.server(sql=SQL)
    total = 0
    for round_number in range(5):
        acknowledged, threads = inserting(server, CLIENTS, 1_000_000 * (round_number + 1), 100_000)
        goal = 200 + 400 * round_number
        until(lambda: len(acknowledged) >= goal or server.process.poll() is not None, f"{goal} inserts")
        server.kill()
        for thread in threads:
            thread.join()
        server.start()
        found, verdict = rows_of(server.database)
        equal(verdict, "ok", "integrity_check")
        lost = set(acknowledged) - found
        check(not lost, f"round {round_number}: {len(lost)} of {len(acknowledged)} acknowledged rows are lost")
        served = server.request("HEAD", f"{REST}/items", {"Prefer": "count=exact"}).header("Content-Range")
        equal(served.rpartition("/")[2], str(len(found)), "rows served after the restart")
        total += len(acknowledged)
    run.note(f"{total} acknowledged, all found")


@test("kill -9 leaves whole requests or nothing of them", alone=True)
def _(run):
    server = run.server(sql=SQL)
    done = []

    def client(number):
        try:
            with Connection(server.address) as connection:
                for step in range(10_000):
                    start = (number * 10_000 + step) * 10 + 1_000_000
                    body = "[" + ",".join(f'{{"id":{start + n},"label":"g{start}"}}' for n in range(10)) + "]"
                    if connection.request("POST", f"{REST}/items", JSON, body).status == 201:
                        done.append(start)
        except (OSError, AssertionError):
            pass

    threads = [threading.Thread(target=client, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    until(lambda: len(done) >= 100, "100 inserts")
    server.kill()
    for thread in threads:
        thread.join()
    connection = sqlite3.connect(server.database)
    groups = connection.execute("SELECT label, count(*) FROM items WHERE id > 1 GROUP BY label").fetchall()
    connection.close()
    equal([group for group in groups if group[1] != 10], [], "requests of which only a part is there")
    check(len(groups) >= len(done), "acknowledged requests are missing")


@test("writes that wait together are committed together", alone=True)
def _(run):
    server = run.server(sql=SQL)
    acknowledged, threads = inserting(server, CLIENTS, 1_000_000, 20)
    for thread in threads:
        thread.join()
    equal(len(acknowledged), CLIENTS * 20, "acknowledged")
    text = server.admin("/metrics").text
    names = {line.split("{")[0].split(" ")[0] for line in text.splitlines() if line and line[0] != "#"}
    sums = [name for name in names if "commit" in name and name.endswith("_sum")]
    check(sums, f"no histogram of commits among {sorted(n for n in names if 'commit' in n)}")
    size = next((name for name in sums if "batch" in name or "size" in name or "group" in name), sums[0])
    writes, commits = server.metric(size), server.metric(size.removesuffix("_sum") + "_count")
    run.note(f"{writes:.0f} writes in {commits:.0f} commits")
    check(writes >= CLIENTS * 20, f"{writes} writes counted")
    check(commits < writes / 2, f"{commits:.0f} commits for {writes:.0f} writes")


@test("whoever was told of a write reads it, on any connection")
def _(run):
    server = run.server(sql=SQL)
    missing = []

    def client(number):
        with Connection(server.address) as writer, Connection(server.address) as reader:
            for step in range(40):
                row = 1000 + step * 16 + number
                equal(writer.request("POST", f"{REST}/items", JSON, f'{{"id":{row}}}').status, 201)
                if reader.request("GET", f"{REST}/items?select=id&id=eq.{row}").json() != [{"id": row}]:
                    missing.append(row)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(missing, [], "rows that were acknowledged and then not read")


@test("one bad write of a group fails alone")
def _(run):
    server = run.server(sql=SQL)
    statuses = []

    def client(number):
        with Connection(server.address) as connection:
            for step in range(20):
                row = 1 if (number + step) % 4 == 0 else 1000 + step * 32 + number
                status = connection.request("POST", f"{REST}/items", JSON, f'{{"id":{row}}}').status
                statuses.append((row, status))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal([pair for pair in statuses if pair[1] != (409 if pair[0] == 1 else 201)], [], "answers")
    found, _ = rows_of(server.database)
    equal(found, {row for row, _ in statuses} | {1}, "rows")


@test("one key goes to one of many")
def _(run):
    server = run.server(sql=SQL)
    won = []

    def client():
        with Connection(server.address) as connection:
            for _ in range(20):
                answer = connection.request("POST", f"{REST}/items", JSON, '{"id":77}')
                won.append(answer.status)

    threads = [threading.Thread(target=client) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(won.count(201), 1, "winners of one key")
    equal(won.count(409), 319, "losers")


@test("a database that another process has locked: 503, then it passes")
def _(run):
    server = run.server(sql=SQL, settings='[sqlite]\nbusy_timeout = "100ms"\n')
    other = sqlite3.connect(server.database, isolation_level=None, timeout=20)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO items VALUES (500, 'theirs')")
    answer = server.post("/items", '{"id":2}')
    equal(answer.status, 503)
    equal(answer.json()["code"], "BLST601")
    check(int(answer.header("Retry-After")) >= 1, "Retry-After")
    equal(server.get("/items?select=id").json(), [{"id": 1}], "reads meanwhile")
    equal(server.admin("/live").status, 200)
    other.execute("COMMIT")
    other.close()
    until(lambda: server.post("/items", '{"id":2}').status == 201, "writes to be taken again")
    equal(server.get("/items?select=id&order=id").json(), [{"id": 1}, {"id": 2}, {"id": 500}])


@test("a lock that is short is waited for")
def _(run):
    server = run.server(sql=SQL, settings='[sqlite]\nbusy_timeout = "15s"\n')
    other = sqlite3.connect(server.database, isolation_level=None, timeout=20)
    other.execute("BEGIN IMMEDIATE")
    with server.connect() as connection:
        connection.send(render("POST", f"{REST}/items", JSON, '{"id":2}'))
        equal(server.get("/items?select=id").json(), [{"id": 1}], "a read beside a write that waits")
        other.execute("COMMIT")
        equal(connection.answer().status, 201)
    other.close()


@test("writes of another process are seen")
def _(run):
    server = run.server(sql=SQL)
    other = sqlite3.connect(server.database, isolation_level=None, timeout=20)
    for row in range(2, 30):
        other.execute("INSERT INTO items VALUES (?, 'theirs')", (row,))
        equal(server.get(f"/items?select=id&id=eq.{row}").json(), [{"id": row}])
    other.close()


@test("a full disk: 503, nothing acknowledged is lost, and it passes", alone=True)
def _(run):
    if not disks.available():
        raise Skip("a small disk cannot be mounted here (unshare)")
    disk = run.folder / "disk"
    original = create_database(run.folder / "full.db", SQL)
    server = run.server(disk / "full.db", before=disks.on_disk(disk, original, "8m"))
    disk_seen = disks.seen_by(server.pid, disk)
    with open(f"{disk_seen}/filler", "wb") as filler:
        filler.write(b"x" * (3 << 20))
    acknowledged, answer = [], None
    for row in range(2, 200):
        answer = server.post("/items", f'{{"id":{row},"label":"{"x" * 100_000}"}}')
        if answer.status != 201:
            break
        acknowledged.append(row)
    equal(answer.status, 503)
    equal(answer.json()["code"], "BLST602")
    check((answer.header("Retry-After") or "").isdigit(), "no Retry-After")
    check(acknowledged, "nothing fitted at all")
    listed = server.get("/items?select=id&order=id")
    equal(listed.status, 200, "reads on a full disk")
    equal([row["id"] for row in listed.json()], [1, *acknowledged], "rows")
    os.remove(f"{disk_seen}/filler")
    until(lambda: server.post("/items", '{"id":999,"label":"small"}').status == 201, "writes to be taken again")
    equal([row["id"] for row in server.get("/items?select=id&order=id").json()], [1, *acknowledged, 999], "rows")


@test("a disk that cannot be written is refused at the start, and served on request", alone=True)
def _(run):
    if not disks.available():
        raise Skip("a read-only disk cannot be mounted here (unshare)")
    disk = run.folder / "disk"
    original = create_database(run.folder / "ro.db", SQL)
    before = disks.on_disk(disk, original, read_only=True)
    server = run.server(disk / "ro.db", before=before, wait=False)
    check(server.wait() != 0, "it started")
    check("ro.db" in server.log() and "sqlite.read_only" in server.log(), f"no word on what to do:\n{server.log()}")
    server = run.server(disk / "ro.db", before=before, settings="[sqlite]\nread_only = true\n")
    equal(server.get("/items?select=id").json(), [{"id": 1}])
    answer = server.post("/items", '{"id":2}')
    equal((answer.status, answer.json()["code"]), (503, "BLST603"))


@test("sqlite.read_only refuses every write and takes every read")
def _(run):
    server = run.server(sql=SQL, settings="[sqlite]\nread_only = true\n")
    equal(server.get("/items?select=id").json(), [{"id": 1}])
    for answer in (server.post("/items", '{"id":2}'),
                   server.request("PATCH", f"{REST}/items?id=eq.1", JSON, '{"label":"x"}'),
                   server.request("DELETE", f"{REST}/items?id=eq.1")):
        equal(answer.status, 503)
        equal(answer.json()["code"], "BLST603")


@test("a file that is no database is refused at the start, in one sentence")
def _(run):
    (run.folder / "no.db").write_text("this is a letter, not a database\n" * 500)
    server = run.server(run.folder / "no.db", wait=False)
    check(server.wait() != 0, "it started")
    check("no.db" in server.log() and "database" in server.log(), f"the log:\n{server.log()}")
    equal((run.folder / "no.db").read_text()[:16], "this is a letter", "the file")


@test("a folder that does not exist is refused at the start")
def _(run):
    server = run.server(run.folder / "nowhere" / "x.db", wait=False)
    check(server.wait() != 0, "it started")
    check("nowhere" in server.log(), f"the log:\n{server.log()}")


@test("a damaged page: 503 for what needs it, the rest is served")
def _(run):
    database = create_database(run.folder / "torn.db", SQL + """CREATE TABLE big (id integer PRIMARY KEY, data text);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
INSERT INTO big SELECT i, hex(randomblob(100)) FROM n;""")
    server = run.server(database)
    equal(server.get("/items?select=id").json(), [{"id": 1}])
    size = os.path.getsize(database)
    with open(database, "r+b") as file:
        file.seek(size // 2)
        file.write(b"\xa5" * (size // 4))
    answer = server.get("/big?select=data")
    equal(answer.status, 503, answer.text[:200])
    equal(answer.json()["code"], "BLST604")
    equal(server.get("/items?select=id").json(), [{"id": 1}], "another table")
    equal(server.admin("/live").status, 200)


@test("a database file appears when there was none")
def _(run):
    server = run.server(run.folder / "fresh.db")
    check((run.folder / "fresh.db").exists(), "no file")
    equal(server.get("/items").status, 404)


if __name__ == "__main__":
    main(__doc__)
