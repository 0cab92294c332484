#!/usr/bin/env python3
"""HTTP/1.1 as bytes on a socket: pipelining, framing, and what is refused so that no request can be smuggled."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.server import REST  # noqa: E402
from support.suite import check, equal, main, test  # noqa: E402
from support.wire import Closed  # noqa: E402

SQL = """CREATE TABLE items (id integer PRIMARY KEY, label text);
INSERT INTO items VALUES (1, 'one'), (2, 'two');"""
ONE = f"{REST}/items?id=eq.1"
HEADERS = "Host: localhost\r\n"


def get(target=ONE, headers=""):
    return f"GET {target} HTTP/1.1\r\n{HEADERS}{headers}\r\n"


def post(body, headers, target=f"{REST}/items"):
    return f"POST {target} HTTP/1.1\r\n{HEADERS}Content-Type: application/json\r\n{headers}\r\n".encode() + body


@test("requests in one packet are answered in order")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send("".join(get(f"{REST}/items?select=id&id=eq.{n % 2 + 1}") for n in range(50)))
        for n in range(50):
            equal(connection.answer().json(), [{"id": n % 2 + 1}], f"answer {n}")


@test("reads and writes in one packet are answered in order")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        batch = b""
        for n in range(10, 20):
            body = b'{"id":%d}' % n
            batch += post(body, f"Content-Length: {len(body)}\r\n") + get(f"{REST}/items?select=id&id=eq.{n}").encode()
        connection.send(batch)
        for n in range(10, 20):
            equal(connection.answer().status, 201, f"insert {n}")
            equal(connection.answer().json(), [{"id": n}], f"row {n}")


@test("a request may come byte by byte")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        for byte in get().encode():
            connection.send(bytes([byte]))
        equal(connection.answer().json(), [{"id": 1, "label": "one"}])


@test("a body in chunks, with extensions and trailers")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send(post(b'5;ext=1\r\n{"id"\r\n3\r\n:7}\r\n0\r\nX-Trailer: a\r\n\r\n', "Transfer-Encoding: chunked\r\n"))
        equal(connection.answer().status, 201)
        connection.send(get(f"{REST}/items?select=id&id=eq.7"))
        equal(connection.answer().json(), [{"id": 7}])


@test("Expect: 100-continue is answered before the body")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send(post(b"", "Content-Length: 8\r\nExpect: 100-continue\r\n"))
        equal(connection.head().status, 100)
        connection.send(b'{"id":8}')
        equal(connection.answer().status, 201)


@test("a body that is too large is refused before it is sent")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send(post(b"", "Content-Length: 50000000\r\nExpect: 100-continue\r\n"))
        equal(connection.head().status, 413)


@test("a chunked body that grows too large is refused")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send(post(b"", "Transfer-Encoding: chunked\r\n"))
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        try:
            for _ in range(40):
                connection.send(chunk)
        except OSError:
            pass
        equal(connection.answer().status, 413)


@test("HTTP/1.0 is answered and closed")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send(f"GET {ONE} HTTP/1.0\r\n\r\n")
        answer = connection.answer()
        equal(answer.status, 200)
        check(connection.closed(), "the connection stays open")


@test("Connection: close is honoured, keep-alive is the rule")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        equal(connection.request("GET", ONE).status, 200)
        answer = connection.request("GET", ONE, {"Connection": "close"})
        equal(answer.header("Connection"), "close")
        check(connection.closed(), "the connection stays open")


@test("HEAD has the headers of GET and no body")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send(get().replace("GET", "HEAD") + get())
        equal(connection.answer("HEAD").status, 200)
        equal(connection.answer().json(), [{"id": 1, "label": "one"}], "the answer behind HEAD")


@test("OPTIONS * is about the server as a whole (RFC 9110 section 9.3.7)")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send(f"OPTIONS * HTTP/1.1\r\n{HEADERS}\r\n")
        answer = connection.answer()
        check(answer.status in (200, 204), f"expected 200 or 204, got {answer.status} {answer.text}")


@test("a target in absolute form")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send(f"GET http://localhost{ONE} HTTP/1.1\r\n{HEADERS}\r\n")
        equal(connection.answer().json(), [{"id": 1, "label": "one"}])


@test("a client that closes its sending side still gets its answer")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send(get())
        connection.half_close()
        equal(connection.answer().json(), [{"id": 1, "label": "one"}])
        check(connection.closed(), "the connection stays open")


@test("a client that closes in the middle of a header or body gets nothing done")
def _(run):
    server = run.server(sql=SQL)
    for cut in (get().encode()[:20], post(b'{"id"', "Content-Length: 8\r\n"),
                post(b'8\r\n{"id":9}\r\n', "Transfer-Encoding: chunked\r\n")):
        with server.connect() as connection:
            connection.send(cut)
            connection.half_close()
            left = connection.rest()
            check(not left or left.startswith(b"HTTP/1.1 4"), f"an answer to half a request: {left[:80]!r}")
    equal(server.get("/items?id=gt.2").json(), [], "rows made by half a request")


@test("answers carry a date and no server version")
def _(run):
    answer = run.server(sql=SQL).get("/items?id=eq.1")
    check(answer.header("Date"), "no Date")
    check(not any(c.isdigit() for c in answer.header("Server") or ""), "the Server header tells the version")


SMUGGLED = f"GET {REST}/items?id=eq.2 HTTP/1.1\r\n{HEADERS}\r\n".encode()
REFUSALS = {
    "Content-Length together with Transfer-Encoding":
        (post(b"0\r\n\r\n" + SMUGGLED, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), (400,)),
    "Transfer-Encoding together with Content-Length":
        (post(b"0\r\n\r\n" + SMUGGLED, "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), (400,)),
    "two Content-Lengths that differ":
        (post(b'{"id":3}' + SMUGGLED, "Content-Length: 8\r\nContent-Length: 9\r\n"), (400,)),
    "a list of Content-Lengths": (post(b'{"id":3}' + SMUGGLED, "Content-Length: 8, 9\r\n"), (400,)),
    "a signed Content-Length": (post(b'{"id":3}', "Content-Length: +8\r\n"), (400,)),
    "a negative Content-Length": (post(b'{"id":3}', "Content-Length: -1\r\n"), (400,)),
    "a Content-Length in hexadecimal": (post(b'{"id":3}', "Content-Length: 0x8\r\n"), (400,)),
    "a Content-Length beyond 64 bits": (post(b'{"id":3}', "Content-Length: 99999999999999999999\r\n"), (400, 413)),
    "Transfer-Encoding: identity": (post(b'{"id":3}', "Transfer-Encoding: identity\r\n"), (400, 501)),
    "Transfer-Encoding: xchunked": (post(b"0\r\n\r\n", "Transfer-Encoding: xchunked\r\n"), (400, 501)),
    "Transfer-Encoding: chunked, identity": (post(b"0\r\n\r\n", "Transfer-Encoding: chunked, identity\r\n"), (400, 501)),
    "Transfer-Encoding twice":
        (post(b"0\r\n\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), (400, 501)),
    "Transfer-Encoding with a tab behind it": (post(b"0\r\n\r\n", "Transfer-Encoding : chunked\r\n"), (400,)),
    "a chunk size that is no number": (post(b"zz\r\n\r\n", "Transfer-Encoding: chunked\r\n"), (400,)),
    "a chunk size with a sign": (post(b"+5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n"), (400,)),
    "a chunk size beyond 64 bits":
        (post(b"fffffffffffffffff\r\n", "Transfer-Encoding: chunked\r\n"), (400, 413)),
    "a chunk longer than its size":
        (post(b"2\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n"), (400,)),
    "a blank in front of a header's colon": (get(headers="X-A : b\r\n"), (400,)),
    "a header without a colon": (get(headers="X-A\r\n"), (400,)),
    "a header without a name": (get(headers=": b\r\n"), (400,)),
    "a folded header": (get(headers="X-A: b\r\n c\r\n"), (400,)),
    "a NUL in a header": (get(headers="X-A: b\0c\r\n"), (400,)),
    "a bare CR in a header": (get(headers="X-A: b\rX-B: c\r\n"), (400,)),
    "two Hosts": (get(headers="Host: other\r\n"), (400,)),
    "no Host": (f"GET {ONE} HTTP/1.1\r\n\r\n", (400,)),
    "a Host with a blank in it": (f"GET {ONE} HTTP/1.1\r\nHost: a b\r\n\r\n", (400,)),
    "two blanks in the request line": (f"GET  {ONE} HTTP/1.1\r\n{HEADERS}\r\n", (400,)),
    "a tab in the request line": (f"GET\t{ONE} HTTP/1.1\r\n{HEADERS}\r\n", (400,)),
    "a control character in the target": (f"GET {ONE}\x01 HTTP/1.1\r\n{HEADERS}\r\n", (400,)),
    "no version": (f"GET {ONE}\r\n{HEADERS}\r\n", (400,)),
    "HTTP/2.0": (f"GET {ONE} HTTP/2.0\r\n{HEADERS}\r\n", (400, 505)),
    "the HTTP/2 preface": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 505)),
    "HTTP/1.1 in lower case": (f"GET {ONE} http/1.1\r\n{HEADERS}\r\n", (400, 505)),
    "a TLS handshake on the plain port": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\r\n\r\n" * 20, (400,)),
    "a header that is too long": (get(headers=f"X-A: {'a' * 40000}\r\n"), (431,)),
    "too many headers": (get(headers="".join(f"X-{n}: a\r\n" for n in range(500))), (431,)),
    "a target that is too long": (get(f"{ONE}&x=eq.{'a' * 17000}"), (414,)),
    "CONNECT": ("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n", (400, 404, 405, 501)),
}


@test("what is malformed is refused, closes the connection and is answered once")
def _(run):
    server = run.server(sql=SQL)
    wrong = []
    for why, (request, statuses) in REFUSALS.items():
        with server.connect() as connection:
            try:
                connection.send(request)
                answer = connection.answer()
                behind = connection.rest()
            except (Closed, OSError) as gone:
                wrong.append(f"{why}: no answer ({gone})")
                continue
        if answer.status not in statuses:
            wrong.append(f"{why}: expected {statuses}, got {answer.status} {answer.text[:200]}")
        if behind:
            wrong.append(f"{why}: bytes behind the refusal: {behind[:80]!r}")
        if server.process.poll() is not None:
            wrong.append(f"{why}: the server ended with {server.process.returncode}")
            break
    check(not wrong, "\n".join(wrong))
    equal(server.get("/items?select=id&order=id").json(), [{"id": 1}, {"id": 2}], "afterwards")


@test("refusals are JSON that says what was wrong")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send(f"GET {ONE} HTTP/1.1\r\n\r\n")
        answer = connection.answer()
        check("json" in (answer.header("Content-Type") or ""), f"Content-Type: {answer.header('Content-Type')}")
        check("ost" in answer.text, f"no word about the missing Host: {answer.text}")


@test("equal Content-Lengths that are repeated do not shift the next request")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send(post(b'{"id":3}', "Content-Length: 8\r\nContent-Length: 8\r\n") + get().encode())
        first = connection.answer()
        if first.status == 400:
            equal(connection.rest(), b"")
        else:
            equal(first.status, 201)
            equal(connection.answer().json(), [{"id": 1, "label": "one"}])


@test("a bare LF ends no request twice")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send(f"GET {ONE} HTTP/1.1\nHost: localhost\n\n")
        connection.half_close()
        answers = re.findall(rb"HTTP/1\.1 (\d{3}) ", connection.rest())
        check(len(answers) <= 1, f"more than one answer: {answers}")


if __name__ == "__main__":
    main(__doc__)
