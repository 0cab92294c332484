#!/usr/bin/env python3
"""Random batches that read lists and append to them, many at once: what each isolation level promises holds."""

import collections
import itertools
import json
import pathlib
import random
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.graphql import JSON, on_both  # noqa: E402
from support.history import FAILED, UNKNOWN, Append, Read, Transaction, anomalies  # noqa: E402
from support.server import REST  # noqa: E402
from support.suite import Skip, check, main  # noqa: E402
from support.wire import Connection  # noqa: E402

BATCH = "/batch/v1"
CLIENTS = 12
LISTS, APPENDS_PER_LIST, AT_A_TIME = 2000, 60, 4
NO_G1 = {"internal", "duplicate", "incompatible order", "G0", "G1a", "G1b", "G1c"}
FORBIDDEN = {
    "read committed": NO_G1,
    "repeatable read": NO_G1 | {"G-single", "lost update"},
    "serializable": NO_G1 | {"G-single", "lost update", "G2"},
}
SQL = f"""
CREATE TABLE list (id int NOT NULL PRIMARY KEY, items text NOT NULL DEFAULT '');
CREATE TABLE appending (list int NOT NULL, value int NOT NULL PRIMARY KEY);
-- only sqlite
CREATE TRIGGER append AFTER INSERT ON appending BEGIN
  UPDATE list SET items = items || ' ' || NEW.value WHERE id = NEW.list; END;
-- only postgres
DO $$BEGIN EXECUTE format($a$ALTER DATABASE %I SET deadlock_timeout = '10ms'$a$, current_database()); END$$;
CREATE FUNCTION append() RETURNS trigger LANGUAGE plpgsql
  AS $$BEGIN UPDATE list SET items = items || ' ' || NEW.value WHERE id = NEW.list; RETURN NULL; END$$;
CREATE TRIGGER append AFTER INSERT ON appending FOR EACH ROW EXECUTE FUNCTION append();
-- both
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {LISTS - 1}) INSERT INTO list (id) SELECT i FROM n;
"""


def request_of(name, operation):
    if isinstance(operation, Append):
        return {"id": name, "method": "POST", "url": f"{REST}/appending",
                "body": {"list": operation.key, "value": operation.value}}
    return {"id": name, "method": "GET", "url": f"{REST}/list?select=items&id=eq.{operation.key}"}


def values_of(listed):
    return [int(value) for value in listed[0]["items"].split()]


class Client(threading.Thread):
    """Sends batches, one after the other, and notes what became of each."""

    def __init__(self, number, server, isolation, values, until):
        super().__init__(daemon=True)
        self.number, self.server, self.isolation, self.values, self.until = number, server, isolation, values, until
        self.random = random.Random(number)
        self.history, self.statuses, self.failure = [], collections.Counter(), None

    def run(self):
        try:
            with self.server.connect(timeout=60) as connection:
                while time.monotonic() < self.until:
                    self.history.append(self.transact(connection, f"T{self.number}.{len(self.history)}"))
        except Exception as failure:  # told by the test
            self.failure = failure

    def transact(self, connection: Connection, name):
        operations = []
        for _ in range(self.random.randint(2, 5)):
            value = next(self.values)
            key = min(LISTS - AT_A_TIME, value // APPENDS_PER_LIST) + self.random.randrange(AT_A_TIME)
            operations.append(Append(key, value) if self.random.random() < 0.5 else Read(key, []))
        requests = [request_of(f"r{number}", operation) for number, operation in enumerate(operations)]
        answer = connection.request("POST", BATCH, JSON, json.dumps({"requests": requests, "isolation": self.isolation}))
        code = "" if answer.status == 200 else f" {answer.json().get('code')}"
        self.statuses[f"{answer.status}{code}"] += 1
        if answer.status == 200:
            for operation, response in zip(operations, answer.json()["responses"], strict=True):
                if isinstance(operation, Read):
                    operation.values = values_of(response["body"])
            return Transaction(name, operations)
        check(answer.status in (409, 502, 503, 504), f"{answer.status} {answer.text}")
        certain = answer.status in (409, 503)
        appends = [operation for operation in operations if isinstance(operation, Append)]
        return Transaction(name, appends, FAILED if certain else UNKNOWN)


def storm(run, engine, isolation):
    server = engine.server(run, SQL)
    if server.request("POST", BATCH, JSON, "{}").status == 404:
        raise Skip("this server has no batches")
    values = itertools.count()
    clients = [Client(number, server, isolation, values, time.monotonic() + max(run.seconds, 1)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    for client in clients:
        if client.failure:
            raise client.failure
    used = min(LISTS, next(values) // APPENDS_PER_LIST + AT_A_TIME)
    listed = server.get(f"/list?select=id,items&id=lt.{used}&order=id").json()
    history = [transaction for client in clients for transaction in client.history]
    history.append(Transaction("end", [Read(row["id"], values_of([row])) for row in listed]))
    statuses = sum((client.statuses for client in clients), collections.Counter())
    lost = appended_and_not_there(history, {(row["id"], value) for row in listed for value in values_of([row])})
    check(not lost, f"{len(lost)} acknowledged appends are lost: {lost[:5]}")
    start = time.monotonic()
    found = anomalies(history)
    kinds = collections.Counter(anomaly.kind for anomaly in found)
    run.note(f"{len(history)} batches ({', '.join(f'{count}× {status}' for status, count in statuses.most_common())}), "
             f"checked in {time.monotonic() - start:.1f} s: {dict(kinds) or 'nothing found'}")
    check(statuses["200"] > 0, f"nothing was done: {statuses}")
    wrong = [anomaly for anomaly in found if anomaly.kind in FORBIDDEN[isolation]]
    check(not wrong, f"{len(wrong)} anomalies that {isolation} forbids:\n" + "\n".join(map(str, wrong[:3])))


def appended_and_not_there(history, there):
    return [str(operation) for transaction in history if transaction.outcome == "ok" for operation in transaction.operations
            if isinstance(operation, Append) and (operation.key, operation.value) not in there]


def register(isolation):
    @on_both(f"lists under {isolation}", alone=True)
    def _(run, engine):
        storm(run, engine, isolation)


for level in FORBIDDEN:
    register(level)

main(__doc__, seconds=15)
