#!/usr/bin/env python3
"""Leases with fencing tokens: who holds a name, who waits for it, and that a token never comes twice."""

import json
import pathlib
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.graphql import Sqlite, on_both  # noqa: E402
from support.server import REST, clean_environment, create_database  # noqa: E402
from support.suite import check, equal, main, test  # noqa: E402
from support.tokens import SECRET, token  # noqa: E402
from support.waiting import until  # noqa: E402
from support.wire import Connection  # noqa: E402

SQL = "CREATE TABLE items (id integer PRIMARY KEY, label text);"
ACCESS = {"member": {"items": "select"}}
FOREVER = 4_102_444_800


def headers(who):
    claims = {"role": "member", "sub": who, "exp": FOREVER}
    return {"Content-Type": "application/json", "Authorization": f"Bearer {token(claims)}"}


def serve(run, engine, settings=""):
    return engine.server(run, SQL, settings=settings, access=ACCESS)


def another(run, server):
    """A second server of the same database."""
    return run.server(server.database, mode="serve", settings=server.settings_file.read_text())


def ask(server, method, name, body=None, who="ann"):
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    return server.request(method, f"/locks/v1/{name}", headers(who), text)


def acquire(server, name="seat", who="ann", **body):
    return ask(server, "POST", name, body, who)


def granted(server, name="seat", who="ann", **body):
    """The token of a lease that has to be given."""
    answer = acquire(server, name, who, **body)
    equal(answer.status, 201, answer.text)
    return answer.json()["token"]


def released(server, number, name="seat", who="ann"):
    answer = ask(server, "DELETE", name, {"token": number}, who)
    equal(answer.status, 204, answer.text)


def problem(answer, status, code):
    equal(answer.status, status, answer.text)
    equal(answer.header("Content-Type"), "application/problem+json")
    equal(answer.json()["code"], code)
    return answer.json()


class Waiter:
    """A request that waits, on a connection of its own."""

    def __init__(self, server, who, **body):
        self.connection = Connection(server.address)
        self.who = who
        text = json.dumps(body)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers(who).items())
        self.connection.send(f"POST /locks/v1/seat HTTP/1.1\r\nHost: localhost\r\n{lines}"
                             f"Content-Length: {len(text)}\r\n\r\n{text}")

    def answer(self):
        answer = self.connection.answer()
        self.connection.close()
        return answer

    def answered(self):
        """Is there an answer to be read?"""
        self.connection.socket.setblocking(False)
        try:
            return len(self.connection.socket.recv(1, socket.MSG_PEEK)) == 1
        except BlockingIOError:
            return False
        finally:
            self.connection.socket.settimeout(20)


def waiting(server, count):
    """Until so many requests wait for a lease."""
    until(lambda: server.metric("ballast_locks_waiting") == count, f"{count} requests to wait")


@on_both("a lease is given, shown, renewed and released")
def _(run, engine):
    server = serve(run, engine)
    answer = acquire(server, ttl=30)
    equal(answer.status, 201)
    lease = answer.json()
    equal(set(lease), {"name", "token", "expires_at"})
    equal(lease["name"], "seat")
    shown = ask(server, "GET", "seat")
    equal(shown.status, 200)
    equal(shown.json(), lease)
    renewed = ask(server, "PUT", "seat", {"token": lease["token"], "ttl": 60})
    equal(renewed.status, 200)
    check(renewed.json()["expires_at"] > lease["expires_at"], f"{renewed.text} is not later than {answer.text}")
    equal(renewed.json()["token"], lease["token"])
    released(server, lease["token"])
    problem(ask(server, "GET", "seat"), 404, "BLST816")


@on_both("a name that is held is refused, with the time to come back")
def _(run, engine):
    server = serve(run, engine)
    granted(server, ttl=30)
    refused = acquire(server, who="bob")
    problem(refused, 423, "BLST811")
    check(20 <= int(refused.header("Retry-After")) <= 30, f"Retry-After: {refused.header('Retry-After')}")
    problem(acquire(server), 423, "BLST811")


@on_both("a lease is its owner's alone")
def _(run, engine):
    server = serve(run, engine)
    number = granted(server)
    problem(ask(server, "PUT", "seat", {"token": number}, "bob"), 403, "BLST813")
    problem(ask(server, "DELETE", "seat", {"token": number}, "bob"), 403, "BLST813")
    shown = ask(server, "GET", "seat", who="bob").json()
    equal(set(shown), {"name", "expires_at"})
    released(server, number)


@on_both("a lease that is over is given to the next one, and its holder is told")
def _(run, engine):
    server = serve(run, engine)
    late = granted(server, ttl=0.1)
    number = until(lambda: acquire(server, who="bob").json().get("token"), "the lease to end")
    check(number > late, f"{number} after {late}")
    problem(ask(server, "PUT", "seat", {"token": late}), 403, "BLST813")
    released(server, number, who="bob")
    problem(ask(server, "PUT", "seat", {"token": late}), 409, "BLST812")
    problem(ask(server, "DELETE", "seat", {"token": late}), 409, "BLST812")


