#!/usr/bin/env python3
"""Idempotency keys: a write that is sent again is done once, and answered as it was the first time."""

import gzip
import json
import pathlib
import select
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import rows  # noqa: E402
from support.graphql import ENGINES, FOREVER, on_both  # noqa: E402
from support.graphql import PATH as GRAPHQL  # noqa: E402
from support.payments import (  # noqa: E402
    Caller, LONG_AGO, PAYMENTS, SHOWN, SQL, TABLE, bearer, granting, guarded, problem, same, served,
)
from support.server import REST  # noqa: E402
from support.suite import check, equal, main, test  # noqa: E402
from support.tokens import token  # noqa: E402
from support.waiting import until  # noqa: E402


@on_both("a key is 1 to 255 visible characters, in quotes or without, and sent once")
def _(run, engine):
    caller = served(run, engine)
    good = ["a", '"b"', '"c d"', '"e\\"f\\\\"', "x" * 255, '"' + "y" * 255 + '"', "g,h;i=/?", "  padded  "]
    for key in good:
        caller.paid(key)
    equal(caller.effects(), len(good), "effects")
    for key in ("", '""', '"', '" ', "z" * 256, '"' + "z" * 256 + '"', "a b", 'a"b', '"a"b', '"a" "b"', '"a\\b"', '"a\tb"',
                "ü", '"ü"', "a\tb"):
        problem(caller.pay(key), 400, "BLST820")
    for control in ("\x01", "\x0b", "\x7f", "\x00"):
        equal(caller.pay(f"a{control}b").status, 400, repr(control))
    headers = [*caller.headers.items(), ("Idempotency-Key", "one"), ("Idempotency-Key", "one")]
    problem(caller.server.request("POST", PAYMENTS, headers, '{"amount":1}'), 400, "BLST820")
    equal(caller.effects(), len(good), "effects")


@on_both("a key is the same in quotes and without")
def _(run, engine):
    caller = served(run, engine)
    original = caller.paid('"8e03978e-40d5-43e8-bc93-6894a57f9324"')
    same(caller.pay("8e03978e-40d5-43e8-bc93-6894a57f9324"), original)


@on_both("a write that is sent again is answered as before, byte for byte, and not done again")
def _(run, engine):
    caller = served(run, engine)
    insert = 'mutation { insertIntopaymentCollection(objects: [{amount: 3, note: "ü"}]) { records { id note } } }'
    requests = {
        "insert, shown": ("POST", PAYMENTS, {"amount": 7, "note": "für \"dich\"\n"}, SHOWN),
        "insert, minimal": ("POST", PAYMENTS, {"amount": 7}, {"Prefer": "return=minimal"}),
        "insert, headers only": ("POST", PAYMENTS, {"amount": 7}, {"Prefer": "return=headers-only"}),
        "insert of many": ("POST", PAYMENTS, [{"amount": 1}, {"amount": 2}],
                           {"Prefer": "return=representation,count=exact"}),
        "insert as CSV": ("POST", PAYMENTS, "amount,note\n4,x\n5,\"y,z\"\n",
                          {**SHOWN, "Content-Type": "text/csv", "Accept": "text/csv"}),
        "insert of one object": ("POST", PAYMENTS + "?select=note,id", {"amount": 8},
                                 {**SHOWN, "Accept": "application/vnd.pgrst.object+json"}),
        "update": ("PATCH", PAYMENTS + "?id=eq.100", {"note": "changed"}, {}),
        "update, shown": ("PATCH", PAYMENTS + "?id=gte.100", {"note": "again"}, SHOWN),
        "update of none": ("PATCH", PAYMENTS + "?id=eq.-1", {"note": "nobody"}, SHOWN),
        "upsert": ("POST", PAYMENTS + "?on_conflict=reference",
                   [{"reference": "old", "amount": 9}, {"reference": "n", "amount": 1}],
                   {"Prefer": "resolution=merge-duplicates,return=representation"}),
        "put": ("PUT", PAYMENTS + "?id=eq.200", {"id": 200, "reference": "put", "amount": 1}, SHOWN),
        "deletion, shown": ("DELETE", PAYMENTS + "?id=eq.101", None, SHOWN),
        "deletion": ("DELETE", PAYMENTS + "?id=eq.100", None, {}),
        "mutation": ("POST", GRAPHQL, {"query": insert}, {}),
    }
    for what, (method, target, body, headers) in requests.items():
        options = {name.replace("-", "_"): value for name, value in headers.items()}
        original = caller.ask(method, target, what.replace(" ", "-"), body, **options)
        check(200 <= original.status < 300 and b'"errors"' not in original.body, f"{what}: {original.text}")
        equal(original.header("Idempotency-Replayed"), None, f"{what}: the first answer")
        before = caller.effects()
        for _ in range(2):
            same(caller.ask(method, target, what.replace(" ", "-"), body, **options), original, what)
        equal(caller.effects(), before, f"{what}: effects")


