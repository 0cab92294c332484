#!/usr/bin/env python3
"""Documents that are made to cost a server time or memory do not: they are refused at once, or cheap after all."""

import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.graphql import JSON, PATH, ENGINES, Client  # noqa: E402
from support.server import is_sanitized  # noqa: E402
from support.suite import check, equal, main, test  # noqa: E402

SQL = """
CREATE TABLE node_a (id int NOT NULL PRIMARY KEY, a_id int REFERENCES node_a (id), name text);
INSERT INTO node_a VALUES (1, 1, 'one');
"""
SECONDS = 0.25  # ten milliseconds on a machine of one's own; others are shared, or run sanitizers
MEMORY = 32 << 20
MEMORY_OF_VALUES = 48 << 20
TIMES = 5


def nested(depth, inner, opening="{ a ", closing="}"):
    return opening * depth + inner + closing * depth


def spreading(levels):
    """Each fragment spreads the next twice."""
    fragments = "".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }} " for n in range(levels))
    return "{ ...f0 } " + fragments + f"fragment f{levels} on Query {{ __typename }}"


def spreading_fields(levels):
    """Each fragment has the next below two fields: as many selections as leaves of a tree."""
    fragments = "".join(f"fragment f{n} on node_a {{ x: a {{ ...f{n + 1} }} y: a {{ ...f{n + 1} }} }} " for n in range(levels))
    return ("{ node_aCollection { edges { node { ...f0 } } } } " + fragments +
            f"fragment f{levels} on node_a {{ id }}")


def overlapping(count):
    """Fields of one name, each of which has to be compared with every other."""
    return "{ node_aCollection { edges { node { " + "a { id } " * count + "} } } }"


def cycle(length):
    fragments = "".join(f"fragment f{n} on Query {{ ...f{(n + 1) % length} }} " for n in range(length))
    return "{ ...f0 } " + fragments


ROWS = "{ node_aCollection(%s) { edges { node { id } } } }"
DOCUMENTS = {
    "ten thousand aliases at the root": "{ " + " ".join(f"a{n}: __typename" for n in range(10_000)) + " }",
    "ten thousand aliased collections": "{ " + " ".join(f"a{n}: node_aCollection {{ edges {{ cursor }} }}"
                                                        for n in range(10_000)) + " }",
    "a thousand collections": "{ " + " ".join(f"a{n}: node_aCollection {{ edges {{ cursor }} }}" for n in range(1000)) + " }",
    "one fragment in itself": "{ ...f } fragment f on Query { ...f }",
    "two fragments in each other": cycle(2),
    "a thousand fragments in a circle": cycle(1000),
    "a megabyte of opening braces": "{" * (1 << 20),
    "half a megabyte of opening braces": "{" * 500_000,
    "half a megabyte of opening brackets": "{ a(b: " + "[" * 500_000,
    "half a megabyte of nested fields": nested(100_000, ""),
    "half a megabyte of one name": "{ " + "a" * 500_000 + " }",
    "half a megabyte of commas": "{ a " + "," * 500_000 + " }",
    "half a megabyte of comment": "#" * 500_000,
    "half a megabyte of quotes": "{ node(nodeId: " + '"' * 240_000,
    "half a megabyte of digits": "{ node_aCollection(first: " + "1" * 500_000 + ") { edges { cursor } } }",
    "a nodeId of half a megabyte": '{ node(nodeId: "' + "a" * 500_000 + '") { nodeId } }',
    "fragments that double the fields at every level": spreading_fields(20),
    "ten thousand fields of one name": overlapping(10_000),
    "a filter nested two hundred times": ROWS % ("filter: " + nested(200, "{}", "{not: ", "}")),
    "a filter with ten thousand conditions": ROWS % ("filter: {or: [" + "{id: {eq: 1}}," * 10_000 + "]}"),
    "a list of a hundred thousand values": ROWS % ("filter: {id: {in: [" + "1," * 100_000 + "]}}"),
    "a thousand orders": ROWS % ("orderBy: [" + "{id: AscNullsLast}," * 20_000 + "]"),
    "introspection in depth": "{ __schema { types { " + nested(12, "name ", "fields { type { ", "} }") + "} } }",
    "introspection of possible types in depth": "{ __schema { types { " + nested(20, "name ", "possibleTypes { ", "}") + "} } }",
    "introspection a thousand times": "{ " + " ".join(f"a{n}: __schema {{ types {{ name fields {{ name }} }} }}"
                                                     for n in range(1000)) + " }",
    "ten thousand directives": "{ __typename " + "@skip(if: false) " * 10_000 + "}",
    "ten thousand variables": "query (" + " ".join(f"$v{n}: Int" for n in range(10_000)) + ") { __typename }",
    "ten thousand operations": " ".join(f"query q{n} {{ __typename }}" for n in range(10_000)),
    "ten thousand unknown fields": "{ " + " ".join(f"unknown{n}" for n in range(5_000)) + " }",
}
ANSWERED = {
    "forty levels of fragments that spread the next twice": spreading(40),
    "two thousand times the same field": overlapping(2_000),
    "three thousand times the same field of the schema": "{ __schema { " + "queryType { name } " * 3_000 + "} }",
}
VARIABLES = {
    "a variable nested ten thousand times": ("query ($f: node_aFilter) " + ROWS % "filter: $f",
                                             '{"f":' + nested(10_000, "{}", '{"not":', "}") + "}"),
    "a variable of half a million values": ("query ($f: [Int!]) " + ROWS % "filter: {id: {in: $f}}",
                                            '{"f":[' + "1," * 500_000 + "1]}"),
    "a variable that is used a thousand times": ("query ($f: String) { " + " ".join(
        f"a{n}: node_aCollection(filter: {{name: {{eq: $f}}}}) {{ edges {{ cursor }} }}" for n in range(1000)) + " }",
        json.dumps({"f": "x" * 100_000})),
    "a hundred thousand variables that nobody declared": ("{ __typename @skip(if: $a) }", "{" + ",".join(
        f'"v{n}":1' for n in range(100_000)) + "}"),
}


