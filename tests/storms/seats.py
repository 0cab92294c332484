#!/usr/bin/env python3
"""Five hundred clients want a hundred seats, by each way there is to book one: a hundred get one, and no seat is sold
twice."""

import collections
import contextlib
import itertools
import json
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import rows  # noqa: E402
from support.crowd import Rounds, percentile, together  # noqa: E402
from support.graphql import FOREVER, JSON, on_both  # noqa: E402
from support.server import REST  # noqa: E402
from support.suite import Skip, check, equal, main  # noqa: E402
from support.tokens import token  # noqa: E402
from support.waiting import until  # noqa: E402

SEATS, CLIENTS, CONNECTIONS = 100, 500, 50
NEAR = 8  # of the free seats, that many are wanted: clients meet
BATCH = "/batch/v1"
SQL = f"""
CREATE TABLE seat (id int NOT NULL PRIMARY KEY, taken_by text);
CREATE TABLE booking (seat int NOT NULL PRIMARY KEY REFERENCES seat (id), who text NOT NULL);
CREATE TABLE sale (seat int NOT NULL, who text NOT NULL);
-- only sqlite
CREATE TRIGGER sold AFTER UPDATE OF taken_by ON seat WHEN NEW.taken_by IS NOT NULL
  BEGIN INSERT INTO sale VALUES (NEW.id, NEW.taken_by); END;
-- only postgres
CREATE FUNCTION sell() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  AS $$BEGIN INSERT INTO public.sale VALUES (NEW.id, NEW.taken_by); RETURN NULL; END$$;
CREATE TRIGGER sold AFTER UPDATE OF taken_by ON seat FOR EACH ROW WHEN (NEW.taken_by IS NOT NULL)
  EXECUTE FUNCTION sell();
-- both
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {SEATS}) INSERT INTO seat (id) SELECT i FROM n;
"""
ACCESS = {"guest": {"seat": "select,update", "booking": "select,insert"}}
SETTINGS = "[locks]\nmax_leases_per_owner = 5\n"


class Guest:
    """One client, on a connection that others used before."""

    def __init__(self, number, connection, statuses):
        self.number, self.connection, self.statuses = number, connection, statuses
        self.name = f"guest {number}"
        self.random = random.Random(number)
        self.headers = {**JSON, "Authorization": f"Bearer {token({'role': 'guest', 'sub': self.name, 'exp': FOREVER})}"}

    def ask(self, method, target, body=None, **headers):
        headers = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        answer = self.connection.request(method, target, headers, None if body is None else json.dumps(body))
        code = ""
        if answer.status >= 400:
            code = " " + answer.json().get("code", "no code")
        self.statuses[f"{method} {answer.status}{code}"] += 1
        return answer

    def free(self):
        """Some seats that are free as far as anybody knows."""
        answer = self.ask("GET", f"{REST}/seat?select=id&taken_by=is.null&order=id&limit={NEAR}")
        equal(answer.status, 200, answer.text)
        return [row["id"] for row in answer.json()]


def documented(answer, *known):
    """(status, code) of a refusal that the way of booking knows; False, so that the client tries another seat."""
    found = (answer.status, answer.json().get("code"))
    check(found in known, f"not one of {known}: {answer.status} {answer.text}")
    return False


class UniqueKey:
    """The booking's key is the seat: the second one breaks it."""

    sales = "SELECT seat, who FROM booking"

    def book(self, guest, seat):
        answer = guest.ask("POST", f"{REST}/booking", {"seat": seat, "who": guest.name})
        return answer.status == 201 or documented(answer, (409, "23505"))

    def free(self, guest):
        answer = guest.ask("GET", f"{REST}/seat?select=id,booking(seat)&booking=is.null&order=id&limit={NEAR}")
        equal(answer.status, 200, answer.text)
        return [row["id"] for row in answer.json()]


class Taking:
    """The seat's row says who has it; every time that it does is a sale."""

    sales = "SELECT seat, who FROM sale"

    def free(self, guest):
        return guest.free()


class IfMatch(Taking):
    """Whoever read the free row writes it, unless somebody else did."""

    def book(self, guest, seat):
        read = guest.ask("GET", f"{REST}/seat?id=eq.{seat}", Accept="application/vnd.pgrst.object+json")
        equal(read.status, 200, read.text)
        if read.json()["taken_by"] is not None:
            return False
        tag = read.header("ETag")
        check(tag, "no ETag")
        answer = guest.ask("PATCH", f"{REST}/seat?id=eq.{seat}", {"taken_by": guest.name}, If_Match=tag)
        return answer.status == 204 or documented(answer, (412, "BLST412"))

    def is_there(self, guest):
        answer = guest.ask("GET", f"{REST}/seat?id=eq.1", Accept="application/vnd.pgrst.object+json")
        return answer.header("ETag") is not None


