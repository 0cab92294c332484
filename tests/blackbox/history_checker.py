#!/usr/bin/env python3
"""The checker of histories finds every anomaly that was planted, and none in what could have been serial."""

import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.history import FAILED, UNKNOWN, Append, Read, Transaction, anomalies  # noqa: E402
from support.suite import check, equal, main, test  # noqa: E402


def history(*lines, outcomes=()):
    """`a x1 | r x1,2 | a y3`: appends 1 to x, reads x as 1, 2, appends 3 to y. `r x` reads an empty list."""
    transactions = []
    for number, line in enumerate(lines):
        operations = []
        for part in line.split("|"):
            what, rest = part.split()
            values = [int(value) for value in rest[1:].split(",") if value]
            operations.append(Append(rest[0], values[0]) if what == "a" else Read(rest[0], values))
        transactions.append(Transaction(f"T{number}", operations, dict(outcomes).get(number, "ok")))
    return transactions


def kinds(found):
    return sorted(anomaly.kind for anomaly in found)


def shows(found, *expected):
    equal(kinds(found), sorted(expected), "\n".join(map(str, found)) or "nothing was found")


@test("a serial history shows nothing")
def _(run):
    shows(anomalies([]))
    shows(anomalies(history("a x1", "r x1 | a x2 | r x1,2", "r y | a y3 | r x1,2", "r x1,2 | r y3")))
    shows(anomalies(history("r x", "r x", "a x1 | a x2", "r x1,2", "r x1,2")))


@test("transactions that touch nothing in common show nothing")
def _(run):
    shows(anomalies(history("a x1 | a y2", "a z3 | r w", "r x1 | r y2", "r z3")))


@test("G0: two transactions' appends come in another order each")
def _(run):
    found = anomalies(history("a x1 | a y3", "a x2 | a y4", "r x1,2", "r y4,3"))
    shows(found, "G0")
    text = str(found[0])
    equal(text, "G0: T0 -ww-> T1 [2 follows 1 in x] -ww-> T0 [3 follows 4 in y]\n"
                "    T0: append(x, 1), append(y, 3)\n"
                "    T1: append(x, 2), append(y, 4)")


@test("G0 over three transactions")
def _(run):
    shows(anomalies(history("a x1 | a z6", "a x2 | a y3", "a y4 | a z5", "r x1,2 | r y3,4 | r z5,6")), "G0")


@test("G1a: a value of an aborted transaction was read")
def _(run):
    found = anomalies(history("a x1", "r x1", outcomes={0: FAILED}.items()))
    shows(found, "G1a")
    check("(failed)" in str(found[0]), str(found[0]))


@test("a value of a transaction whose outcome is unknown was committed, when it is there")
def _(run):
    shows(anomalies(history("a x1", "r x1", outcomes={0: UNKNOWN}.items())))
    shows(anomalies(history("a x1", "r x", outcomes={0: UNKNOWN}.items())))
    shows(anomalies(history("a x1 | a y3", "a x2 | a y4", "r x1,2", "r y4,3", outcomes={1: UNKNOWN}.items())), "G0")


@test("G1b: a value was read that its author went on from")
def _(run):
    shows(anomalies(history("a x1 | a y5 | a x2", "r x1", "r x1,2")), "G1b", "G-single")
    shows(anomalies(history("a x1 | r x1 | a x2", "r x1,2")))


@test("G1c: two transactions read what the other appended")
def _(run):
    found = anomalies(history("a x1 | r y2", "a y2 | r x1"))
    shows(found, "G1c")
    check("read 1 in x" in str(found[0]) and "read 2 in y" in str(found[0]), str(found[0]))


@test("G1c over a ww and a wr")
def _(run):
    shows(anomalies(history("a x1 | r y3", "a x2 | a y3", "r x1,2")), "G1c")


@test("G-single: read skew")
def _(run):
    found = anomalies(history("a x1 | a y2", "r x | r y2", "r x1"))
    shows(found, "G-single")
    check("-rw->" in found[0].text and "read x before 1 was there" in found[0].text, found[0].text)


@test("G2: write skew")
def _(run):
    found = anomalies(history("r x | r y | a x1", "r x | r y | a y2", "r x1 | r y2"))
    shows(found, "G2")
    equal(found[0].text.count("-rw->"), 2, found[0].text)


@test("G2 over three transactions, none of which sees the next")
def _(run):
    shows(anomalies(history("r x | a z3", "r y | a x1", "r z | a y2", "r x1 | r y2 | r z3")), "G2")