def measure(run, body, refused=True, memory=MEMORY):
    """Sends the body a few times. The fastest answer counts: what else the machine does is not the document's fault."""
    server = ENGINES[0].server(run, SQL, settings="[graphql]\nintrospection = true\n")
    client = Client(server)
    client.data("{ node_aCollection { edges { node { id a { name } } } } }")
    before = server.memory()
    server.reset_peak()
    fastest = None
    for _ in range(TIMES):
        start = time.monotonic()
        answer = client.connection.request("POST", PATH, JSON, body)
        taken = time.monotonic() - start
        fastest = taken if fastest is None else min(fastest, taken)
        response = answer.json()
        equal(bool(response.get("errors")), refused, f"refused ({answer.text[:300]})")
        equal(bool(response.get("data")), not refused, f"executed ({answer.text[:300]})")
        check(len(answer.body) < 200_000, f"{len(answer.body)} bytes of errors")
        if answer.header("Connection") == "close":
            client = Client(server)
    growth = server.memory("VmHWM") - before
    said = response["errors"][0]["message"][:70] if refused else "answered"
    run.note(f"{fastest * 1000:.1f} ms, {growth / (1 << 20):.0f} MiB: {said}")
    check(fastest < SECONDS, f"it took {fastest:.3f} s")
    if not is_sanitized(run.ballast):
        check(growth < memory, f"it took {growth >> 20} MiB")
    equal(Client(server).data("{ __typename }"), {"__typename": "Query"}, "afterwards")


for name, document in DOCUMENTS.items():
    @test(f"refused: {name}", alone=True)
    def _(run, document=document):
        measure(run, json.dumps({"query": document}))

for name, document in ANSWERED.items():
    @test(f"cheap: {name}", alone=True)
    def _(run, document=document):
        measure(run, json.dumps({"query": document}), refused=False)

for name, (document, variables) in VARIABLES.items():
    @test(f"refused: {name}", alone=True)
    def _(run, document=document, variables=variables):
        measure(run, f'{{"query":{json.dumps(document)},"variables":{variables}}}', memory=MEMORY_OF_VALUES)


if __name__ == "__main__":
    main(__doc__)
