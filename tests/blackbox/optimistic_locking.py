#!/usr/bin/env python3
"""Optimistic locking: rows have versions, and a write that says which it has read loses nobody's change."""

import json
import pathlib
import re
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.graphql import Client, on_both  # noqa: E402
from support.server import REST, DidNotStart  # noqa: E402
from support.suite import check, equal, main  # noqa: E402
from support.wire import Connection  # noqa: E402

OBJECT = "application/vnd.pgrst.object+json"
PROBLEM = "application/problem+json"
SQL = """
CREATE TABLE page (id int NOT NULL PRIMARY KEY, title text, body text, price numeric(10,2));
CREATE TABLE remark (id int NOT NULL PRIMARY KEY, page_id int REFERENCES page (id), text text);
CREATE TABLE counter (id int NOT NULL PRIMARY KEY, n int NOT NULL, version bigint NOT NULL DEFAULT 1);
CREATE TABLE guarded (id int NOT NULL PRIMARY KEY, name text);
CREATE TABLE pair (a int NOT NULL, b text NOT NULL, v int, PRIMARY KEY (a, b));
CREATE VIEW headline AS SELECT id, title FROM page;
INSERT INTO page VALUES (1, 'One', 'a', 1.50), (2, 'Two', NULL, NULL), (3, 'Three', 'c', 3);
INSERT INTO remark VALUES (1, 1, 'good');
INSERT INTO counter VALUES (1, 0, 1), (2, 10, 7);
INSERT INTO guarded VALUES (1, 'x');
INSERT INTO pair VALUES (1, 'x y', 1), (1, 'z', 2);
"""
SETTINGS = """
[tables.counter]
version_column = "version"
[tables.guarded]
require_if_match = true
"""


class Api:
    """REST and GraphQL of a server with these tables."""

    def __init__(self, run, engine, sql=SQL, settings=SETTINGS, **options):
        self.server = engine.server(run, sql, settings=settings, **options)
        self.client = Client(self.server)
        self.connection = self.server.connect(timeout=60)

    def __call__(self, method, target, body=None, **headers):
        fields = {"Accept": OBJECT, **{name.replace("_", "-"): value for name, value in headers.items() if value}}
        if body is not None:
            fields["Content-Type"] = "application/json"
            body = json.dumps(body)
        return self.connection.request(method, REST + target, fields, body)

    def tag(self, target, **headers):
        answer = self("GET", target, **headers)
        equal(answer.status, 200, answer.body)
        return answer.header("ETag")

    def rows(self, target):
        return self("GET", target, Accept="application/json").json()


def is_problem(answer, status, code, tag=None):
    equal((answer.status, answer.header("Content-Type")), (status, PROBLEM), answer.body)
    body = answer.json()
    equal((body["status"], body["code"]), (status, code))
    if tag:
        equal((answer.header("ETag"), body["etag"]), (tag, tag), "the current tag")
    return body


@on_both("a single row's tag goes round from GET and HEAD through PATCH, PUT and DELETE")
def _(run, engine):
    api = Api(run, engine)
    first = api.tag("/page?id=eq.1")
    check(re.fullmatch(r'"[!#-~]+"', first), f"a strong tag: {first}")
    equal(api("HEAD", "/page?id=eq.1").header("ETag"), first, "HEAD's")
    equal(api("GET", "/page?id=eq.1", Accept="application/json").header("ETag"), None, "an array's")
    changed = api("PATCH", "/page?id=eq.1", {"title": "Uno"}, If_Match=first, Prefer="return=representation")
    equal((changed.status, changed.json()["title"]), (200, "Uno"), changed.body)
    second = changed.header("ETag")
    check(second != first, "the tag changes with the row")
    equal(api.tag("/page?id=eq.1"), second, "what PATCH said of it")
    put = api("PUT", "/page?id=eq.1", {"id": 1, "title": "Un", "body": "b", "price": 2}, If_Match=second,
              Prefer="return=representation")
    equal((put.status, put.json()["title"]), (200, "Un"), put.body)
    third = put.header("ETag")
    equal(api.tag("/page?id=eq.1"), third, "what PUT said of it")
    equal(api("DELETE", "/remark?id=eq.1", If_Match=api.tag("/remark?id=eq.1"), Accept="*/*").status, 204)
    equal(api("DELETE", "/page?id=eq.1", If_Match=third, Accept="*/*").status, 204)
    equal(api.rows("/page?id=eq.1"), [])
    posted = api("POST", "/page", {"id": 9, "title": "N"}, Prefer="return=representation")
    equal(posted.header("ETag"), api.tag("/page?id=eq.9"), "what POST said of it")
    upserted = api("POST", "/page", {"id": 9, "title": "M"}, Prefer="return=representation,resolution=merge-duplicates")
    equal(upserted.header("ETag"), api.tag("/page?id=eq.9"), "what an upsert said of it")


