#!/usr/bin/env python3
"""Clients that are slow, many, or gone: time limits, idle connections, slow readers, and what they may cost."""

import pathlib
import resource
import select
import sqlite3
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.server import REST, is_sanitized  # noqa: E402
from support.suite import Skip, check, equal, main, test  # noqa: E402
from support.waiting import until  # noqa: E402
from support.wire import Connection  # noqa: E402

SQL = "CREATE TABLE items (id integer PRIMARY KEY, label text); INSERT INTO items VALUES (1, 'one');"
ROWS = 1_000_000
MANY = f"""CREATE TABLE items (id integer PRIMARY KEY, label text);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
INSERT INTO items SELECT i, 'a label for row number ' || i FROM n;"""
SLOW = SQL + """CREATE VIEW slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)
SELECT count(*) AS rows FROM n;"""
HASTY = """[http]
header_timeout = "400ms"
idle_timeout = "400ms"
min_rate = 1024
min_rate_grace = "400ms"
"""
ONE = f"GET {REST}/items?id=eq.1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
MB = 1 << 20


def gives_back(server, files):
    """Waits until the server holds no connection and no more descriptors than before."""
    until(lambda: server.metric("ballast_http_connections") == 0, "the connections to be let go")
    until(lambda: server.open_files() <= files, f"descriptors to fall to {files}, now {server.open_files()}")


def dripping(server, first, piece):
    """Sends `piece` again and again until the server has had enough; gives what it answered."""
    with server.connect() as connection:
        connection.send(first)
        while True:
            ready, _, _ = select.select([connection.socket], [], [], 0.05)
            if ready:
                return connection.rest()
            try:
                connection.send(piece)
            except OSError:
                return connection.rest()


@test("a header that drips in is cut off")
def _(run):
    server = run.server(sql=SQL, settings=HASTY)
    left = dripping(server, f"GET {REST}/items HTTP/1.1\r\nHost: localhost\r\nX-A: ", "a")
    check(left.startswith(b"HTTP/1.1 408 "), f"expected 408, got {left[:100]!r}")


@test("a body that drips in is cut off")
def _(run):
    server = run.server(sql=SQL, settings=HASTY)
    left = dripping(server, f"POST {REST}/items HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n", " ")
    check(left.startswith(b"HTTP/1.1 408 "), f"expected 408, got {left[:100]!r}")


@test("a chunked body that drips in is cut off")
def _(run):
    server = run.server(sql=SQL, settings=HASTY)
    left = dripping(server, f"POST {REST}/items HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n")
    check(left.startswith(b"HTTP/1.1 408 "), f"expected 408, got {left[:100]!r}")


@test("a client that says nothing is let go")
def _(run):
    server = run.server(sql=SQL, settings=HASTY)
    with server.connect() as connection:
        connection.rest()
    with server.connect() as connection:
        connection.send(ONE)
        equal(connection.answer().status, 200)
        equal(connection.rest(), b"", "on an idle connection")


@test("half-closed sockets are let go")
def _(run):
    server = run.server(sql=SQL)
    files = server.open_files()
    connections = [server.connect() for _ in range(50)]
    for connection in connections:
        connection.half_close()
    for connection in connections:
        connection.rest()
    gives_back(server, files)