@on_both("who waits is served in the order of arrival")
def _(run, engine):
    server = serve(run, engine, '[locks]\npoll_interval = "60s"\n')
    number = granted(server)
    waiters = []
    for count, who in enumerate(("bob", "cid", "dan"), 1):
        waiters.append(Waiter(server, who, wait=20))
        waiting(server, count)
    before = "ann"
    for position, waiter in enumerate(waiters):
        check(not any(other.answered() for other in waiters[position:]), "somebody was served too early")
        released(server, number, who=before)
        answer = waiter.answer()
        equal(answer.status, 201, answer.text)
        check(answer.json()["token"] > number, f"{answer.text} after {number}")
        number, before = answer.json()["token"], waiter.who
    equal(server.metric("ballast_locks_waiting"), 0.0)


@on_both("who waits is served when a lease ends by itself")
def _(run, engine):
    server = serve(run, engine)
    number = granted(server, ttl=0.3)
    answer = acquire(server, who="bob", wait=20)
    equal(answer.status, 201, answer.text)
    check(answer.json()["token"] > number, answer.text)


@on_both("who waits is served when another server releases the lease")
def _(run, engine):
    server = serve(run, engine, '[locks]\npoll_interval = "20ms"\n')
    other = another(run, server)
    number = granted(other)
    waiter = Waiter(server, "bob", wait=20)
    waiting(server, 1)
    released(other, number)
    equal(waiter.answer().status, 201)


@on_both("a wait ends with 423 when its time is over")
def _(run, engine):
    server = serve(run, engine)
    granted(server)
    start = time.monotonic()
    refused = acquire(server, who="bob", wait=0.3)
    problem(refused, 423, "BLST811")
    check(time.monotonic() - start >= 0.3, "it did not wait")


@on_both("the request's own deadline ends a wait")
def _(run, engine):
    server = serve(run, engine)
    granted(server)
    refused = server.request("POST", "/locks/v1/seat", {**headers("bob"), "X-Request-Timeout": "0.6"}, '{"wait": 20}')
    problem(refused, 423, "BLST811")


@on_both("a client that goes away is not waited for")
def _(run, engine):
    server = serve(run, engine, '[locks]\npoll_interval = "50ms"\n')
    number = granted(server)
    gone = Waiter(server, "bob", wait=20)
    waiting(server, 1)
    patient = Waiter(server, "cid", wait=20)
    waiting(server, 2)
    gone.connection.close()
    waiting(server, 1)
    released(server, number)
    equal(patient.answer().status, 201)


@on_both("a shutdown ends a wait")
def _(run, engine):
    server = serve(run, engine)
    granted(server)
    waiters = [Waiter(server, who, wait=20) for who in ("bob", "cid")]
    waiting(server, 2)
    server.signal(signal.SIGTERM)
    for waiter in waiters:
        problem(waiter.answer(), 503, "BLST818")
    equal(server.wait(), 0, "exit status")


@on_both("kill -9 loses no lease, and no token comes again", alone=True)
def _(run, engine):
    server = serve(run, engine)
    number = granted(server, ttl=60)
    last = granted(server, "other", ttl=0.1)
    server.kill()
    server.start()
    problem(acquire(server, who="bob"), 423, "BLST811")
    equal(ask(server, "GET", "seat").json()["token"], number)
    released(server, number)
    for _ in range(3):
        server.kill()
        server.start()
        next_one = until(lambda: acquire(server, "other", ttl=0.1).json().get("token"), "the lease to end")
        check(next_one > last, f"{next_one} after {last}")
        last = next_one
        check(granted(server) > number, "a token came again")
        number = ask(server, "GET", "seat").json()["token"]
        released(server, number)


@on_both("of a hundred who ask at once one is served", alone=True)
def _(run, engine):
    server = serve(run, engine)
    barrier = threading.Barrier(100)
    statuses = []

    def client(number):
        with server.connect() as connection:
            barrier.wait()
            statuses.append(connection.request("POST", "/locks/v1/seat", headers(f"user {number}"), "{}").status)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal((statuses.count(201), statuses.count(423)), (1, 99), f"201 and 423 among {sorted(set(statuses))}")


@on_both("a hundred who wait are all served, one at a time", alone=True)
def _(run, engine):
    server = serve(run, engine)
    held, most, tokens = [0], [0], []
    lock = threading.Lock()

    def client(number):
        who = f"user {number}"
        with server.connect(timeout=60) as connection:
            answer = connection.request("POST", "/locks/v1/seat", headers(who), '{"wait": 20}')
            if answer.status != 201:
                return
            with lock:
                held[0] += 1
                most[0] = max(most[0], held[0])
                tokens.append(answer.json()["token"])
            with lock:
                held[0] -= 1
            connection.request("DELETE", "/locks/v1/seat", headers(who), json.dumps({"token": answer.json()["token"]}))

    start = time.monotonic()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(len(tokens), 100, "served")
    equal(most[0], 1, "holders at one time")
    equal(tokens, sorted(set(tokens)), "tokens in the order in which they were given")
    run.note(f"{100 / (time.monotonic() - start):.0f} handovers/s")


