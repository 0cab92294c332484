#!/usr/bin/env python3
"""How many statements a GraphQL operation takes: one for each field at its root, however many rows it meets."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.graphql import ENGINES, TOTALS, Postgres, on_both  # noqa: E402
from support.suite import equal, main, test  # noqa: E402

Postgres.settings = {**Postgres.settings, "shared_preload_libraries": "pg_stat_statements"}
Postgres.prepare = "CREATE EXTENSION pg_stat_statements"
TABLES = ("parents", "children", "toys")
# Names that no other statement of the server has.
SQL = """
CREATE TABLE parents (id int NOT NULL PRIMARY KEY, name text, best_id int REFERENCES parents (id));
CREATE TABLE children (id int NOT NULL PRIMARY KEY, parent_id int NOT NULL REFERENCES parents (id), n int);
CREATE TABLE toys (id int NOT NULL PRIMARY KEY, child_id int NOT NULL REFERENCES children (id), name text);
CREATE INDEX children_parent ON children (parent_id);
CREATE INDEX toys_child ON toys (child_id);
"""
SETTINGS = "[graphql]\nmax_rows = 1000\nmax_cost = 0\n"
QUERY = """query ($first: Int) {
  parentsCollection(first: $first, orderBy: [{id: AscNullsLast}]) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { cursor node { nodeId id best { name } childrenCollection(first: 2, orderBy: [{n: DescNullsLast}]) {
      totalCount aggregate { sum { n } } pageInfo { hasNextPage }
      edges { node { id parents: parent { id } toysCollection { totalCount edges { node { id child { id } } } } } }
    } } } } }"""


def rows(parents):
    def values(made):
        return ",".join(made)

    children = 3 * parents
    return SQL + f"""
INSERT INTO parents VALUES {values(f"({n},'p{n}',{n or 'NULL'})" for n in range(parents))};
INSERT INTO children VALUES {values(f"({n},{n % parents},{n * 7 % 11})" for n in range(children))};
INSERT INTO toys VALUES {values(f"({n},{n % children},'t{n}')" for n in range(2 * children))};
"""


def counter(engine, server):
    """What counts the statements that a server has sent over these tables so far."""
    if engine.name == "sqlite":
        return lambda: int(server.metric("ballast_storage_loop_reads_total") +
                           server.metric("ballast_storage_slow_reads_total"))
    database = re.search(r"/([^/?]+)(?:\?|$)", server.database)[1]
    # It counts what came to its end: a read that took too long among the fast ones is sent once more to the slow ones.
    return lambda: int(engine.cluster().query(
        "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid "
        f"WHERE datname = '{database}' AND query ~ '\"(parents|children|toys)\"'")[0][0])


def statements_for(client, engine, query, variables=None):
    count = counter(engine, client.server)
    before = count()
    data = client.data(query, variables)
    return count() - before, data


@on_both("three levels over a thousand parents take the one statement that they take over ten", alone=True)
def _(run, engine):
    taken = {}
    for parents in (10, 1000):
        client = engine.serve(run, rows(parents), {table: TOTALS for table in TABLES}, SETTINGS)
        taken[parents], data = statements_for(client, engine, QUERY, {"first": parents})
        edges = data["parentsCollection"]["edges"]
        equal(len(edges), parents, "parents answered")
        equal(sum(len(edge["node"]["childrenCollection"]["edges"]) for edge in edges), 2 * parents, "children answered")
        equal(sum(len(child["node"]["toysCollection"]["edges"]) for edge in edges
                  for child in edge["node"]["childrenCollection"]["edges"]), 4 * parents, "toys answered")
    equal(taken, {10: 1, 1000: 1}, "statements")


@on_both("each field at the root is a statement", alone=True)
def _(run, engine):
    client = engine.serve(run, rows(10), settings=SETTINGS)
    roots = " ".join(f"r{n}: parentsCollection {{ edges {{ node {{ childrenCollection {{ edges {{ cursor }} }} }} }} }}"
                     for n in range(5))
    equal(statements_for(client, engine, f"{{ {roots} }}")[0], 5, "statements")


@on_both("what is answered from the schema takes no statement", alone=True)
def _(run, engine):
    client = engine.serve(run, rows(10), settings=SETTINGS)
    equal(statements_for(client, engine, "{ __typename __schema { types { name } } }")[0], 0, "statements")


@test("PostgreSQL compiles no statement of many levels, which takes it seconds, but runs it", alone=True)
def _(run):
    client = ENGINES[1].serve(run, rows(10), settings=SETTINGS)
    levels = "id"
    for _ in range(4):
        levels = " ".join(f"{key}: parentsCollection {{ edges {{ node {{ {levels} }} }} }}" for key in "xy")
    client.data(f"{{ {levels} }}")
    equal(ENGINES[1].cluster().query("SELECT sum(jit_functions) FROM pg_stat_statements WHERE query ~ 'parents'")[0][0],
          "0", "functions compiled")


if __name__ == "__main__":
    main(__doc__)
