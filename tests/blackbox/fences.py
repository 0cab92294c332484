#!/usr/bin/env python3
"""Ballast-Fence: a write happens only under the lease that it names, and only while that is current."""

import concurrent.futures
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import rows  # noqa: E402
from support.graphql import ENGINES, JSON, on_both  # noqa: E402
from support.graphql import PATH as GRAPHQL  # noqa: E402
from support.server import REST  # noqa: E402
from support.suite import check, equal, main, test  # noqa: E402
from support.waiting import until  # noqa: E402

SQL = """
CREATE TABLE item (id int NOT NULL PRIMARY KEY, label text);
INSERT INTO item VALUES (1, 'one'), (2, 'two');
"""
ITEMS = REST + "/item"
MUTATION = {"query": 'mutation { updateitemCollection(set: {label: "g"}, filter: {id: {eq: 1}}) { affectedCount } }'}
WRITES = {
    "insert": ("POST", ITEMS, {"id": 3, "label": "three"}),
    "update": ("PATCH", ITEMS + "?id=eq.1", {"label": "uno"}),
    "put": ("PUT", ITEMS + "?id=eq.2", {"id": 2, "label": "due"}),
    "mutation": ("POST", GRAPHQL, MUTATION),
    "deletion": ("DELETE", ITEMS + "?id=eq.3", None),
}