@on_both("rows of one transaction have tags of their own, and another select has the row's")
def _(run, engine):
    api = Api(run, engine)
    check(api.tag("/page?id=eq.1") != api.tag("/page?id=eq.2"), "two rows, two tags")
    equal(api.tag("/page?id=eq.1&select=title"), api.tag("/page?id=eq.1"), "the row's version")
    equal(api("GET", "/page?id=eq.1", Prefer="count=exact").header("ETag"), api.tag("/page?id=eq.1"), "counted")
    check(api.tag("/headline?id=eq.1") != api.tag("/headline?id=eq.2"), "a view's rows have tags")
    check(api.tag("/pair?b=eq.z") != api.tag("/pair?a=eq.1&b=eq.x y".replace(" ", "%20")), "composite keys")


@on_both("a read of what the client has is 304")
def _(run, engine):
    api = Api(run, engine)
    tag = api.tag("/page?id=eq.1")
    for known in (tag, "*", f'"x", {tag}', f"W/{tag}", f"{tag[:-1]}.gzip\""):
        for method in ("GET", "HEAD"):
            answer = api(method, "/page?id=eq.1", If_None_Match=known)
            equal((answer.status, answer.header("ETag"), answer.body), (304, tag, b""), f"{method} {known}")
    equal(api("GET", "/page?id=eq.1", If_None_Match='"other"').status, 200)
    equal(api("GET", "/page?id=eq.1", If_None_Match=tag, Accept="application/json").status, 200, "of an array")
    equal(api("GET", "/page?id=eq.99", If_None_Match="*").status, 406, "of no row")
    equal(api("GET", "/page?id=eq.1", If_None_Match="x").json()["code"], "BLST418")


@on_both("a stale write is 412, with the row's tag and, if wanted, the row")
def _(run, engine):
    api = Api(run, engine)
    stale = api.tag("/page?id=eq.1")
    equal(api("PATCH", "/page?id=eq.1", {"title": "Uno"}, Accept="*/*").status, 204)
    now = api.tag("/page?id=eq.1")
    row = api("GET", "/page?id=eq.1").json()
    full = {"id": 1, "title": "x", "body": "y", "price": 1}
    for accept in ("*/*", OBJECT):
        for method, body in (("PATCH", {"title": "x"}), ("PUT", full), ("DELETE", None)):
            answer = api(method, "/page?id=eq.1", body, If_Match=stale, Accept=accept)
            check("row" not in is_problem(answer, 412, "BLST412", now), "the row was not asked for")
            answer = api(method, "/page?id=eq.1", body, If_Match=stale, Accept=accept, Prefer="return=representation")
            equal(is_problem(answer, 412, "BLST412", now)["row"], row, f"{method}'s current row")
    equal(api.rows("/page?id=eq.1"), [row], "nothing was changed")
    answer = api("PATCH", "/page?id=in.(1,2)", {"title": "x"}, If_Match='"q"', Accept="*/*")
    equal((answer.status, answer.header("ETag")), (412, None), "there is no one row")
    equal(api("PUT", "/page?id=eq.77", {**full, "id": 77}, If_Match=stale).status, 412, "a row that is gone")
    equal(api.rows("/page?id=eq.77"), [])


@on_both("a row that is not there is answered as without If-Match, but for the star")
def _(run, engine):
    api = Api(run, engine)
    for tag in (None, '"x"'):
        equal(api("PATCH", "/page?id=eq.77", {"title": "x"}, If_Match=tag, Accept="*/*").status, 204)
        equal(api("DELETE", "/page?id=eq.77", If_Match=tag, Accept="*/*").status, 204)
        equal(api("PATCH", "/page?id=eq.77", {"title": "x"}, If_Match=tag).status, 406)
    for method, body in (("PATCH", {"title": "x"}), ("PUT", {"id": 77, "title": "x"}), ("DELETE", None)):
        is_problem(api(method, "/page?id=eq.77", body, If_Match="*"), 412, "BLST412")
    equal(api("PATCH", "/page?id=eq.1", {"title": "x"}, If_Match="*", Accept="*/*").status, 204)