class RowLock(Taking):
    """A batch locks a free row, whichever nobody else has locked, and takes it."""

    def book(self, guest, _):
        free = {"id": "free", "method": "GET", "url": f"{REST}/seat?select=id&taken_by=is.null&order=id&limit=1",
                "lock": "update", "wait": "skip"}
        take = {"id": "take", "method": "PATCH", "url": f"{REST}/seat?id=eq.{{free.body[0].id}}",
                "body": {"taken_by": guest.name}, "expect": {"affected": 1}}
        answer = guest.ask("POST", BATCH, {"requests": [free, take]})
        return answer.status == 200 or documented(answer, (400, "BLST441"))  # every free seat is locked by somebody

    def is_there(self, guest):
        return guest.ask("POST", BATCH, {}).status != 404


class Lease(Taking):
    """Whoever holds the seat's lease looks at it and takes it; a holder whose lease is over finds out by its fence."""

    def __init__(self):
        self.late = itertools.count()

    def book(self, guest, seat):
        name = f"/locks/v1/seat-{seat}"
        stalls = guest.number % 25 == 0 and guest.random.random() < 0.5
        leased = guest.ask("POST", name, {"ttl": 0.1 if stalls else 20})
        if leased.status != 201:
            return documented(leased, (423, "BLST811"))
        number = leased.json()["token"]
        seen = guest.ask("GET", f"{REST}/seat?id=eq.{seat}&select=taken_by").json()[0]["taken_by"]
        taken = False
        if seen is None:
            if stalls:
                until(lambda: "token" not in guest.ask("GET", name).json(), "the lease to be over")
                next(self.late)
            answer = guest.ask("PATCH", f"{REST}/seat?id=eq.{seat}", {"taken_by": guest.name},
                               Ballast_Fence=f"seat-{seat};token={number}")
            taken = answer.status == 204 or documented(answer, (412, "BLST817"))
            check(not (taken and stalls), "a holder whose lease was over wrote all the same")
        released = guest.ask("DELETE", name, {"token": number})
        check(released.status == 204 or stalls, f"{released.status} {released.text}")
        return taken


def storm(run, engine, way):
    server = engine.server(run, SQL, settings=SETTINGS, access=ACCESS)
    told, times, rounds = collections.Counter(), [], Rounds(run.seconds)
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(server.connect(timeout=60)) for _ in range(CONNECTIONS)]
        if hasattr(way, "is_there") and not way.is_there(Guest(0, connections[0], collections.Counter())):
            raise Skip("this server cannot do that")
        for _ in rounds:
            rows.query(server.database, "UPDATE seat SET taken_by = NULL")
            for table in ("sale", "booking"):
                rows.query(server.database, f"DELETE FROM {table}")
            numbers, statuses = itertools.count(), [collections.Counter() for _ in connections]

            def one_after_the_other(worker):
                got = []
                while (number := next(numbers)) < CLIENTS:
                    guest = Guest(number, connections[worker], statuses[worker])
                    start = time.monotonic()
                    got.append((guest.name, seat_for(guest, way)))
                    times.append(time.monotonic() - start)
                return got

            got = [each for several in together(CONNECTIONS, one_after_the_other) for each in several]
            equal(len(got), CLIENTS, "clients")
            seated = sorted(name for name, seated in got if seated)
            equal(len(seated), SEATS, "clients who were told that they have a seat")
            sold = rows.query(server.database, way.sales)
            equal(len(sold), SEATS, "bookings")
            equal(len({int(seat) for seat, _ in sold}), SEATS, "seats that are booked")
            equal(sorted(who for _, who in sold), seated, "who has a seat, and who was told so")
            for counted in statuses:
                told.update(counted)
    refusals = ", ".join(f"{count}× {status}" for status, count in told.most_common() if status.split()[1] >= "400")
    late = f"; {next(way.late)} came late" if isinstance(way, Lease) else ""
    run.note(f"{rounds.count}× {SEATS} seats, half of the clients served within {percentile(times, 0.5)}, all within "
             f"{percentile(times, 1)}; refused: {refusals or 'none'}{late}")


def seat_for(guest, way):
    """Did the client get one before all were taken?"""
    while free := way.free(guest):
        if way.book(guest, guest.random.choice(free)):
            return True
    return False


def register(name, way):
    @on_both(f"{CLIENTS} clients book {SEATS} seats by {name}", alone=True)
    def _(run, engine):
        storm(run, engine, way())


register("a unique key", UniqueKey)
register("If-Match", IfMatch)
register("a row lock in a batch", RowLock)
register("a lease with a fence", Lease)

main(__doc__, seconds=15)