@on_both("names, times and counts are bounded")
def _(run, engine):
    server = serve(run, engine, '[locks]\nmax_name_length = 10\nmax_ttl = "1m"\nmax_wait = "2s"\n'
                                "max_leases_per_owner = 2\nmax_waiting = 1\n")
    problem(acquire(server, "a" * 11), 400, "BLST810")
    problem(acquire(server, "a%20b"), 400, "BLST810")
    problem(acquire(server, ""), 400, "BLST810")
    check("from 0.1 to 60" in problem(acquire(server, ttl=61), 400, "BLST810")["detail"], "the bound is not told")
    check("from 0 to 2" in problem(acquire(server, wait=3), 400, "BLST810")["detail"], "the bound is not told")
    granted(server, "a" * 10)
    granted(server, "b/c")
    problem(acquire(server, "d"), 409, "BLST814")
    granted(server, "d", who="bob")
    granted(server, "seat", who="bob")
    waiter = Waiter(server, "cid", wait=2)
    waiting(server, 1)
    problem(acquire(server, who="dan", wait=2), 503, "BLST818")
    equal(waiter.answer().status, 423)


@on_both("what is no request for a lease is told what was expected")
def _(run, engine):
    server = serve(run, engine)
    for body in ("{", "[]", '{"ttl": "soon"}', '{"ttl": 0}', '{"ttl": 30, "colour": 1}', "\xff", '{"ttl": 1e999}'):
        problem(ask(server, "POST", "seat", body), 400, "BLST810")
    for body in ("{}", '{"token": "1"}', '{"token": 1.5}', '{"token": -1}'):
        problem(ask(server, "PUT", "seat", body), 400, "BLST810")
        problem(ask(server, "DELETE", "seat", body), 400, "BLST810")
    problem(server.request("POST", "/locks/v1/seat", {**headers("ann"), "Content-Type": "text/plain"}, "{}"), 415,
            "BLST415")
    problem(ask(server, "PATCH", "seat", "{}"), 405, "BLST405")
    problem(ask(server, "GET", "seat"), 404, "BLST816")


@on_both("callers without credentials hold no leases, unless a setting says so")
def _(run, engine):
    server = serve(run, engine)
    anonymous = {"Content-Type": "application/json"}
    problem(server.request("POST", "/locks/v1/seat", anonymous, "{}"), 401, "BLST815")
    open_server = serve(run, engine, "[locks]\nanonymous = true\n")
    equal(open_server.request("POST", "/locks/v1/seat", anonymous, "{}").status, 201)
    problem(open_server.request("POST", "/locks/v1/seat", headers("ann"), "{}"), 423, "BLST811")


@on_both("Ballast's own tables are served to nobody")
def _(run, engine):
    server = engine.server(run, SQL)  # development: everything that is there is served
    equal(server.request("POST", "/locks/v1/seat", {"Content-Type": "application/json"}, "{}").status, 201)
    post = {"Content-Type": "application/json"}
    made = server.request("POST", REST + "/items", post, '{"id": 1}')
    equal(made.status, 201, "a write after the tables were made")
    server.signal(signal.SIGHUP)
    until(lambda: "schema reloaded" in server.log(100_000), "the schema to be read again")
    for name in ("ballast_lease", "ballast_version", "lease", "version"):
        equal(server.get(f"/{name}").status, 404, name)
    query = '{"query": "{ __schema { types { name } } }"}'
    types = server.request("POST", "/graphql/v1", post, query).text
    check("items" in types.lower(), types[:500])
    check("lease" not in types.lower() and "ballast" not in types.lower(), "a type of Ballast's own tables")


@test("nothing is made in a database before the first lease is asked for")
def _(run):
    server = serve(run, Sqlite())
    server.get("/items", headers("ann"))

    def tables():
        with sqlite3.connect(server.database) as connection:
            return sorted(row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"))

    equal(tables(), ["items"])
    granted(server)
    check({"ballast_lease", "ballast_version"} < set(tables()), f"{tables()}")


@test("where the database refuses tables, the answer says what to do")
def _(run):
    database = create_database(run.folder / "test.db", SQL)
    server = run.server(database, settings="[sqlite]\nread_only = true\n")
    refused = server.request("POST", "/locks/v1/seat", {"Content-Type": "application/json"}, "{}")
    check("read_only" in problem(refused, 503, "BLST801")["hint"], refused.text)
    equal(server.get("/items").status, 200)


@test("the leases' path is listed among the routes")
def _(run):
    database = create_database(run.folder / "test.db", SQL)
    listed = subprocess.run([run.ballast, "routes", "--json", database], capture_output=True, text=True, check=True,
                            cwd=run.folder, env=clean_environment())
    check("/locks/v1/{name}" in [route["path"] for route in json.loads(listed.stdout)], listed.stdout)


@test("leases that are switched off are not there")
def _(run):
    server = run.server(sql=SQL, settings="[locks]\nenabled = false\n")
    equal(server.request("POST", "/locks/v1/seat", {"Content-Type": "application/json"}, "{}").status, 404)


main(__doc__)