@on_both("a compressed replay is the same answer")
def _(run, engine):
    caller = served(run, engine)
    payment = [{"amount": number, "note": "x" * 50} for number in range(1, 60)]
    original = caller.paid("zip", payment, Prefer="return=representation")
    replay = caller.pay("zip", payment, Prefer="return=representation", Accept_Encoding="gzip")
    equal((replay.status, replay.header("Content-Encoding")), (201, "gzip"))
    equal(gzip.decompress(replay.body), original.body)


@on_both("a key that comes with another request is refused, and nothing is done")
def _(run, engine):
    caller = served(run, engine)
    original = caller.paid("k", {"amount": 7, "note": "a"}, Prefer="return=representation")
    for what, answer in {
        "body": caller.pay("k", {"amount": 8, "note": "a"}, Prefer="return=representation"),
        "order of members": caller.pay("k", {"note": "a", "amount": 7}, Prefer="return=representation"),
        "preference": caller.pay("k", {"amount": 7, "note": "a"}, Prefer="return=minimal"),
        "no preference": caller.pay("k", {"amount": 7, "note": "a"}),
        "method": caller.ask("PATCH", PAYMENTS, "k", {"amount": 7, "note": "a"}, **SHOWN),
        "path": caller.ask("POST", REST + "/effect", "k", {"amount": 7, "note": "a"}, **SHOWN),
        "query": caller.ask("POST", PAYMENTS + "?select=id", "k", {"amount": 7, "note": "a"}, **SHOWN),
        "media type": caller.pay("k", {"amount": 7, "note": "a"}, **SHOWN,
                                 Content_Type="application/vnd.pgrst.array+json"),
    }.items():
        equal(answer.status, 422, what)
        problem(answer, 422, "BLST823")
    equal(caller.effects(), 1, "effects")
    same(caller.pay("k", {"amount": 7, "note": "a"}, Prefer="return=representation"), original)


@on_both("how long a client waits, and in which order it asks, are not part of what it asks")
def _(run, engine):
    caller = served(run, engine)
    original = caller.ask("POST", PAYMENTS + "?select=id&columns=amount", "k", {"amount": 7},
                          Prefer="return=representation, count=exact")
    equal(original.status, 201, original.text)
    for target, prefer in ((PAYMENTS + "?select=id&columns=amount", "wait=5, return=representation, count=exact"),
                           (PAYMENTS + "?columns=amount&select=id", "count=exact,return=representation,wait=9"),
                           (PAYMENTS + "?columns=%61mount&select=id", "return=representation,respond-async,count=exact")):
        same(caller.ask("POST", target, "k", {"amount": 7}, Prefer=prefer), original, f"{target} {prefer}")
    equal(caller.effects(), 1, "effects")


@on_both("a key is its caller's own: the same key of two subjects has two effects")
def _(run, engine):
    hashed = "sha256:2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90"  # of "alice"
    server = guarded(run, engine, f'[api_keys.ann]\nhash = "{hashed}"\nrole = "member"\n')
    callers = [Caller(server, bearer("ann")), Caller(server, bearer("bob")), Caller(server, {"X-API-Key": "alice"})]
    answers = [caller.paid("k", Prefer="return=representation") for caller in callers]
    equal(len({answer.text for answer in answers}), 3, "different payments")
    equal(callers[0].effects(), 3, "effects")
    for caller, original in zip(callers, answers):
        same(caller.pay("k", Prefer="return=representation"), original)
    equal(callers[1].pay("k", {"amount": 8}).status, 422)


