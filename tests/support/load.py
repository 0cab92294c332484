"""Clients that ask again and again while something happens to the server or to its database."""

import collections
import json
import threading
import time
from dataclasses import dataclass

from support.server import REST
from support.suite import check
from support.waiting import until
from support.wire import Connection

CUT = "cut"  # instead of a status: the connection ended before the answer
JSON = {"Content-Type": "application/json"}


@dataclass
class Reply:
    status: object
    code: str
    retry_after: str | None
    at: float  # when it was sent
    seconds: float
    tag: object = None  # what `ask` said it was about
    text: str = ""


def _code(answer):
    if answer.status < 400:
        return ""
    try:
        return str(answer.json().get("code"))
    except (ValueError, AttributeError):
        return "no code"


class Load:
    """`clients` threads, each with a connection of its own, from the constructor to `stop`.

    ask(client, step)   (method, target, body or None, tag): the next request of a client; None: it has enough
    headers             of every request
    patience            seconds until an answer is given up
    """

    def __init__(self, server, clients, ask, headers=None, patience=30, pause=0.0):
        self.replies = []
        self._server = server
        self._ask = ask
        self._headers = {**JSON, **(headers or {})}
        self._patience = patience
        self._pause = pause  # between a client's requests, so that two cores are left something for the database
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(number,), daemon=True) for number in range(clients)]
        for thread in self._threads:
            thread.start()

    def _run(self, number):
        connection = None
        step = 0
        while not self._ended.is_set():
            asked = self._ask(number, step)
            if asked is None:
                break
            method, target, body, tag = asked
            step += 1
            start = time.monotonic()
            try:
                if connection is None:
                    connection = Connection(self._server.address, timeout=self._patience)
                answer = connection.request(method, REST + target, self._headers, body)
                reply = Reply(answer.status, _code(answer), answer.header("Retry-After"), start,
                              time.monotonic() - start, tag, answer.text[:300] if answer.status >= 400 else "")
                if (answer.header("Connection") or "").lower() == "close":
                    connection.close()
                    connection = None
            except (OSError, AssertionError) as broken:
                reply = Reply(CUT, "", None, start, time.monotonic() - start, tag, str(broken))
                if connection is not None:
                    connection.close()
                connection = None
                self._ended.wait(0.01)
            self.replies.append(reply)
            if self._pause:
                self._ended.wait(self._pause)
        if connection is not None:
            connection.close()

    def count(self, *statuses):
        return sum(1 for reply in list(self.replies) if reply.status in statuses)

    def reach(self, more, *statuses, seconds=30):
        """Waits for so many more replies with one of the statuses."""
        goal = self.count(*statuses) + more
        until(lambda: self.count(*statuses) >= goal, f"{more} more answers {statuses}; so far {self.summary()}", seconds)

    def stop(self):
        self._ended.set()
        for thread in self._threads:
            thread.join()
        return self

    def wait(self):
        """For clients that end by themselves."""
        for thread in self._threads:
            thread.join()
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def tags(self, *statuses):
        return {reply.tag for reply in self.replies if reply.status in statuses}

    def summary(self):
        found = collections.Counter(f"{reply.status} {reply.code}".strip() for reply in list(self.replies))
        return ", ".join(f"{count}× {what}" for what, count in found.most_common()) or "none"

    def only(self, *statuses):
        """Fails unless every answer has one of these statuses, and each 503 says when to come back."""
        odd = [reply for reply in self.replies if reply.status not in statuses]
        check(not odd, f"{len(odd)} of {len(self.replies)} answers are not among {statuses}: {self.summary()}; "
                       f"the first: {odd[:1]}")
        silent = [reply for reply in self.replies if reply.status == 503 and not (reply.retry_after or "").isdigit()]
        check(not silent, f"503 without Retry-After in whole seconds: {silent[:1]}")

    def percentile(self, share, *statuses):
        """Seconds that this share of the answers needed at most."""
        times = sorted(reply.seconds for reply in self.replies if not statuses or reply.status in statuses)
        return times[min(len(times) - 1, int(share * len(times)))]


def reading(server, clients=8, target="/items?select=id,label&id=eq.1", **options):
    """Clients that read one row over and over."""
    return Load(server, clients, lambda client, step: ("GET", target, None, None), **options)


def inserting(server, clients, first_id, table="items", **options):
    """Clients that insert rows of their own; a reply's tag is the row's id."""

    def ask(client, step):
        row = first_id + step * clients + client
        return "POST", f"/{table}", json.dumps({"id": row, "label": f"c{client}"}), row

    return Load(server, clients, ask, **options)
