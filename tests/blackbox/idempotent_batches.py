#!/usr/bin/env python3
"""Idempotency keys of batches: all of a batch is done once, and its answer is the first one's."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import rows  # noqa: E402
from support.graphql import JSON, on_both  # noqa: E402
from support.server import REST  # noqa: E402
from support.suite import Skip, equal, main  # noqa: E402

BATCH = "/batch/v1"
SQL = """
CREATE TABLE account (id int NOT NULL PRIMARY KEY, balance int NOT NULL CHECK (balance >= 0));
CREATE TABLE entry (id int NOT NULL PRIMARY KEY, amount int NOT NULL);
INSERT INTO account VALUES (1, 100), (2, 50);
"""


class Caller:
    def __init__(self, server):
        self.server = server
        self.headers = dict(JSON)
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


main(__doc__)