@on_both("what the rows refused is refused again, even when they would take it now")
def _(run, engine):
    caller = served(run, engine)
    taken = caller.pay("twice", {"reference": "old", "amount": 1})
    equal((taken.status, taken.json()["code"]), (409, "23505"), taken.text)
    negative = caller.pay("negative", {"amount": -1})
    equal((negative.status, negative.json()["code"]), (400, "23514"), negative.text)
    equal(caller.ask("DELETE", PAYMENTS + "?reference=eq.old").status, 204)
    same(caller.pay("twice", {"reference": "old", "amount": 1}), taken)
    same(caller.pay("negative", {"amount": -1}), negative)
    equal(caller.state("twice").json(), {"state": "done", "status": 409})
    caller.paid("thrice", {"reference": "old", "amount": 1})


@on_both("a request that never reached the rows leaves its key free")
def _(run, engine):
    caller = served(run, engine)
    for key, body, status in (("syntax", "{", 400), ("column", {"colour": 1}, 400)):
        equal(caller.pay(key, body).status, status, key)
        equal(caller.state(key).status, 404, key)
        caller.paid(key)
    equal(caller.pay("media", "x", Content_Type="application/x-unknown").status, 415)
    caller.paid("media")
    equal(caller.ask("POST", REST + "/nothing", "table", {"amount": 7}).status, 404)
    caller.paid("table")
    equal(caller.effects(), 4, "effects")


@on_both("a write that was only tried leaves its key free")
def _(run, engine):
    caller = served(run, engine, "[rest]\nallow_tx_rollback = true\n")
    for _ in range(2):
        tried = caller.pay("k", Prefer="tx=rollback")
        equal((tried.status, tried.header("Idempotency-Replayed")), (201, None), tried.text)
    equal(caller.effects(), 0, "effects")
    caller.paid("k")


@on_both("a caller who was not let in may come again with the same key")
def _(run, engine):
    server, grant = granting(run, engine, "select")
    wrong = {"Authorization": f"Bearer {token({'role': 'member', 'sub': 'ann', 'exp': FOREVER}, secret='x' * 40)}"}
    equal(Caller(server, wrong).pay("k").status, 401)
    caller = Caller(server, bearer())
    equal(caller.pay("k").status, 403)
    equal(caller.state("k").status, 404)
    grant("select,insert")
    caller.paid("k")


@test("a role that was not let in may come again with the same key (PostgreSQL)")
def _(run):
    server = guarded(run, ENGINES[1], access={"member": {"payment": "select"}})
    caller = Caller(server, bearer())
    equal(caller.pay("k").status, 403)
    rows.query(server.database, "GRANT INSERT ON payment TO member")
    caller.paid("k")


@on_both("who may not write any more is not told what came of it, with grants in the settings")
def _(run, engine):
    server, grant = granting(run, engine, "select,insert")
    caller = Caller(server, bearer())
    original = caller.paid("k", Prefer="return=representation")
    grant("select")
    refused = caller.pay("k", Prefer="return=representation")
    equal((refused.status, refused.header("Idempotency-Replayed")), (403, None), refused.text)
    grant("insert")
    refused = caller.pay("k", Prefer="return=representation")
    equal((refused.status, refused.header("Idempotency-Replayed")), (403, None), "without the right to read what it shows")
    grant("select,insert")
    same(caller.pay("k", Prefer="return=representation"), original)


