#!/usr/bin/env python3
"""Idempotency keys of batches: all of a batch is done once, and its answer is the first one's."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import rows  # noqa: E402
from support.graphql import ENGINES, FOREVER, JSON, on_both  # noqa: E402
from support.server import REST  # noqa: E402
from support.suite import Skip, equal, main, test  # noqa: E402
from support.tokens import token  # noqa: E402

BATCH = "/batch/v1"
SQL = """
CREATE TABLE account (id int NOT NULL PRIMARY KEY, balance int NOT NULL CHECK (balance >= 0));
CREATE TABLE entry (id int NOT NULL PRIMARY KEY, amount int NOT NULL);
INSERT INTO account VALUES (1, 100), (2, 50);
"""
ACCESS = {"member": {"account": "select,insert,update,delete", "entry": "select,insert,update,delete"}}


class Caller:
    def __init__(self, server, credentials=None):
        self.server = server
        self.headers = {**JSON, **(credentials or {})}
        if self.batch(None, []).status == 404:
            raise Skip("this server has no batches")

    def batch(self, key, requests, **more):
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {}), "Prefer": "wait=10"}
        return self.server.request("POST", BATCH, headers, json.dumps({"requests": requests, **more}))

    def books(self):
        """The balances, and how many entries there are."""
        balances = rows.query(self.server.database, "SELECT balance FROM account ORDER BY id")
        return [int(row[0]) for row in balances], rows.number(self.server.database, "SELECT count(*) FROM entry")


def add(account, amount, name="add", **more):
    return {"id": name, "method": "PATCH", "url": f"{REST}/account?id=eq.{account}",
            "body": {"balance": {"$increment": amount}}, "headers": {"Prefer": "return=representation"}, **more}


def enter(number, amount, name="entry"):
    return {"id": name, "method": "POST", "url": f"{REST}/entry", "body": {"id": number, "amount": amount},
            "headers": {"Prefer": "return=representation"}}


def transfer(number, amount):
    return [add(1, -amount, "debit"), add(2, amount, "credit"), enter(number, amount)]


def bearer():
    return {"Authorization": f"Bearer {token({'role': 'member', 'sub': 'ann', 'exp': FOREVER})}"}


def same(replay, original):
    equal(replay.header("Idempotency-Replayed"), "true", f"{replay.status} {replay.text}: Idempotency-Replayed")
    equal((replay.status, replay.body, replay.header("Content-Type")),
          (original.status, original.body, original.header("Content-Type")), "the replay")


@on_both("a batch that is sent again is answered as before and not done again")
def _(run, engine):
    caller = Caller(engine.server(run, SQL))
    original = caller.batch("k", transfer(1, 30))
    equal((original.status, original.header("Idempotency-Replayed")), (200, None), original.text)
    for _ in range(2):
        same(caller.batch("k", transfer(1, 30)), original)
    equal(caller.books(), ([70, 80], 1))
    equal(caller.batch("k", transfer(1, 31)).json()["code"], "BLST823")
    equal(caller.batch("other", transfer(2, 30)).status, 200)
    equal(caller.books(), ([40, 110], 2))


@on_both("what the rows refused of a batch is refused again")
def _(run, engine):
    caller = Caller(engine.server(run, SQL))
    poor = caller.batch("poor", transfer(1, 1000))
    equal((poor.status, poor.json()["code"]), (400, "23514"), poor.text)
    rows.query(caller.server.database, "UPDATE account SET balance = 5000 WHERE id = 1")
    same(caller.batch("poor", transfer(1, 1000)), poor)
    equal(caller.books(), ([5000, 50], 0))


@on_both("a batch that could not be read leaves its key free")
def _(run, engine):
    caller = Caller(engine.server(run, SQL))
    equal(caller.batch("k", [{"id": "x"}]).status, 400)
    equal(caller.batch("k", transfer(1, 30)).status, 200)
    equal(caller.books(), ([70, 80], 1))


@on_both("a batch happens under its lease alone")
def _(run, engine):
    caller = Caller(engine.server(run, SQL))
    lease = caller.server.request("POST", "/locks/v1/bank", JSON, "{}").json()["token"]
    caller.headers["Ballast-Fence"] = f"bank;token={lease + 1}"
    refused = caller.batch("k", transfer(1, 30))
    equal((refused.status, refused.json()["code"]), (412, "BLST817"), refused.text)
    caller.headers["Ballast-Fence"] = f"bank;token={lease}"
    equal(caller.batch("k", transfer(1, 30)).status, 200)
    equal(caller.books(), ([70, 80], 1))


@test("who may not do one part of a batch any more is not told what came of it (PostgreSQL)")
def _(run):
    caller = Caller(ENGINES[1].server(run, SQL, access=ACCESS), bearer())
    original = caller.batch("k", transfer(1, 30))
    equal(original.status, 200, original.text)
    for table in ("account", "entry"):
        rows.query(caller.server.database, f"REVOKE ALL ON {table} FROM member")
        refused = caller.batch("k", transfer(1, 30))
        equal((refused.status, refused.header("Idempotency-Replayed")), (403, None), f"{table}: {refused.text}")
        rows.query(caller.server.database, f"GRANT ALL ON {table} TO member")
    same(caller.batch("k", transfer(1, 30)), original)


main(__doc__)