@on_both("If-Match takes lists, of which weak tags match nothing and each row is compared with all")
def _(run, engine):
    api = Api(run, engine)
    tags = [api.tag(f"/page?id=eq.{n}") for n in (1, 2, 3)]
    equal(api("PATCH", "/page?id=eq.1", {"title": "x"}, If_Match=f'"q", {tags[0]}', Accept="*/*").status, 204)
    equal(api("PATCH", "/page?id=eq.2", {"title": "x"}, If_Match=f"W/{tags[1]}", Accept="*/*").status, 412)
    answer = api("PATCH", "/page?id=in.(1,2,3)", {"title": "y"}, If_Match=", ".join(tags), Accept="*/*",
                 Prefer="count=exact")
    equal((answer.status, answer.header("Content-Range")), (204, "0-1/2"), "the first was changed meanwhile")
    equal([row["title"] for row in api.rows("/page?select=title&order=id")], ["x", "y", "y"])
    for bad in ("x", '"a" "b"', "W/*", '"a', '"a b"', ","):
        answer = api("PATCH", "/page?id=eq.1", {"title": "z"}, If_Match=bad, Accept="*/*")
        equal((answer.status, answer.json()["code"]), (400, "BLST418"), bad)
    equal(api("POST", "/page", {"id": 5}, If_Match='"x"', Accept="*/*").json()["code"], "BLST418")
    equal(api("PATCH", "/page?id=eq.1", {"title": "z"}, If_None_Match="*", Accept="*/*").json()["code"], "BLST418")


@on_both("If-None-Match: * lets PUT only create")
def _(run, engine):
    api = Api(run, engine)
    row = {"id": 8, "title": "t", "body": None, "price": None}
    made = api("PUT", "/page?id=eq.8", row, If_None_Match="*", Prefer="return=representation")
    equal((made.status, made.json(), made.header("ETag")), (201, row, api.tag("/page?id=eq.8")))
    again = api("PUT", "/page?id=eq.8", {**row, "title": "u"}, If_None_Match="*", Prefer="return=representation")
    equal(is_problem(again, 412, "BLST412", made.header("ETag"))["row"], row)
    is_problem(api("PUT", "/page?id=eq.8", {**row, "title": "u"}, If_None_Match="*", Accept="*/*"), 412, "BLST412",
               made.header("ETag"))
    equal(api.rows("/page?id=eq.8"), [row])


@on_both("the tag of a row with embeds covers the embedded rows")
def _(run, engine):
    api = Api(run, engine)
    target = "/page?id=eq.1&select=*,remark(text)"
    bare, whole = api.tag("/page?id=eq.1"), api.tag(target)
    check(whole.startswith(bare[:-1] + "."), f"the row's version and more: {whole}")
    equal(api("HEAD", target).header("ETag"), whole, "HEAD's")
    equal(api("GET", target, If_None_Match=whole).status, 304)
    equal(api("PATCH", "/remark?id=eq.1", {"text": "bad"}, Accept="*/*").status, 204)
    other = api.tag(target)
    check(other != whole and api.tag("/page?id=eq.1") == bare, "only the embedded row changed")
    equal(api("GET", target, If_None_Match=whole).status, 200)
    changed = api("PATCH", target, {"title": "x"}, If_Match=whole, Prefer="return=representation")
    equal((changed.status, changed.header("ETag")), (200, api.tag(target)), "If-Match is about the row itself")
    answer = api("PATCH", target, {"title": "x"}, If_Match=whole, Prefer="return=representation")
    problem = is_problem(answer, 412, "BLST412", api.tag(target))
    equal(problem["row"]["remark"], [{"text": "bad"}])
    check(api.tag("/remark?id=eq.1&select=*,page(title)") != api.tag("/remark?id=eq.1"), "to-one embeds, too")
    stripped = api.tag("/page?id=eq.2", Accept=OBJECT + ";nulls=stripped")
    check(stripped != api.tag("/page?id=eq.2"), "bytes that differ have tags that differ")


