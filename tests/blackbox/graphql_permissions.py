#!/usr/bin/env python3
"""What a role may not do, it can neither see nor reach through GraphQL: rules on SQLite, GRANTs on PostgreSQL."""

import base64
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.graphql import ENGINES, JSON, PATH, TOTALS, Client, on_both  # noqa: E402
from support.suite import check, equal, main, test  # noqa: E402

SQL = """
CREATE TABLE author (id int NOT NULL PRIMARY KEY, name text NOT NULL UNIQUE, salary int);
CREATE TABLE book (id int NOT NULL PRIMARY KEY, author_id int REFERENCES author (id), title text);
CREATE TABLE secret (id int NOT NULL PRIMARY KEY, author_id int REFERENCES author (id), word text);
CREATE TABLE log (id int NOT NULL PRIMARY KEY, line text);
INSERT INTO author VALUES (1, 'Ann', 100), (2, 'Bob', 200);
INSERT INTO book VALUES (1, 1, 'First'), (2, 2, 'Second');
INSERT INTO secret VALUES (1, 1, 'sesame');
"""
ACCESS = {
    "reader": {"book": "select"},
    "clerk": {"author": "select,insert", "book": "select"},
    "editor": {"book": "select,update"},
    "keeper": {"author": "select", "book": "select,insert,delete", "secret": "insert"},
    "writer": {"log": "insert,update,delete"},
    "boss": {"author": "all", "book": "all", "secret": "all", "log": "all"},
}


def served(run, engine, role):
    """(a client of that role, one that may everything)"""
    server = engine.server(run, SQL, {"author": TOTALS, "secret": TOTALS}, "[graphql]\nintrospection = true\n", ACCESS)
    return Client(server, role), Client(server, "boss")


def node_id(table, *key):
    return base64.b64encode(json.dumps(["public", table, *key]).encode()).decode()


def everything(boss):
    return boss.data("""{ authorCollection(orderBy: [{id: AscNullsLast}]) { edges { node { id name salary } } }
        bookCollection(orderBy: [{id: AscNullsLast}]) { edges { node { id author_id title } } }
        secretCollection { edges { node { id word } } } logCollection { edges { node { id line } } } }""")


def forbidden(run, engine, role, *operations):
    """Each is refused, tells nothing of what it is about, and changes nothing."""
    client, boss = served(run, engine, role)
    before = everything(boss)
    for operation in operations:
        answer = client.answer(operation)
        response = answer.json()
        check(response.get("errors"), f"{role}: {operation}\ngot {answer.text}")
        check(not any((response.get("data") or {}).values()), f"{role}: {operation}\ngot {answer.text}")
        for word in ("sesame", "Ann", "100"):
            check(word not in answer.text or word in operation, f"{role}: {operation}\ntold {answer.text}")
    equal(everything(boss), before, "what is there")


@on_both("tables without a grant are in no schema")
def _(run, engine):
    client, boss = served(run, engine, "reader")
    shown = client.answer("{ __schema { types { name fields { name } inputFields { name } enumValues { name } } } }").text
    check("book" in shown, shown)
    for word in ("secret", "author\"", "authorC", "salary", "insertInto", "updatebook", "deleteFrom", "\"log"):
        check(word not in shown, f"{word} is told")
    equal(client.data('{ __type(name: "secret") { name } }'), {"__type": None})
    check("secretCollection" in boss.answer("{ __schema { queryType { fields { name } } } }").text, "boss sees it")


@on_both("tables without a grant cannot be read, nor through those with one")
def _(run, engine):
    forbidden(run, engine, "reader", "{ secretCollection { edges { node { word } } } }",
              "{ secretByPk(id: 1) { word } }",
              "{ bookCollection { edges { node { author { name } } } } }",
              "{ bookCollection { edges { node { title ... on author { name } } } } }",
              '{ bookCollection(filter: {author: {name: {eq: "Ann"}}}) { edges { node { id } } } }',
              "{ bookCollection(orderBy: [{author: {name: AscNullsLast}}]) { edges { node { id } } } }")
    forbidden(run, engine, "clerk", "{ authorCollection { edges { node { secretCollection { edges { node { word } } } } } } }",
              "{ authorCollection { edges { node { bookCollection { edges { node { author { secretCollection "
              "{ totalCount } } } } } } } } }",
              "{ authorCollection { edges { node { secretCollection { totalCount } } } } }")