class Holder:
    """One who holds leases and writes under them, on a server in development."""

    def __init__(self, run, engine):
        self.server = engine.server(run, SQL)

    def ask(self, method, target, body=None, **headers):
        headers = {**JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.server.request(method, target, headers, None if body is None else json.dumps(body))

    def acquire(self, name="seat", **body):
        answer = self.ask("POST", f"/locks/v1/{name}", body)
        equal(answer.status, 201, answer.text)
        return answer.json()["token"]

    def release(self, number, name="seat"):
        equal(self.ask("DELETE", f"/locks/v1/{name}", {"token": number}).status, 204)

    def write(self, what, fence, **headers):
        return self.ask(*WRITES[what], Ballast_Fence=fence, **headers)

    def items(self):
        return sorted((int(number), label) for number, label in rows.query(self.server.database, "SELECT * FROM item"))


def refused(answer, status, code):
    equal((answer.status, answer.header("Content-Type")), (status, "application/problem+json"), answer.text)
    equal(answer.json()["code"], code)


@on_both("under a current lease every kind of write happens")
def _(run, engine):
    holder = Holder(run, engine)
    number = holder.acquire()
    for what in WRITES:
        answer = holder.write(what, f"seat;token={number}")
        check(answer.status < 300 and "errors" not in answer.text, f"{what}: {answer.status} {answer.text}")
    equal(holder.items(), [(1, "g"), (2, "due")])


@on_both("a batch checks a lease as one of its requests, until it ends")
def _(run, engine):
    holder = Holder(run, engine)
    number = holder.acquire()

    def batch(token, url="/locks/v1/seat?token={}"):
        return holder.ask("POST", "/batch/v1", {"requests": [
            {"id": "lease", "method": "GET", "url": url.format(token)},
            {"id": "write", "method": "PATCH", "url": ITEMS + "?id=eq.1", "body": {"label": f"by {token}"}}]})

    answer = batch(number)
    equal(answer.status, 200, answer.text)
    equal(answer.json()["responses"][0]["body"], {"name": "seat", "token": number})
    before = holder.items()
    equal(before[0], (1, f"by {number}"))
    late = batch(number + 1)
    refused(late, 412, "BLST817")
    equal((late.json()["request"], late.json()["index"]), ("lease", 0))
    refused(batch(number, "/locks/v1/seat"), 400, "BLST810")
    holder.release(number)
    refused(batch(number), 412, "BLST817")
    equal(holder.items(), before)


@on_both("a batch gives and takes no leases")
def _(run, engine):
    holder = Holder(run, engine)
    answer = holder.ask("POST", "/batch/v1", {"requests": [
        {"id": "lease", "method": "POST", "url": "/locks/v1/seat", "body": {"ttl": 5}}]})
    refused(answer, 400, "BLST440")


@on_both("without it nothing happens")
def _(run, engine):
    holder = Holder(run, engine)
    before = holder.items()
    number = holder.acquire()
    other = holder.acquire("other")
    for what in WRITES:
        for fence in (f"seat;token={number + 100}", f"seat;token={other}", f"other;token={number}", "nobody;token=1"):
            refused(holder.write(what, fence), 412, "BLST817")
    holder.release(number)
    refused(holder.write("update", f"seat;token={number}"), 412, "BLST817")
    newer = holder.acquire()
    refused(holder.write("update", f"seat;token={number}"), 412, "BLST817")
    equal(holder.items(), before)
    equal(holder.write("update", f"seat;token={newer}").status, 204)


@on_both("a lease that is over is none, though nobody else has it")
def _(run, engine):
    holder = Holder(run, engine)
    number = holder.acquire(ttl=0.1)
    until(lambda: holder.ask("GET", "/locks/v1/seat").status == 404, "the lease to be over")
    refused(holder.write("update", f"seat;token={number}"), 412, "BLST817")
    equal(holder.items(), [(1, "one"), (2, "two")])


@on_both("a fence that cannot be read lets nothing happen")
def _(run, engine):
    holder = Holder(run, engine)
    number = holder.acquire()
    for fence in ("", "seat", "seat;", "seat;token", "seat;token=", "seat;token=x", "seat;token=0", "seat;token=-1", ";token=1",
                  f"seat;token={number};ttl=3", f"seat;token={number},other;token=2", f"seat;token={2**63}",
                  f"seat;tokens={number}", f'"seat;token={number}', "x" * 200 + ";token=1"):
        refused(holder.write("update", fence), 400, "BLST810")
    equal(holder.items(), [(1, "one"), (2, "two")])
    for fence in (f"seat;token={number}", f' "seat" ; token={number} '):
        equal(holder.write("update", fence).status, 204, fence)


@on_both("a fence of a read means nothing")
def _(run, engine):
    holder = Holder(run, engine)
    equal(holder.ask("GET", ITEMS, Ballast_Fence="seat;token=1").status, 200)


@on_both("a write with a key is replayed after its lease is over, and a refused one leaves its key free")
def _(run, engine):
    holder = Holder(run, engine)
    number = holder.acquire()
    original = holder.write("insert", f"seat;token={number}", Idempotency_Key="k")
    equal(original.status, 201, original.text)
    holder.release(number)
    replay = holder.write("insert", f"seat;token={number}", Idempotency_Key="k")
    equal((replay.status, replay.header("Idempotency-Replayed")), (201, "true"), replay.text)
    refused(holder.write("update", f"seat;token={number}", Idempotency_Key="late"), 412, "BLST817")
    newer = holder.acquire()
    again = holder.write("update", f"seat;token={newer}", Idempotency_Key="late")
    equal((again.status, again.header("Idempotency-Replayed")), (204, None), again.text)


def waiting_for_locks(holder, count):
    """Until so many of the database's sessions wait for one another."""
    waiting = ("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
               "AND state = 'active'")
    until(lambda: rows.number(holder.server.database, waiting) == count, f"{count} statements to wait")


@test("a lease is not given back before the write under it is done (PostgreSQL)")
def _(run):
    holder = Holder(run, ENGINES[1])
    number = holder.acquire()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        with rows.writing_is_blocked(holder.server.database, "item"):
            write = pool.submit(holder.write, "update", f"seat;token={number}")
            waiting_for_locks(holder, 1)
            release = pool.submit(holder.release, number)
            waiting_for_locks(holder, 2)
            check(not release.done(), "it was released")
        equal(write.result().status, 204, "the write")
        release.result()


@test("while a write is under way, its lease is nobody else's, though its time is over (PostgreSQL)")
def _(run):
    holder = Holder(run, ENGINES[1])
    number = holder.acquire(ttl=2)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        with rows.writing_is_blocked(holder.server.database, "item"):
            write = pool.submit(holder.write, "update", f"seat;token={number}")
            waiting_for_locks(holder, 1)
            until(lambda: holder.ask("GET", "/locks/v1/seat").status == 404, "the lease's time to be over")
            refused(holder.ask("POST", "/locks/v1/seat", {}), 423, "BLST811")
        equal(write.result().status, 204, "the write")
    equal(holder.items()[0], (1, "uno"))
    holder.acquire()


main(__doc__)
