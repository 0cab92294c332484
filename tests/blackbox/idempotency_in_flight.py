#!/usr/bin/env python3
"""Idempotency keys whose first request is still under way, on this server or another, or was when its server died."""

import json
import pathlib
import select
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import rows  # noqa: E402
from support.graphql import on_both  # noqa: E402
from support.payments import Caller, PAYMENTS, SHOWN, SQL, problem, same, served  # noqa: E402
from support.suite import check, equal, main  # noqa: E402
from support.waiting import until  # noqa: E402
from support.wire import Connection, render  # noqa: E402


class Sent:
    """A payment that was sent and whose answer nobody has read."""

    def __init__(self, caller, key, body=None, **headers):
        self.connection = Connection(caller.server.address, timeout=60)
        headers = {**caller.headers, "Idempotency-Key": key, **headers}
        self.connection.send(render("POST", PAYMENTS, headers, json.dumps(body or {"amount": 7})))

    def answer(self):
        answer = self.connection.answer()
        self.connection.close()
        return answer


def first_answered(*sent):
    """Which of the requests is answered first."""
    ready, _, _ = select.select([one.connection.socket for one in sent], [], [], 20)
    check(ready, "nobody was answered")
    return next(one for one in sent if one.connection.socket in ready)


BLOCKABLE = '[sqlite]\nbusy_timeout = "50s"\n'


@on_both("while a request is under way, another with its key is told so, and when to come back")
def _(run, engine):
    caller = served(run, engine, BLOCKABLE)
    caller.paid("before")  # the tables are there
    with rows.writing_is_blocked(caller.server.database, "payment"):
        one, two = Sent(caller, "k"), Sent(caller, "k")
        refused = first_answered(one, two)
        answer = problem(refused.answer(), 409, "BLST824")
        check(int(answer.header("Retry-After")) > 0, f"Retry-After: {answer.header('Retry-After')}")
        problem(caller.pay("k"), 409, "BLST824")
    original = (two if refused is one else one).answer()
    equal((original.status, original.header("Idempotency-Replayed")), (201, None), original.text)
    same(caller.pay("k"), original)
    equal(caller.effects(), 2, "effects")


@on_both("a key is told to be in flight")
def _(run, engine):
    caller = served(run, engine, BLOCKABLE)
    caller.paid("before")
    with rows.writing_is_blocked(caller.server.database, "payment"):
        sent = Sent(caller, "k")
        until(lambda: caller.state("k").status == 200, "the key to be known")
        equal(caller.state("k").json(), {"state": "in_flight"})
    equal(sent.answer().status, 201)
    equal(caller.state("k").json(), {"state": "done", "status": 201})


@on_both("who waits for a request under way gets its answer")
def _(run, engine):
    caller = served(run, engine, BLOCKABLE)
    caller.paid("before")
    with rows.writing_is_blocked(caller.server.database, "payment"):
        waiting = [Sent(caller, "k", Prefer="wait=20") for _ in range(3)]
        hasty = [Sent(caller, "k") for _ in range(2)]
        refused = first_answered(*hasty)
        problem(refused.answer(), 409, "BLST824")
    answers = [sent.answer() for sent in waiting]
    equal([answer.status for answer in answers], [201] * 3)
    answers += [answer for answer in (sent.answer() for sent in hasty if sent is not refused) if answer.status == 201]
    equal(len({answer.body for answer in answers}), 1, "different answers")
    equal(len([answer for answer in answers if answer.header("Idempotency-Replayed") is None]), 1, "the original")
    equal(caller.effects(), 2, "effects")


@on_both("nobody waits longer than is allowed")
def _(run, engine):
    caller = served(run, engine, BLOCKABLE + '[idempotency]\nmax_wait = "0s"\n')
    caller.paid("before")
    with rows.writing_is_blocked(caller.server.database, "payment"):
        one, two = Sent(caller, "k", Prefer="wait=20"), Sent(caller, "k", Prefer="wait=20")
        refused = first_answered(one, two)
        problem(refused.answer(), 409, "BLST824")
    equal((two if refused is one else one).answer().status, 201)


@on_both("of two servers that get a key at one moment, one does the work", alone=True)
def _(run, engine):
    server = engine.server(run, SQL)
    other = run.server(server.database, settings=server.settings_file.read_text())
    rounds, each = 15, 3
    answers = {number: [] for number in range(rounds)}
    barrier = threading.Barrier(2 * each)

    def client(target, wait):
        caller = Caller(target)
        for number in range(rounds):
            barrier.wait(60)
            options = {"Prefer": "return=representation,wait=20" if wait else "return=representation"}
            answers[number].append(caller.pay(f"k{number}", {"amount": 1, "reference": f"r{number}"}, **options))

    threads = [threading.Thread(target=client, args=(target, seat > 0)) for target in (server, other) for seat in range(each)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = 0
    for number, given in answers.items():
        equal(len(given), 2 * each, f"answers of round {number}")
        done = [answer for answer in given if answer.status == 201]
        late = [answer for answer in given if answer.status != 201]
        check(all(answer.status == 409 and answer.json()["code"] == "BLST824" for answer in late),
              f"round {number}: {[(answer.status, answer.text) for answer in late]}")
        check(len(done) >= 2 * (each - 1), f"round {number}: some who would have waited were not answered")
        equal(len({answer.body for answer in done}), 1, "different answers")
        originals = [answer for answer in done if answer.header("Idempotency-Replayed") is None]
        equal(len(originals), 1, "answers that are no replays")
        refused += len(late)
    equal(Caller(server).effects(), rounds, "effects")
    run.note(f"{rounds} keys, {refused} requests told to come back")


@on_both("an answer that was lost with the server is given after its restart", alone=True)
def _(run, engine):
    caller = served(run, engine)
    database = caller.server.database
    for number in range(3):
        body = {"amount": 1, "reference": f"r{number}"}
        sent = Sent(caller, f"k{number}", body, **SHOWN)
        until(lambda: rows.number(database, f"SELECT count(*) FROM payment WHERE reference = 'r{number}'"), "the commit")
        caller.server.kill()
        sent.connection.close()
        caller.server.start()
        replay = caller.pay(f"k{number}", body, **SHOWN)
        equal((replay.status, replay.header("Idempotency-Replayed")), (201, "true"), replay.text)
        equal(replay.json()[0]["reference"], f"r{number}")
    equal(caller.effects(), 3, "effects")


@on_both("a request that died with the server before its commit is done when it comes again", alone=True)
def _(run, engine):
    caller = served(run, engine, BLOCKABLE)
    caller.paid("before")
    with rows.writing_is_blocked(caller.server.database, "payment"):
        sent = Sent(caller, "k"), Sent(caller, "k")
        first_answered(*sent)
        caller.server.kill()
    caller.server.start()
    answer = caller.pay("k", Prefer="wait=20")
    equal((answer.status, answer.header("Idempotency-Replayed")), (201, None), answer.text)
    equal(caller.effects(), 2, "effects")


main(__doc__)