@on_both("a nodeId of a table without a grant leads nowhere")
def _(run, engine):
    client, boss = served(run, engine, "reader")
    query = "query ($id: ID!) { node(nodeId: $id) { __typename nodeId ... on book { title } } }"
    equal(client.data(query, {"id": node_id("book", 1)})["node"]["title"], "First")
    equal(boss.data("query ($id: ID!) { node(nodeId: $id) { ... on secret { word } } }", {"id": node_id("secret", 1)}),
          {"node": {"word": "sesame"}})
    none, unknown, absent = (client.ask(query, {"id": node_id(*key)}) for key in (("secret", 1), ("nothing", 1),
                                                                                 ("secret", 2)))
    check(not (none.get("data") or {}).get("node"), none)
    equal(json.dumps(none), json.dumps(absent), "a row that is there and one that is not")
    equal(json.dumps(none), json.dumps(unknown), "a table that is there and one that is not")


@on_both("a nodeId of another table finds nothing in a filter")
def _(run, engine):
    client, _boss = served(run, engine, "reader")
    query = "query ($id: ID!) { bookCollection(filter: {nodeId: {eq: $id}}) { edges { node { id } } } }"
    equal(client.data(query, {"id": node_id("book", 1)}), {"bookCollection": {"edges": [{"node": {"id": 1}}]}})
    for other in (node_id("secret", 1), node_id("author", 1), node_id("book"), node_id("book", 1, 1), "x", ""):
        equal(client.data(query, {"id": other}), {"bookCollection": {"edges": []}}, other)


@on_both("who may only read writes nothing")
def _(run, engine):
    forbidden(run, engine, "reader", 'mutation { insertIntobookCollection(objects: [{id: 9, title: "x"}]) { affectedCount } }',
              'mutation { updatebookCollection(set: {title: "x"}, atMost: 9) { affectedCount } }',
              "mutation { deleteFrombookCollection(atMost: 9) { affectedCount } }")


@on_both("a nested record needs the right to insert it")
def _(run, engine):
    forbidden(run, engine, "clerk",
              'mutation { insertIntoauthorCollection(objects: [{id: 3, name: "Cid", bookCollection: [{id: 9}]}]) { affectedCount } }',
              'mutation { insertIntoauthorCollection(objects: [{id: 3, name: "Cid", secretCollection: [{id: 9}]}]) { affectedCount } }')
    forbidden(run, engine, "keeper",
              'mutation { insertIntobookCollection(objects: [{id: 9, author: {id: 3, name: "Cid"}}]) { affectedCount } }',
              'mutation { insertIntosecretCollection(objects: [{id: 9, word: "x"}]) { affectedCount } }')


@on_both("a conflict that updates needs the right to update")
def _(run, engine):
    row = '{id: 1, name: "Ann", salary: 9}'
    forbidden(run, engine, "clerk",
              f"mutation {{ insertIntoauthorCollection(objects: [{row}], onConflict: {{target: [id]}}) {{ affectedCount }} }}",
              f"mutation {{ insertIntoauthorCollection(objects: [{row}], onConflict: {{target: [id], update: [salary]}}) "
              "{ affectedCount } }",
              f"mutation {{ insertIntoauthorCollection(objects: [{row}], onConflict: {{target: [id], update: [salary]}}) "
              "{ records { salary } } }",
              f"mutation {{ insertIntoauthorCollection(objects: [{row}]) {{ affectedCount }} }}")


@on_both("a conflict that leaves what is there needs no right to update")
def _(run, engine):
    client, boss = served(run, engine, "clerk")
    equal(client.data("""mutation { insertIntoauthorCollection(objects: [{id: 1, name: "Zoe"}, {id: 3, name: "Cid"}],
        onConflict: {target: [id], update: []}) { records { name } } }"""),
          {"insertIntoauthorCollection": {"records": [{"name": "Cid"}]}})
    equal([edge["node"]["name"] for edge in everything(boss)["authorCollection"]["edges"]], ["Ann", "Bob", "Cid"])