@test("who may not write any more is not told what came of it, with the database's grants (PostgreSQL)")
def _(run):
    server = guarded(run, ENGINES[1])
    caller = Caller(server, bearer())
    original = caller.paid("k", Prefer="return=representation")
    changed = caller.ask("PATCH", PAYMENTS + "?id=eq.100", "change", {"note": "x"})
    gone = caller.ask("DELETE", PAYMENTS + "?id=eq.101", "gone")
    rows.query(server.database, "REVOKE ALL ON payment FROM member")
    for answer in (caller.pay("k", Prefer="return=representation"),
                   caller.ask("PATCH", PAYMENTS + "?id=eq.100", "change", {"note": "x"}),
                   caller.ask("DELETE", PAYMENTS + "?id=eq.101", "gone")):
        equal((answer.status, answer.header("Idempotency-Replayed")), (403, None), answer.text)
        equal(answer.json()["code"], "42501")
    rows.query(server.database, "GRANT ALL ON payment TO member")
    same(caller.pay("k", Prefer="return=representation"), original)
    same(caller.ask("PATCH", PAYMENTS + "?id=eq.100", "change", {"note": "x"}), changed)
    same(caller.ask("DELETE", PAYMENTS + "?id=eq.101", "gone"), gone)


@on_both("callers without credentials have no keys, unless a setting says so")
def _(run, engine):
    access = {"anon": {"payment": "select,insert"}}
    server = engine.server(run, SQL, access=access, args=["--access-expose-anonymous=true"])
    anonymous = Caller(server)
    equal(anonymous.pay(None).status, 201, "without a key")
    refused = problem(anonymous.pay("k"), 401, "BLST822")
    check(refused.header("WWW-Authenticate"), "no WWW-Authenticate")
    problem(anonymous.state("k"), 401, "BLST822")
    equal(anonymous.effects(), 1, "effects")
    server = engine.server(run, SQL, access=access,
                           args=["--access-expose-anonymous=true", "--idempotency-anonymous=true"])
    anonymous = Caller(server)
    original = anonymous.paid("k")
    same(anonymous.pay("k"), original)
    equal(anonymous.effects(), 1, "effects")


@on_both("where a key is required, a write without one is refused")
def _(run, engine):
    caller = served(run, engine, f'[idempotency]\nrequired = ["{PAYMENTS}", "{GRAPHQL}"]\n')
    for answer in (caller.pay(None), caller.ask("PATCH", PAYMENTS + "?id=eq.100", None, {"note": "x"}),
                   caller.ask("DELETE", PAYMENTS + "?id=eq.100"),
                   caller.ask("POST", GRAPHQL, None, {"query": "{ paymentCollection { edges { cursor } } }"})):
        refused = problem(answer, 400, "BLST821")
        check("describedby" in (refused.header("Link") or ""), f"Link: {refused.header('Link')}")
    equal(caller.effects(), 0, "effects")
    equal(caller.ask("GET", PAYMENTS).status, 200, "a read")
    equal(caller.ask("POST", REST + "/effect", None, {"what": "x"}).status, 201, "another path")
    caller.paid("k")
    payment = {"id": "pay", "method": "POST", "url": PAYMENTS, "body": {"amount": 7}}
    for atomic in (True, False):
        batch = {"requests": [payment], "atomic": atomic}
        refused = caller.ask("POST", "/batch/v1", None, batch)
        if atomic:
            equal(problem(refused, 400, "BLST821").json()["request"], "pay")
        else:
            equal(refused.json()["responses"][0]["status"], 400, refused.text)
    equal(caller.effects(), 2, "effects")  # of the payment and of the other path
    equal(caller.ask("POST", "/batch/v1", "b", {"requests": [payment]}).status, 200, "a batch with a key")


@on_both("a key is told to be done, to its caller alone")
def _(run, engine):
    server = guarded(run, engine)
    ann, bob = Caller(server, bearer("ann")), Caller(server, bearer("bob"))
    problem(ann.state("k"), 404, "BLST825")
    ann.paid("k")
    told = ann.state("k")
    equal((told.status, told.json()), (200, {"state": "done", "status": 201}))
    equal(told.header("Cache-Control"), "no-store")
    equal(ann.state("%22k%22").json(), {"state": "done", "status": 201}, "in quotes")
    problem(bob.state("k"), 404, "BLST825")
    problem(ann.state("x" * 256), 400, "BLST820")
    problem(ann.state(""), 400, "BLST820")
    answer = ann.ask("DELETE", "/idempotency/v1/k")
    equal((answer.status, answer.header("Allow")), (405, "GET, HEAD"))
    equal(ann.ask("HEAD", "/idempotency/v1/k").status, 200)