@test("the anomaly of a read-only transaction is a G2")
def _(run):
    shows(anomalies(history("r x | r y | a y1", "a x2", "r x2 | r y", "r x2 | r y1")), "G2")


@test("a lost update: two transactions append to what both read")
def _(run):
    found = anomalies(history("a x9", "r x9 | a x1", "r x9 | a x2", "r x9,1,2"))
    shows(found, "G-single", "lost update")
    lost = next(anomaly for anomaly in found if anomaly.kind == "lost update")
    equal([transaction.name for transaction in lost.transactions], ["T1", "T2"])
    check("[9]" in lost.text, lost.text)


@test("a transaction that read and was aborted lost no update")
def _(run):
    shows(anomalies(history("r x | a x1", "r x | a x2", "r x1", outcomes={1: FAILED}.items())))


@test("a list with a value twice, of nobody, or in another order is found")
def _(run):
    shows(anomalies(history("a x1", "r x1,1")), "duplicate")
    shows(anomalies(history("a x1", "r x7")), "duplicate")
    shows(anomalies(history("a x1", "a x2", "r x1,2", "r x2")), "incompatible order")
    shows(anomalies(history("a x1", "a x2", "r x1,2", "r x2,1")), "incompatible order")


@test("a transaction that does not see its own append is found")
def _(run):
    shows(anomalies(history("a x1 | r x", "r x1")), "internal")
    check("internal" in kinds(anomalies(history("a x1 | r x1,2", "a x2", "r x1,2"))), "a stranger's value behind its own")


@test("a value that comes twice in a history is no history")
def _(run):
    try:
        anomalies(history("a x1", "a x1"))
    except ValueError:
        return
    raise AssertionError("it was taken")


class Lists:
    """Lists that are read and appended to, as random transactions want it."""

    def __init__(self, seed, keys=5):
        self.random = random.Random(seed)
        self.keys = keys
        self.values = 0

    def transaction(self, name, lists, outcome="ok", own=None):
        """Runs on `lists`; what it appends goes to `own`, which it sees, too."""
        operations = []
        for _ in range(self.random.randint(1, 4)):
            key = self.random.randrange(self.keys)
            if self.random.random() < 0.5:
                self.values += 1
                operations.append(Append(key, self.values))
                own.setdefault(key, []).append(self.values)
            else:
                operations.append(Read(key, lists.get(key, []) + own.get(key, [])))
        return Transaction(name, operations, outcome)


@test("random serial histories show nothing, however large")
def _(run):
    for seed in range(20):
        lists, world, done = Lists(seed), {}, []
        for number in range(300):
            own = {}
            failed = lists.random.random() < 0.1
            done.append(lists.transaction(f"T{number}", world, FAILED if failed else "ok", own))
            if not failed:
                world = {key: world.get(key, []) + own.get(key, []) for key in world.keys() | own.keys()}
        lists.random.shuffle(done)
        shows(anomalies(done))


@test("random histories under snapshots show write skew at most")
def _(run):
    skews = 0
    for seed in range(20):
        lists, world, done = Lists(seed), {}, []
        for number in range(0, 300, 2):
            owns = {}, {}
            pair = [lists.transaction(f"T{number + which}", world, "ok", owns[which]) for which in (0, 1)]
            if owns[0].keys() & owns[1].keys():  # the first committer wins
                pair[1].outcome, owns = FAILED, (owns[0], {})
            done += pair
            for own in owns:
                world = {key: world.get(key, []) + own.get(key, []) for key in world.keys() | own.keys()}
        done.append(Transaction("end", [Read(key, world.get(key, [])) for key in range(5)]))
        found = kinds(anomalies(done))
        equal(set(found) - {"G2"}, set(), f"seed {seed}")
        skews += len(found)
    check(skews > 0, "no write skew in twenty histories")


@test("ten thousand transactions are looked at within seconds")
def _(run):
    lists, world, done = Lists(1, keys=200), {}, []
    for number in range(10_000):
        own = {}
        done.append(lists.transaction(f"T{number}", world, "ok", own))
        world.update({key: world.get(key, []) + values for key, values in own.items()})
    start = time.monotonic()
    shows(anomalies(done))
    run.note(f"{time.monotonic() - start:.1f} s")
    check(time.monotonic() - start < 60, "too slow")


main(__doc__)