@on_both("what is written does not tell of tables without a grant")
def _(run, engine):
    forbidden(run, engine, "editor", """mutation { updatebookCollection(set: {title: "x"}, filter: {id: {eq: 1}}) {
        records { author { name } } } }""",
              'mutation { updatebookCollection(set: {author_id: 77}, filter: {id: {eq: 1}}) { affectedCount } }')
    forbidden(run, engine, "clerk", """mutation { insertIntoauthorCollection(objects: [{id: 3, name: "Cid"}]) {
        records { secretCollection { totalCount } } } }""")


@on_both("who may write but not read is shown nothing and changes nothing")
def _(run, engine):
    client, boss = served(run, engine, "writer")
    before = everything(boss)
    for operation in ('mutation { insertIntologCollection(objects: [{id: 1, line: "x"}]) { affectedCount } }',
                      'mutation { updatelogCollection(set: {line: "x"}) { affectedCount } }',
                      "mutation { deleteFromlogCollection { affectedCount } }", "{ logCollection { edges { node { line } } } }"):
        check(client.ask(operation).get("errors"), operation)
    equal(everything(boss), before)


@on_both("rights that are there can be used")
def _(run, engine):
    client, boss = served(run, engine, "keeper")
    equal(client.data("""mutation { insertIntobookCollection(objects: [{id: 3, author_id: 1, title: "Third"}]) {
        records { author { name } } } deleteFrombookCollection(filter: {id: {eq: 2}}) { records { title author { name } } } }"""),
          {"insertIntobookCollection": {"records": [{"author": {"name": "Ann"}}]},
           "deleteFrombookCollection": {"records": [{"title": "Second", "author": {"name": "Bob"}}]}})
    editor = Client(boss.server, "editor")
    equal(editor.data("mutation { updatebookCollection(set: {title: \"x\"}, filter: {id: {eq: 3}}) { records { title } } }"),
          {"updatebookCollection": {"records": [{"title": "x"}]}})


@on_both("one mutation that is not allowed stops the others of its request")
def _(run, engine):
    forbidden(run, engine, "clerk", """mutation { insertIntoauthorCollection(objects: [{id: 3, name: "Cid"}]) { affectedCount }
        again: insertIntoauthorCollection(objects: [{id: 1, name: "Ann"}], onConflict: {target: [id]}) { affectedCount } }""")


@on_both("callers without a token have what everybody has: nothing")
def _(run, engine):
    _client, boss = served(run, engine, "reader")
    for query in ("{ bookCollection { edges { node { id } } } }", "{ secretByPk(id: 1) { word } }",
                  'mutation { insertIntobookCollection(objects: [{id: 9}]) { affectedCount } }',
                  f'{{ node(nodeId: "{node_id("book", 1)}") {{ nodeId }} }}'):
        answer = boss.server.request("POST", PATH, JSON, json.dumps({"query": query}))
        check(not any((answer.json().get("data") or {}).values()), answer.text)


COLUMNS = """
CREATE TABLE person (id int PRIMARY KEY, name text, salary int);
INSERT INTO person VALUES (1, 'Ann', 100), (2, 'Bob', 200);
"""


def by_columns(run, grants):
    postgres = ENGINES[1]
    server = postgres.server(run, COLUMNS + grants, {"person": TOTALS}, "[graphql]\nintrospection = true\n",
                             {"columns": {}})
    return Client(server, "columns")


@test("columns without a grant are in no type, filter, order or aggregate (PostgreSQL)")
def _(run):
    client = by_columns(run, "GRANT SELECT (id, name) ON person TO columns;")
    check("salary" not in client.answer("{ __schema { types { fields { name } inputFields { name } enumValues { name } } } }").text,
          "salary is told")
    equal(client.data("{ personCollection { totalCount edges { node { nodeId id name } } } }")["personCollection"]["totalCount"], 2)
    for query in ("{ personCollection { edges { node { salary } } } }",
                  "{ personCollection(filter: {salary: {gt: 150}}) { edges { node { id } } } }",
                  "{ personCollection(filter: {not: {salary: {gt: 150}}}) { edges { node { id } } } }",
                  "{ personCollection(orderBy: [{salary: AscNullsLast}]) { edges { node { id } } } }",
                  "{ personCollection { aggregate { max { salary } } } }"):
        check(client.ask(query).get("errors"), query)


