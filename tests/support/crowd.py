"""Many clients at once."""

import selectors
import threading
import time

from support.suite import check
from support.waiting import PATIENCE


def together(count, act):
    """Runs `act(number)` in `count` threads that begin at one moment; what they returned, in order of their numbers."""
    barrier = threading.Barrier(count)
    outcomes, failures = [None] * count, []

    def one(number):
        try:
            barrier.wait(60)
            outcomes[number] = act(number)
        except BaseException as failure:  # the caller's thread raises it
            failures.append(failure)

    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return outcomes


def at_one_moment(connections, requests):
    """Sends each connection its request, the last byte of all of them only when everybody is ready; the answers in
    order, and the seconds that each of them took."""
    for connection, request in zip(connections, requests, strict=True):
        connection.send(request[:-1])
    start = time.monotonic()
    for connection, request in zip(connections, requests, strict=True):
        connection.send(request[-1:])
    answers = [None] * len(connections)
    with selectors.DefaultSelector() as selector:
        for number, connection in enumerate(connections):
            selector.register(connection.socket, selectors.EVENT_READ, number)
        while selector.get_map():
            arrived = selector.select(PATIENCE * 5)
            check(arrived, f"{len(selector.get_map())} of {len(connections)} are not answered")
            for key, _ in arrived:
                answers[key.data] = (connections[key.data].answer(), time.monotonic() - start)
                selector.unregister(key.fileobj)
    return answers


class Rounds:
    """For programs that go on for a time: `for number in rounds` once at least, until the time is over."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.count = 0

    def __iter__(self):
        start = time.monotonic()
        while self.count == 0 or time.monotonic() - start < self.seconds:
            yield self.count
            self.count += 1


def percentile(times, share):
    """In milliseconds, as text."""
    check(times, "nothing was measured")
    return f"{1000 * sorted(times)[min(len(times) - 1, int(share * len(times)))]:.0f} ms"