@on_both("a compressed answer has a tag of its own that matches all the same")
def _(run, engine):
    api = Api(run, engine)
    api("PATCH", "/page?id=eq.1", {"body": "long " * 2000}, Accept="*/*")
    plain = api.tag("/page?id=eq.1")
    answer = api("GET", "/page?id=eq.1", Accept_Encoding="gzip")
    equal((answer.header("Content-Encoding"), answer.header("ETag")), ("gzip", plain[:-1] + '.gzip"'))
    tag = answer.header("ETag")
    equal(api("GET", "/page?id=eq.1", Accept_Encoding="gzip", If_None_Match=tag).status, 304)
    equal(api("PATCH", "/page?id=eq.1", {"title": "x"}, Accept="*/*", If_Match=tag).status, 204)
    equal(api("PATCH", "/page?id=eq.1", {"title": "x"}, Accept="*/*", If_Match=tag).status, 412)


@on_both("a version column is the tag, counts every update, and is not the client's to set")
def _(run, engine):
    api = Api(run, engine)
    equal(api.tag("/counter?id=eq.2"), '"7"')
    changed = api("PATCH", "/counter?id=eq.2", {"n": 11}, If_Match='"7"', Prefer="return=representation")
    equal((changed.header("ETag"), changed.json()["version"]), ('"8"', 8))
    equal(api("PUT", "/counter?id=eq.2", {"id": 2, "n": 12}, Accept="*/*").status, 204)
    equal(api.tag("/counter?id=eq.2"), '"9"', )
    merged = api("POST", "/counter", [{"id": 2, "n": 13}, {"id": 3, "n": 1}], Accept="application/json",
                 Prefer="resolution=merge-duplicates,return=representation")
    equal([(row["id"], row["version"]) for row in merged.json()], [(2, 10), (3, 1)])
    api.client.data("mutation { updatecounterCollection(set: {n: 14}, filter: {id: {eq: 2}}) { affectedCount } }")
    api.client.data("mutation { updatecounterCollection(set: {_increment: {n: 1}}, filter: {id: {eq: 2}}) { affectedCount } }")
    api.client.data("mutation { insertIntocounterCollection(objects: [{id: 2, n: 5}], onConflict: {target: [id]}) { affectedCount } }")
    equal(api.rows("/counter?id=eq.2"), [{"id": 2, "n": 5, "version": 13}])
    for method, target, body in (("PATCH", "/counter?id=eq.2", {"version": 1}), ("POST", "/counter", {"id": 4, "version": 1}),
                                 ("PUT", "/counter?id=eq.2", {"id": 2, "n": 1, "version": 13})):
        answer = api(method, target, body, Accept="*/*")
        equal((answer.status, answer.json()["code"]), (400, "BLST420"), method)
    error = api.client.refused('mutation { updatecounterCollection(set: {version: 1}) { affectedCount } }')
    equal(error["extensions"]["code"], "BLST420")


@on_both("a table can demand that versions are said")
def _(run, engine):
    api = Api(run, engine)
    for method, body in (("PATCH", {"name": "y"}), ("PUT", {"id": 1, "name": "y"}), ("DELETE", None)):
        answer = api(method, "/guarded?id=eq.1", body, Accept="*/*")
        equal((answer.status, answer.json()["code"]), (428, "BLST428"), method)
    answer = api("POST", "/guarded", {"id": 1, "name": "y"}, Accept="*/*", Prefer="resolution=merge-duplicates")
    equal((answer.status, answer.json()["code"]), (428, "BLST428"), "an upsert")
    for mutation in ('updateguardedCollection(set: {name: "y"})', "deleteFromguardedCollection",
                     'insertIntoguardedCollection(objects: [{id: 1}], onConflict: {target: [id]})'):
        error = api.client.refused("mutation { " + mutation + " { affectedCount } }")
        equal(error["extensions"]["code"], "BLST428", mutation)
    equal(api.rows("/guarded"), [{"id": 1, "name": "x"}])
    equal(api("POST", "/guarded", {"id": 2, "name": "z"}, Accept="*/*").status, 201, "an insert overwrites nothing")
    equal(api("PUT", "/guarded?id=eq.3", {"id": 3, "name": "z"}, If_None_Match="*", Accept="*/*").status, 201)
    equal(api("PATCH", "/guarded?id=eq.1", {"name": "y"}, If_Match=api.tag("/guarded?id=eq.1"), Accept="*/*").status, 204)


BULK = "resolution=merge-duplicates"


