#!/usr/bin/env python3
"""Relay's pagination over GraphQL: no gaps and no repeats, whatever is written meanwhile."""

import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.graphql import TOTALS, Client, on_both  # noqa: E402
from support.suite import check, equal, main  # noqa: E402
from support.waiting import until  # noqa: E402

ROWS = 10_000
MOST_INSERTED = 2_000
PAGES = "[graphql]\nmax_rows = 1000\n"


def score_of(number):
    """Ties of about a hundred rows, and one in seven without a score."""
    return None if number % 7 == 3 else number * 31 % 89


def literal(value):
    return "null" if value is None else str(value)


def entries():
    rows = ",".join(f"({2 * n},{literal(score_of(n))})" for n in range(ROWS))
    return f"CREATE TABLE entry (id int NOT NULL PRIMARY KEY, score int);\nINSERT INTO entry VALUES {rows};\n"


def in_order(order):
    """The ids of the rows that are there at the start."""
    rows = [(score_of(n), 2 * n) for n in range(ROWS)]
    descending = order.startswith("Desc")
    nulls = 0 if order.endswith("NullsFirst") else 2

    def place(row):
        score, number = row
        if score is None:
            return (nulls, 0, number)
        return (1, -score if descending else score, number)

    return [number for _, number in sorted(rows, key=place)]


class Inserting:
    """Somebody who inserts rows between those that are there (theirs have odd ids), one at a time."""

    def __init__(self, server):
        self.count = 0
        self.failure = None
        self._client = Client(server)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._insert)

    def _insert(self):
        try:
            while not self._stop.is_set() and self.count < MOST_INSERTED:
                number = self.count * 4_999 % ROWS
                row = f"{{id: {2 * number + 1}, score: {literal(score_of(number + 5))}}}"
                self._client.data(f"mutation {{ insertIntoentryCollection(objects: [{row}]) {{ affectedCount }} }}")
                self.count += 1
        except Exception as failure:  # told to whoever walks
            self.failure = failure

    def wait_for_more(self):
        """Until something was inserted since now, as long as anything still is."""
        seen = self.count
        until(lambda: self.count > seen or not self._thread.is_alive(), "a row to be inserted")

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        self._client.close()
        if self.failure:
            raise self.failure


def walk(client, order, size, backwards, between):
    """The ids of all pages, in the order of the collection."""
    count, cursor = ("last", "before") if backwards else ("first", "after")
    more, edge = ("hasPreviousPage", "startCursor") if backwards else ("hasNextPage", "endCursor")
    query = (f"query ($at: Cursor) {{ entryCollection({count}: {size}, {cursor}: $at, orderBy: [{{score: {order}}}]) "
             f"{{ edges {{ cursor node {{ id }} }} pageInfo {{ {more} {edge} }} }} }}")
    seen, at = [], None
    while True:
        page = client.data(query, {"at": at})["entryCollection"]
        ids = [each["node"]["id"] for each in page["edges"]]
        check(ids, "a page without rows")
        seen = ids + seen if backwards else seen + ids
        equal(page["pageInfo"][edge], page["edges"][0 if backwards else -1]["cursor"], edge)
        if not page["pageInfo"][more]:
            return seen
        equal(len(ids), size, "rows of a page that is not the last")
        at = page["pageInfo"][edge]
        between()


SIZES = {"AscNullsFirst": 997, "AscNullsLast": 333, "DescNullsFirst": 641, "DescNullsLast": 150}

for backwards in (False, True):
    @on_both(f"rows inserted meanwhile make no gaps and no repeats on the way {'back' if backwards else 'forward'}")
    def _(run, engine, backwards=backwards):
        for order, size in SIZES.items():
            client = engine.serve(run, entries(), settings=PAGES)
            with Inserting(client.server) as inserting:
                seen = walk(client, order, size, backwards, inserting.wait_for_more)
            equal(len(set(seen)), len(seen), f"{order}: rows seen, each once")
            check([number for number in seen if number % 2 == 0] == in_order(order),
                  f"{order}: those of the start are not all there in their order")
            run.note(f"{order} {inserting.count} inserted, {len(seen) - ROWS} of them seen")
            client.close()


@on_both("a walk forward and one back over the same rows see the same")
def _(run, engine):
    client = engine.serve(run, entries(), settings=PAGES)
    for order, size in SIZES.items():
        equal(walk(client, order, 1000, False, lambda: None), in_order(order), f"{order} forward")
        equal(walk(client, order, size, True, lambda: None), in_order(order), f"{order} back")


