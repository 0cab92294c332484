"""Comparing bodies: JSON exactly, with numbers as they are written, or in part; and what must hold for every answer."""

import json
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A JSON number as its text, so that 1.50 is not 1.5 and 2^63 does not lose its last digits."""

    text: str

    def __repr__(self):
        return self.text


def _members(pairs):
    found = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} stands twice in one object")
        found[key] = value
    return found


def parse(text):
    def no_constant(name):
        raise ValueError(f"{name} is no JSON")

    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=no_constant, object_pairs_hook=_members)


def shown(value):
    if isinstance(value, Number):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{shown(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(shown(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def differences(expected, got, path="$", part=False):
    """What differs, each with where; `part`: members that are not expected do not count, `/…/` is a pattern."""
    if isinstance(expected, dict) and isinstance(got, dict):
        found = []
        for key in expected:
            if key not in got:
                found.append(f"{path}.{key}: missing, expected {shown(expected[key])}")
            else:
                found += differences(expected[key], got[key], f"{path}.{key}", part)
        if not part:
            found += [f"{path}.{key}: not expected, got {shown(got[key])}" for key in got if key not in expected]
        return found
    if isinstance(expected, list) and isinstance(got, list):
        found = []
        if len(expected) != len(got):
            found.append(f"{path}: expected {len(expected)} elements, got {len(got)}: {shown(got)[:300]}")
        for index, (left, right) in enumerate(zip(expected, got)):
            found += differences(left, right, f"{path}[{index}]", part)
        return found
    if part and isinstance(expected, str) and len(expected) > 1 and expected[0] == expected[-1] == "/":
        if isinstance(got, str) and re.search(expected[1:-1], got, re.S):
            return []
        return [f"{path}: expected something like {expected}, got {shown(got)}"]
    if type(expected) is type(got) and expected == got:
        return []
    return [f"{path}: expected {shown(expected)}, got {shown(got)}"]


@dataclass
class Whole:
    value: object


@dataclass
class Part:
    value: object


@dataclass
class Text:
    """Lines, however they end."""

    value: str


class Empty:
    pass


def body_problems(expected, answer):
    if expected is None:
        return []
    if isinstance(expected, Empty):
        return [f"body: expected none, got {answer.body[:300]!r}"] if answer.body else []
    if isinstance(expected, Text):
        got = answer.body.decode("utf-8", "backslashreplace").replace("\r\n", "\n").removesuffix("\n")
        return [] if got == expected.value else [f"body: expected {expected.value!r}, got {got!r}"]
    try:
        got = parse(answer.body.decode("utf-8"))
    except ValueError as wrong:
        return [f"body: no JSON ({wrong})"]
    return differences(expected.value, got, part=isinstance(expected, Part))


# What a database or its driver says about itself; none of it may reach a client.
LEAKS = re.compile(
    r"sqlite3?_\w+|SQL logic error|near \"|no such (?:table|column|function)|unrecognized token|incomplete input|"
    r"constraint failed|malformed MATCH|fts5: |"
    r"libpq|connection to server|server closed the connection|FATAL|ERROR: |\bPQ[a-z]\w+|prepared statement|"
    r"\bSELECT \w|INSERT INTO")


def invariants(request, expected_status, answer):
    """What holds for every answer, whatever a scenario expects. `request`: all that the client wrote, decoded; what
    it wrote itself may come back."""
    found = []
    if answer.status >= 500 and answer.status != expected_status:
        found.append(f"invariant: status {answer.status}")
    if answer.status >= 400 and answer.body:
        text = answer.body.decode("utf-8", "replace")
        leaked = [leak for leak in LEAKS.findall(text) if leak not in request]
        if leaked:
            found.append(f"invariant: an error shows what the database or its driver said: {leaked}")
        if (answer.header("Content-Type") or "").startswith("application/json"):
            try:
                keys = set(json.loads(text))
            except ValueError:
                keys = set()
            if keys != {"code", "message", "details", "hint"}:
                found.append(f"invariant: an error has code, message, details and hint, got {sorted(keys)}")
    return found
