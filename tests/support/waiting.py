"""Waiting for a condition with a deadline. Nothing in these tests waits for time to pass."""

import time

PATIENCE = 20.0  # seconds; generous, since sanitizers are slow and machines are shared


class TooLate(AssertionError):
    """A condition did not come true before its deadline."""


def until(condition, what, seconds=PATIENCE):
    """Polls until `condition()` is truthy and returns what it gave."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TooLate(f"still waiting after {seconds:g} s: {what}")
        time.sleep(0.005)