@test("columns without a grant are not written (PostgreSQL)")
def _(run):
    client = by_columns(run, """GRANT SELECT (id, name) ON person TO columns; GRANT INSERT (id, name) ON person TO columns;
        GRANT UPDATE (name) ON person TO columns;""")
    equal(client.data('mutation { insertIntopersonCollection(objects: [{id: 3, name: "Cid"}]) { records { name } } }'),
          {"insertIntopersonCollection": {"records": [{"name": "Cid"}]}})
    equal(client.data('mutation { updatepersonCollection(set: {name: "Dot"}, filter: {id: {eq: 3}}) { records { name } } }'),
          {"updatepersonCollection": {"records": [{"name": "Dot"}]}})
    for mutation in ("mutation { insertIntopersonCollection(objects: [{id: 4, salary: 1}]) { affectedCount } }",
                     "mutation { updatepersonCollection(set: {salary: 1}, filter: {id: {eq: 3}}) { affectedCount } }",
                     "mutation { updatepersonCollection(set: {_increment: {salary: 1}}, filter: {id: {eq: 3}}) { affectedCount } }",
                     'mutation { insertIntopersonCollection(objects: [{id: 1, name: "x"}], onConflict: {target: [id], '
                     "update: [salary]}) { affectedCount } }",
                     'mutation { insertIntopersonCollection(objects: [{id: 1, name: "x"}], onConflict: {target: [id], '
                     "update: [id]}) { affectedCount } }"):
        client.answer(mutation)
        check(client.ask(mutation).get("errors"), mutation)
    equal(client.server.request("GET", "/rest/v1/person?select=id,name&order=id", client.headers).json(),
          [{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bob"}, {"id": 3, "name": "Dot"}])


@test("rows that a policy hides are hidden from GraphQL, related ones too (PostgreSQL)")
def _(run):
    server = ENGINES[1].server(run, SQL + """
        ALTER TABLE secret ENABLE ROW LEVEL SECURITY; ALTER TABLE book ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON book TO columns USING (author_id = 1) WITH CHECK (author_id = 1);""", {"book": TOTALS}, "",
        {"columns": {"author": "select", "book": "select,insert,update,delete", "secret": "select"}})
    client = Client(server, "columns")
    equal(client.data("{ bookCollection { totalCount } secretCollection { edges { cursor } } "
                      "authorCollection(orderBy: [{id: AscNullsLast}]) { edges { node { name bookCollection { totalCount } } } } }"),
          {"bookCollection": {"totalCount": 1}, "secretCollection": {"edges": []}, "authorCollection": {"edges": [
              {"node": {"name": "Ann", "bookCollection": {"totalCount": 1}}},
              {"node": {"name": "Bob", "bookCollection": {"totalCount": 0}}}]}})
    equal(client.data('mutation { updatebookCollection(set: {title: "x"}, atMost: 9) { affectedCount } }'),
          {"updatebookCollection": {"affectedCount": 1}})
    equal(client.refused("mutation { insertIntobookCollection(objects: [{id: 9, author_id: 2}]) { affectedCount } }")
          ["extensions"]["code"], "42501")


@test("nobody becomes the connection's own user by the role \"none\" (PostgreSQL)")
def _(run):
    server = ENGINES[1].server(run, SQL + "GRANT SELECT ON book TO PUBLIC; ALTER TABLE book ENABLE ROW LEVEL SECURITY;", {},
                               "", ACCESS)
    for operation in ("{ __typename }", "{ bookCollection { edges { node { title } } } }"):
        answer = Client(server, "none").answer(operation)
        equal((answer.status, answer.json()["errors"][0]["extensions"]["code"], "data" in answer.json()),
              (401, "22023", False))


if __name__ == "__main__":
    main(__doc__)