@on_both("an upsert's rows may say their versions: all are what was read, or nothing is written")
def _(run, engine):
    api = Api(run, engine)
    rows = api.rows("/page?select=id,title,$version&order=id")
    for row in rows:
        row["title"] += "!"
    answer = api("POST", "/page", rows, Prefer=BULK + ",return=representation", Accept="application/json")
    equal((answer.status, sorted(row["title"] for row in answer.json())), (200, ["One!", "Three!", "Two!"]))
    api("PATCH", "/page?id=eq.2", {"title": "2"}, Accept="*/*")
    now = api.rows("/page?order=id")
    fresh = {row["id"]: row["$version"] for row in api.rows("/page?select=id,$version")}
    stale = [{**row, "$version": fresh[row["id"]] if row["id"] == 1 else row["$version"]} for row in rows]
    answer = api("POST", "/page", stale, Prefer=BULK, Accept="*/*")
    listed = is_problem(answer, 409, "BLST419")["stale"]
    equal(sorted((entry["etag"], entry["row"]["id"], entry["row"]["title"]) for entry in listed),
          sorted((f'"{fresh[n]}"', n, {2: "2", 3: "Three!"}[n]) for n in (2, 3)))
    equal(api.rows("/page?order=id"), now, "nothing was written")
    gone = api("POST", "/page", [{"id": 50, "title": "x", "$version": "1"}], Prefer=BULK, Accept="*/*")
    equal(is_problem(gone, 409, "BLST419")["stale"], [{"key": {"id": "50"}, "row": None}])
    pairs = api.rows("/pair?select=a,b,v,$version&order=v")
    equal(api("POST", "/pair", [{**row, "v": 9} for row in pairs], Prefer=BULK, Accept="*/*").status, 200)
    listed = is_problem(api("POST", "/pair", pairs, Prefer=BULK, Accept="*/*"), 409, "BLST419")["stale"]
    equal([entry["row"]["v"] for entry in listed], [9, 9])


@on_both("per-row versions work with version columns, and are refused where they mean nothing")
def _(run, engine):
    api = Api(run, engine)
    equal(api("POST", "/counter", [{"id": 1, "n": 1, "$version": 1}, {"id": 2, "n": 2, "$version": 7}], Prefer=BULK,
              Accept="*/*").status, 200)
    equal([row["version"] for row in api.rows("/counter?order=id")], [2, 8])
    answer = api("POST", "/counter", [{"id": 1, "n": 9, "$version": 2}, {"id": 2, "n": 9, "$version": 7}], Prefer=BULK,
                 Accept="*/*")
    listed = is_problem(answer, 409, "BLST419")["stale"]
    equal(listed, [{"etag": '"8"', "row": {"id": 2, "n": 2, "version": 8}}])
    for rows, prefer in (([{"id": 1, "n": 1, "$version": "2"}], ""), ([{"id": 1, "n": 1, "$version": None}, {"id": 2, "n": 2, "$version": 8}], BULK),
                         ([{"n": 1, "$version": 2}], BULK),
                         ([{"id": 1, "n": 1, "$version": 2}, {"id": 1, "n": 2, "$version": 2}], BULK)):
        answer = api("POST", "/counter", rows, Prefer=prefer, Accept="*/*")
        equal((answer.status, answer.json()["code"]), (400, "BLST418"), rows)
    equal([row["n"] for row in api.rows("/counter?order=id")], [1, 2])