FAMILIES = """
CREATE TABLE parent (id int NOT NULL PRIMARY KEY, name text);
CREATE TABLE child (id int NOT NULL PRIMARY KEY, parent_id int NOT NULL REFERENCES parent (id), score int);
INSERT INTO parent VALUES (1, 'none'), (2, 'one'), (3, 'five');
INSERT INTO child VALUES (20, 2, 1), (30, 3, NULL), (31, 3, 5), (32, 3, 5), (33, 3, 1), (34, 3, NULL);
"""
NESTED = """query ($first: Int, $last: Int, $before: Cursor, $after: Cursor, $offset: Int) {
  parentCollection(orderBy: [{id: AscNullsLast}]) { edges { node { id childCollection(
    first: $first, last: $last, before: $before, after: $after, offset: $offset, orderBy: [{score: DescNullsLast}]) {
      totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } } }"""
# 31, 32 (5), 33 (1), 30, 34 (none)


def nested(client, **variables):
    """By parent: ids, has next, has previous."""
    found = {}
    for edge in client.data(NESTED, variables)["parentCollection"]["edges"]:
        children = edge["node"]["childCollection"]
        edges, info = children["edges"], children["pageInfo"]
        equal((info["startCursor"], info["endCursor"]),
              (edges[0]["cursor"], edges[-1]["cursor"]) if edges else (None, None), "cursors of the page")
        equal(children["totalCount"], {1: 0, 2: 1, 3: 5}[edge["node"]["id"]], "totalCount")
        found[edge["node"]["id"]] = ([each["node"]["id"] for each in edges], info["hasNextPage"],
                                     info["hasPreviousPage"])
    return found


def families(run, engine):
    return engine.serve(run, FAMILIES, {"child": TOTALS})


def cursor_of(client, child):
    row = f"{{ childCollection(filter: {{id: {{eq: {child}}}}}, orderBy: [{{score: DescNullsLast}}]) {{ edges {{ cursor }} }} }}"
    return client.data(row)["childCollection"]["edges"][0]["cursor"]


@on_both("each nested connection has a page of its own, and says of itself whether there is more")
def _(run, engine):
    client = families(run, engine)
    equal(nested(client, first=2), {1: ([], False, False), 2: ([20], False, False), 3: ([31, 32], True, False)})
    equal(nested(client, first=5), {1: ([], False, False), 2: ([20], False, False), 3: ([31, 32, 33, 30, 34], False, False)})


@on_both("nested connections go on behind a cursor")
def _(run, engine):
    client = families(run, engine)
    equal(nested(client, first=2, after=cursor_of(client, 32)),
          {1: ([], False, False), 2: ([20], False, False), 3: ([33, 30], True, True)})
    equal(nested(client, first=2, after=cursor_of(client, 30)),
          {1: ([], False, False), 2: ([], False, True), 3: ([34], False, True)})


@on_both("nested connections go back from their end and from a cursor")
def _(run, engine):
    client = families(run, engine)
    equal(nested(client, last=2), {1: ([], False, False), 2: ([20], False, False), 3: ([30, 34], False, True)})
    equal(nested(client, last=2, before=cursor_of(client, 34)),
          {1: ([], False, False), 2: ([20], False, False), 3: ([33, 30], True, True)})
    equal(nested(client, last=9, before=cursor_of(client, 33)),
          {1: ([], False, False), 2: ([20], False, False), 3: ([31, 32], True, False)})


@on_both("nested connections skip rows by number")
def _(run, engine):
    client = families(run, engine)
    equal(nested(client, first=2, offset=1), {1: ([], False, False), 2: ([], False, True), 3: ([32, 33], True, True)})


@on_both("a page of no rows says whether there are any")
def _(run, engine):
    client = families(run, engine)
    equal(nested(client, first=0), {1: ([], False, False), 2: ([], True, False), 3: ([], True, False)})


@on_both("arguments that contradict each other are refused")
def _(run, engine):
    client = families(run, engine)
    for arguments in ("first: 1, last: 1", 'before: "WzFd", after: "WzFd"', 'first: 1, before: "WzFd"',
                      'last: 1, after: "WzFd"', "last: 1, offset: 1", "first: -1", 'after: "x"'):
        client.refused(f"{{ childCollection({arguments}) {{ edges {{ cursor }} }} }}")


if __name__ == "__main__":
    main(__doc__)