@test("a read that takes too long is ended at its deadline, and stalls nobody")
def _(run):
    server = run.server(sql=SLOW, settings='[http]\nrequest_timeout = "2s"\nworkers = 1\n')
    with server.connect() as slow:
        slow.send(f"GET {REST}/slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for _ in range(20):
            equal(server.get("/items?id=eq.1").status, 200, "beside a slow read")
        check(not select.select([slow.socket], [], [], 0)[0], "the slow read was answered before the quick ones")
        answer = slow.answer()
        equal(answer.status, 504)
        equal(answer.json()["code"], "BLST504")
    equal(server.post("/items", '{"id":2}').status, 201, "a write afterwards")


@test("slow reads have a queue of their own with an end")
def _(run):
    server = run.server(sql=SLOW, settings='[http]\nrequest_timeout = "3s"\n[sqlite]\nslow_threads = 1\nslow_queue = 2\n')
    connections = [server.connect() for _ in range(8)]
    for connection in connections:
        connection.send(f"GET {REST}/slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
    equal(server.get("/items?id=eq.1").status, 200, "a quick read meanwhile")
    answers = [connection.answer() for connection in connections]
    check(set(a.status for a in answers) <= {503, 504}, f"{[a.status for a in answers]}")
    turned_away = [a for a in answers if a.status == 503]
    check(turned_away, "nobody was turned away")
    check(all((a.header("Retry-After") or "").isdigit() for a in turned_away), "503 without Retry-After")


@test("more connections than allowed are told to come back")
def _(run):
    server = run.server(sql=SQL, settings="[http]\nmax_connections = 4\n")
    held = []
    for _ in range(4):
        connection = server.connect()
        connection.send(ONE)
        equal(connection.answer().status, 200)
        held.append(connection)
    with server.connect() as connection:
        connection.send(ONE)
        answer = connection.answer()
        equal(answer.status, 503)
        check((answer.header("Retry-After") or "").isdigit(), "no Retry-After")
    for connection in held:
        connection.close()
    until(lambda: server.get("/items?id=eq.1").status == 200, "a place to become free")


@test("clients that leave in the middle of an answer give everything back")
def _(run):
    server = run.server(sql=MANY.replace(str(ROWS), "200000"))

    def leave():
        with server.connect(receive_buffer=4096) as connection:
            connection.send(f"GET {REST}/items HTTP/1.1\r\nHost: localhost\r\n\r\n")
            connection.head()

    files = server.open_files()
    for _ in range(20):
        leave()
    gives_back(server, files)
    equal(server.get("/items?id=eq.1").status, 200, "afterwards")


@test("a client that leaves before its answer gives everything back")
def _(run):
    server = run.server(sql=SLOW, settings='[http]\nrequest_timeout = "1s"\n')

    files = server.open_files()
    for _ in range(5):
        with server.connect() as connection:
            connection.send(f"GET {REST}/slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
    gives_back(server, files)
    equal(server.get("/items?id=eq.1").status, 200, "afterwards")


@test("a million rows to a slow client: little memory, no database connection held", alone=True)
def _(run):
    server = run.server(sql=MANY, settings='[http]\nwrite_timeout = "120s"\nrequest_timeout = "120s"\n')
    with server.connect(receive_buffer=4096, timeout=120) as connection:
        connection.send(f"GET {REST}/items?select=id,label HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head = connection.head()
        equal(head.status, 200)
        equal(server.post("/items", '{"id":0,"label":"meanwhile"}').status, 201, "a write meanwhile")
        with sqlite3.connect(server.database, timeout=20) as other:
            busy = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        other.close()
        equal(busy, 0, "a checkpoint while a slow client reads (1: somebody holds a read transaction)")
        length = head.header("Content-Length")
        tail = bytes(connection.buffer)
        count = tail.count(b'"id":')
        size = len(tail)
        while length is None or size < int(length):
            data = connection.socket.recv(1 << 20)
            if not data:
                break
            size += len(data)
            joined = tail[-8:] + data
            count += joined.count(b'"id":') - tail[-8:].count(b'"id":')
            tail = (tail + data)[-64:] if len(data) < 64 else data[-64:]
            if length is None and tail.endswith(b"0\r\n\r\n"):
                break
        if length is not None:
            equal(size, int(length), "bytes")
            equal(count, ROWS, "rows")
            check(tail.rstrip().endswith(b"]"), f"the answer ends in {tail!r}")
        else:  # chunk borders may cut through what is counted
            check(ROWS - count < 5000 and tail.endswith(b"]\r\n0\r\n\r\n"), f"{count} rows, ends in {tail!r}")
    peak = server.memory("VmHWM")
    run.note(f"peak {peak / MB:.0f} MB for {size / MB:.0f} MB sent")
    if not is_sanitized(run.ballast):
        check(peak < 100 * MB, f"peak memory {peak / MB:.0f} MB")


@test("ten thousand idle connections", alone=True)
def _(run):
    wanted = 10_000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted + 500:
        raise Skip(f"this user may open {hard} files only")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else wanted + 500, hard))
    connections = []
    try:
        server = run.server(sql=SQL)
        before = server.memory()
        for _ in range(wanted - 1):
            connections.append(Connection(server.address))
            connections[-1].send(ONE)
        for connection in connections:
            equal(connection.answer().status, 200)
        equal(server.get("/items?id=eq.1").status, 200, "beside idle connections")
        memory = server.memory()
        run.note(f"RSS {before / MB:.0f} MB, with {wanted} connections {memory / MB:.0f} MB")
        if not is_sanitized(run.ballast):
            check(memory < 150 * MB, f"{memory / MB:.0f} MB")
        for connection in connections[::100]:
            connection.send(ONE)
            equal(connection.answer().status, 200, "on a connection that was idle")
    finally:
        for connection in connections:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    until(lambda: server.open_files() < 100, "the connections to be let go")


@test("many requests at once on many connections are all answered")
def _(run):
    server = run.server(sql=SQL)
    wrong = []

    def client():
        with server.connect() as connection:
            for _ in range(100):
                connection.send(ONE)
                if connection.answer().status != 200:
                    wrong.append("not 200")

    threads = [threading.Thread(target=client) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check(not wrong, f"{len(wrong)} answers were not 200")


if __name__ == "__main__":
    main(__doc__)