@on_both("GraphQL tells a record's version, and ifVersion demands it")
def _(run, engine):
    api = Api(run, engine)
    version = "{ pageCollection(filter: {id: {eq: 1}}) { edges { node { _version title } } } }"

    def now():
        return api.client.data(version)["pageCollection"]["edges"][0]["node"]

    update = """mutation ($v: [String!]) { updatepageCollection(set: {title: "G"}, filter: {id: {eq: 1}}, ifVersion: $v)
        { affectedCount records { id _version remarkCollection { edges { node { _version text } } } } } }"""
    first = now()["_version"]
    equal(api.tag("/page?id=eq.1"), f'"{first}"', "REST's tag")
    done = api.client.data(update, {"v": [first]})["updatepageCollection"]
    equal((done["affectedCount"], done["records"][0]["_version"]), (1, now()["_version"]))
    error = api.client.refused(update, {"v": ["x", first]})
    equal(error["extensions"]["code"], "BLST412")
    check(now()["_version"] in error["message"], error["message"])
    both = ('mutation { a: updatepageCollection(set: {title: "H"}, filter: {id: {eq: 2}}) { affectedCount } '
            'b: deleteFromremarkCollection(filter: {id: {eq: 1}}, ifVersion: "x") { affectedCount records { page { id } } } }')
    equal(api.client.refused(both)["path"], ["b"])
    equal(api.rows("/page?select=title&id=eq.2"), [{"title": "Two"}], "the whole operation is undone")
    none = api.client.data('mutation { deleteFrompageCollection(filter: {id: {eq: 77}}, ifVersion: ["x"]) { affectedCount } }')
    equal(none, {"deleteFrompageCollection": {"affectedCount": 0}}, "no record is no failure")
    remark = api.client.data("{ remarkCollection { edges { node { _version } } } }")["remarkCollection"]["edges"][0]["node"]
    gone = api.client.data("mutation ($v: [String!]) { deleteFromremarkCollection(filter: {id: {eq: 1}}, ifVersion: $v) "
                           "{ affectedCount records { page { title } } } }", {"v": [remark["_version"]]})
    equal(gone, {"deleteFromremarkCollection": {"affectedCount": 1, "records": [{"page": {"title": "G"}}]}})


@on_both("in compatible mode GraphQL has no ifVersion")
def _(run, engine):
    api = Api(run, engine, settings=SETTINGS + '[graphql]\nerrors = "compatible"\n')
    check(api.client.ask('mutation { updatepageCollection(set: {title: "G"}, ifVersion: "x") { affectedCount } }')["errors"],
          "an unknown argument")


@on_both("a declaration of what is not there keeps the server from starting")
def _(run, engine):
    for settings in ("[tables.pge]\nrequire_if_match = true\n", '[tables.page]\nversion_column = "nope"\n',
                     '[tables.page]\nversion_column = "title"\n', "[tables.page]\nlock = true\n"):
        try:
            engine.server(run, SQL, settings=settings)
        except DidNotStart:
            continue
        raise AssertionError(f"started with {settings}")


@on_both("a caller who may not read learns neither tag nor row")
def _(run, engine):
    access = {"writer": {"page": "update, delete, insert"}, "reader": {"page": "select, update"}}
    server = engine.server(run, SQL, access=access)
    writer, reader = Client(server, "writer"), Client(server, "reader")

    def ask(client, method, headers, body=None):
        return client.connection.request(method, REST + "/page?id=eq.1", {**client.headers, **headers}, body)

    tag = ask(reader, "GET", {"Accept": OBJECT}).header("ETag")
    check(tag, "a reader is told")
    for match in (tag, '"x"', "*"):
        answer = ask(writer, "PATCH", {"If-Match": match, "Prefer": "return=representation"}, '{"title":"x"}')
        equal((answer.status, answer.header("ETag"), answer.json()["code"]), (403, None, "42501"), match)
    equal(ask(reader, "PATCH", {"If-Match": '"x"'}, '{"title":"x"}').header("ETag"), tag)


@on_both("50 clients that each increment 20 times by read, If-Match and retry lose no increment", alone=True)
def _(run, engine):
    clients, steps = 50, 20
    for table, key in (("counter", "id=eq.1"), ("pair", "a=eq.1&b=eq.z")):
        column = "n" if table == "counter" else "v"
        api = Api(run, engine)
        start = api("GET", f"/{table}?{key}").json()[column]
        retries, wrong = [0] * clients, []

        def client(number):
            with Connection(api.server.address, timeout=120) as connection:
                for _ in range(steps):
                    while True:
                        read = connection.request("GET", f"{REST}/{table}?{key}", {"Accept": OBJECT})
                        body = json.dumps({column: read.json()[column] + 1})
                        headers = {"Content-Type": "application/json", "If-Match": read.header("ETag")}
                        done = connection.request("PATCH", f"{REST}/{table}?{key}", headers, body)
                        if done.status == 204:
                            break
                        if done.status != 412:
                            wrong.append(done.body)
                            return
                        retries[number] += 1

        threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        equal(wrong, [])
        equal(api("GET", f"/{table}?{key}").json()[column] - start, clients * steps, "increments")
        check(sum(retries) > 0, "no two clients ever met")
        run.note(f"{table}: {clients * steps} increments, {sum(retries)} retries")


if __name__ == "__main__":
    main(__doc__)