@on_both("what has expired is forgotten, and its key may be used for something else")
def _(run, engine):
    caller = served(run, engine)
    caller.paid("k")
    caller.paid("other")
    rows.query(caller.server.database,
               f"UPDATE {TABLE[engine.name]} SET expires_at = {LONG_AGO[engine.name]} WHERE key = 'k'")
    problem(caller.state("k"), 404, "BLST825")
    changed = caller.paid("k", {"amount": 9})
    same(caller.pay("k", {"amount": 9}), changed)
    equal(caller.pay("other").header("Idempotency-Replayed"), "true", "one that has not expired")
    equal(caller.effects(), 3, "effects")


@on_both("an answer is kept for as long as the settings say")
def _(run, engine):
    caller = served(run, engine, '[idempotency]\nttl = "10m"\n')
    caller.paid("k")
    seconds = {"sqlite": "expires_at - unixepoch()", "postgres": "ceil(extract(epoch FROM expires_at - now()))"}
    left = rows.number(caller.server.database, f"SELECT {seconds[engine.name]} FROM {TABLE[engine.name]}")
    check(540 <= left <= 601, f"{left} s are left of 600")


@on_both("a long answer is kept without its body")
def _(run, engine):
    caller = served(run, engine, "[idempotency]\nmax_body = 100\n")
    body = {"amount": 7, "note": "x" * 200}
    original = caller.paid("long", body, Prefer="return=representation")
    check(len(original.body) > 200, original.text)
    replay = caller.pay("long", body, Prefer="return=representation")
    equal((replay.status, replay.body, replay.header("Idempotency-Replayed")), (201, b"", "true"))
    equal(replay.header("Content-Type"), None)
    change = ("PATCH", PAYMENTS + "?id=eq.100", "change", {"note": "y" * 200})
    equal(caller.ask(*change, **SHOWN).status, 200)
    replay = caller.ask(*change, **SHOWN)
    equal((replay.status, replay.header("Idempotency-Replayed")), (204, "true"), "an update")
    short = caller.paid("short", {"amount": 7}, Prefer="return=representation")
    same(caller.pay("short", {"amount": 7}, Prefer="return=representation"), short, "a short one")
    equal(caller.effects(), 3, "effects")


@on_both("a key of a read means nothing")
def _(run, engine):
    caller = served(run, engine)
    for method in ("GET", "HEAD", "OPTIONS"):
        for key in ("k", '"not closed'):
            answer = caller.ask(method, PAYMENTS, key)
            check(answer.status in (200, 204), f"{method} {key}: {answer.status}")
            equal(answer.header("Idempotency-Replayed"), None, method)
    equal(caller.state("k").status, 404)
    caller.paid("k")
    equal(caller.ask("GET", PAYMENTS + "?select=amount&amount=eq.7", "k").json(), [{"amount": 7}])


@on_both("expired answers are cleared away")
def _(run, engine):
    caller = served(run, engine)
    caller.paid("first")
    database, table, old = caller.server.database, TABLE[engine.name], LONG_AGO[engine.name]
    empty = {"sqlite": "x''", "postgres": "''::bytea"}[engine.name]
    rows.query(database, f"INSERT INTO {table} (scope, key, fingerprint, status, headers, body, expires_at) "
                         f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450) "
                         f"SELECT 'user:old', 'k' || i, 'f', 201, '', {empty}, {old} FROM n")
    caller.server.kill()
    caller.server.start()  # what is cleared once a minute is due now

    def cleared():
        caller.pay("first")
        return rows.number(database, f"SELECT count(*) FROM {table} WHERE scope = 'user:old'") == 0

    until(cleared, "the expired keys to be gone")
    equal(caller.pay("first").header("Idempotency-Replayed"), "true", "one that has not expired")


@on_both("keys that are switched off mean nothing")
def _(run, engine):
    caller = served(run, engine, "[idempotency]\nenabled = false\n")
    caller.paid("k")
    caller.paid("k")
    equal(caller.state("k").status, 404)
    equal(caller.effects(), 2, "effects")


main(__doc__)
