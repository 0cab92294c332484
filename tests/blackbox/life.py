#!/usr/bin/env python3
"""A server's life: start, reload, drain, end; its listeners; what it tells about itself."""

import json
import os
import pathlib
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.server import REST, free_port  # noqa: E402
from support.suite import Skip, check, equal, main, test  # noqa: E402
from support.waiting import until  # noqa: E402
from support.wire import Connection  # noqa: E402

SQL = "CREATE TABLE items (id integer PRIMARY KEY, label text); INSERT INTO items VALUES (1, 'one');"
MANY = """CREATE TABLE items (id integer PRIMARY KEY, label text);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)
INSERT INTO items SELECT i, 'a label for row number ' || i FROM n;"""
OPEN = """[access]
expose_anonymous = true
[access.anon]
items = "select"
"""
GET = f"GET {REST}/items?id=eq.1 HTTP/1.1\r\nHost: localhost\r\n\r\n"


def refuses(address):
    try:
        with Connection(address, timeout=2) as connection:
            return connection.rest() == b""
    except OSError:
        return True


def execute(server, sql):
    connection = sqlite3.connect(server.database, timeout=20)
    with connection:
        connection.executescript(sql)
    connection.close()


@test("/live, /ready and /version answer on the private listener alone")
def _(run):
    server = run.server(sql=SQL)
    for path in ("/live", "/ready"):
        equal(server.admin(path).status, 200, path)
    version = server.admin("/version")
    equal(version.status, 200)
    check(version.json().get("version"), f"/version: {version.text}")
    told = subprocess.run([server.ballast, "version"], capture_output=True, text=True, check=True).stdout
    check(version.json()["version"] in told, f"`ballast version` says {told!r}, /version {version.text}")
    for path in ("/live", "/ready", "/metrics", "/version"):
        equal(server.request("GET", path).status, 404, f"{path} on the public listener")


@test("/metrics counts requests by route template and status")
def _(run):
    server = run.server(sql=SQL)
    for number in range(5):
        server.get(f"/items?id=eq.{number}")
    server.get("/nope")
    answer = server.admin("/metrics")
    check((answer.header("Content-Type") or "").startswith("text/plain"), f"{answer.header('Content-Type')}")
    equal(server.metric("ballast_http_requests_total", route=f"{REST}/items", method="GET", status="200"), 5.0)
    check(server.metric("ballast_http_requests_total", status="404") == 1.0, "the 404 is not counted")
    equal(server.metric("ballast_http_request_duration_seconds_count", route=f"{REST}/items"), 5.0)
    for name in ("connections", "bytes", "loop_lag", "queue", "commit"):
        check(name in answer.text, f"no metric about {name}")


@test("metrics do not grow with the names that clients make up")
def _(run):
    server = run.server(sql=SQL)
    size = None
    for number in range(300):
        server.get(f"/made_up_{number}?x{number}=eq.1")
        if number == 10:
            size = len(server.admin("/metrics").text)
    check(len(server.admin("/metrics").text) < size + 2000, "metrics grow with every unknown path")


@test("the log is one JSON object per line, without secrets")
def _(run):
    server = run.server(sql=SQL)
    server.get("/items?id=eq.1", {"Authorization": "Bearer s3cr3t-token-value", "Cookie": "session=s3cr3t"})
    until(lambda: f"{REST}/items" in server.log(), "the request's line in the log")
    check("s3cr3t" not in server.log(100_000), "a secret in the log")
    lines = [line for line in server.log(100_000).splitlines() if f"{REST}/items" in line]
    entry = json.loads(lines[-1])
    check(200 in entry.values(), f"no status in {entry}")


@test("SIGTERM lets an answer in flight finish and takes nobody in")
def _(run):
    server = run.server(sql=MANY)
    with server.connect(receive_buffer=4096) as connection:
        connection.send(f"GET {REST}/items HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head = connection.head()
        server.signal(signal.SIGTERM)
        until(lambda: refuses(server.address), "new connections to be refused")
        check(server.process.poll() is None, "the server ended with an answer in flight")
        length = int(head.header("Content-Length"))
        equal(len(connection.exactly(length)), length)
    equal(server.wait(), 0, "exit status")


@test("SIGTERM lets a request whose body is on its way finish")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send(f"POST {REST}/items HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        'Content-Length: 8\r\n\r\n{"id"')
        with server.connect() as other:  # whoever is answered here was accepted after the first
            other.send(GET)
            equal(other.answer().status, 200)
        server.signal(signal.SIGTERM)
        until(lambda: refuses(server.address), "new connections to be refused")
        connection.send(":5}")
        answer = connection.answer()
        equal(answer.status, 201)
        equal(answer.header("Connection"), "close")
        check(connection.closed(), "the connection stays open")
    equal(server.wait(), 0, "exit status")


@test("SIGTERM ends idle connections at once")
def _(run):
    server = run.server(sql=SQL)
    with server.connect() as connection:
        connection.send(GET)
        equal(connection.answer().status, 200)
        server.signal(signal.SIGTERM)
        check(connection.closed(), "bytes on an idle connection")
    equal(server.wait(), 0, "exit status")


@test("what is still in flight after the grace is cut")
def _(run):
    server = run.server(sql=MANY, settings='[shutdown]\ngrace = "200ms"\n')
    with server.connect(receive_buffer=4096) as connection:
        connection.send(f"GET {REST}/items HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.head()
        server.signal(signal.SIGTERM)
        server.wait()


@test("a second signal ends it at once")
def _(run):
    server = run.server(sql=MANY)
    with server.connect(receive_buffer=4096) as connection:
        connection.send(f"GET {REST}/items HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.head()
        server.signal(signal.SIGTERM)
        until(lambda: refuses(server.address), "the first signal to be heeded")
        server.signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            raise AssertionError("it still runs 10 s after the second signal") from None


@test("SIGHUP reads the schema again")
def _(run):
    server = run.server(sql=SQL, mode="serve", settings='[schema]\npoll_interval = "1h"\n' + OPEN + 'fresh = "select"\n')
    equal(server.get("/fresh").status, 404)
    execute(server, "CREATE TABLE fresh (id integer PRIMARY KEY); INSERT INTO fresh VALUES (7);")
    server.signal(signal.SIGHUP)
    until(lambda: server.get("/fresh").status == 200, "the new table to appear")
    equal(server.get("/fresh").json(), [{"id": 7}])


@test("SIGHUP reads the settings again")
def _(run):
    server = run.server(sql=SQL, mode="serve", settings=OPEN)
    equal(server.post("/items", '{"id":5}').status, 401)
    server.settings_file.write_text(OPEN.replace('"select"', '"select,insert"'))
    server.signal(signal.SIGHUP)
    until(lambda: server.post("/items", '{"id":5}').status == 201, "the grant to be taken over")


@test("settings that are wrong on SIGHUP leave the old ones in force")
def _(run):
    server = run.server(sql=SQL, mode="serve", settings=OPEN)
    server.settings_file.write_text(OPEN + "[nonsense]\nx = 1\n")
    size = len(server.log(1_000_000))
    server.signal(signal.SIGHUP)
    until(lambda: "nonsense" in server.log(1_000_000)[size:], "a complaint in the log")
    equal(server.get("/items?id=eq.1").status, 200)
    check(server.process.poll() is None, "the server ended")


@test("a new table appears by itself in dev")
def _(run):
    server = run.server(sql=SQL)
    equal(server.get("/fresh").status, 404)
    execute(server, "CREATE TABLE fresh (id integer PRIMARY KEY, note text); INSERT INTO fresh VALUES (7, 'n');")
    until(lambda: server.get("/fresh").status == 200, "the new table to appear")
    execute(server, "ALTER TABLE fresh ADD COLUMN extra integer DEFAULT 3;")
    until(lambda: "extra" in server.get("/fresh").text, "the new column to appear")
    execute(server, "DROP TABLE fresh;")
    until(lambda: server.get("/fresh").status == 404, "the table to go")


@test("a settings file that changes is read by itself in dev")
def _(run):
    server = run.server(sql=SQL)
    origin = {"Origin": "https://a.example"}
    server.settings_file.write_text('[cors]\nallowed_origins = ["https://a.example"]\n')
    until(lambda: server.get("/items?id=eq.1", origin).header("Access-Control-Allow-Origin") == "https://a.example",
          "the new setting to count")


@test("the schema may change under load without one failure")
def _(run):
    server = run.server(sql=SQL, settings='[schema]\npoll_interval = "50ms"\n')
    with server.connect() as connection:
        for number in range(20):
            execute(server, f"ALTER TABLE items ADD COLUMN c{number} integer;")
            for _ in range(5):
                answer = connection.request("GET", f"{REST}/items?select=id,label&id=eq.1")
                equal(answer.status, 200, answer.text)
                equal(connection.request("PATCH", f"{REST}/items?id=eq.1", {"Content-Type": "application/json"},
                                         '{"label":"x"}').status, 204)
    until(lambda: "c19" in server.get("/items?id=eq.1").text, "the last column to appear")


@test("a unix socket")
def _(run):
    path = str(run.folder / "b.sock")
    server = run.server(sql=SQL, listen=[f"unix:{path}"])
    equal(os.stat(path).st_mode & 0o777, 0o660, "the socket's mode")
    with Connection(path) as connection:
        equal(connection.request("GET", f"{REST}/items?select=id").json(), [{"id": 1}])
    server.kill()
    server.start()  # over the socket that was left behind
    with Connection(path) as connection:
        equal(connection.request("GET", f"{REST}/items?select=id").json(), [{"id": 1}])
    equal(server.stop(), 0)
    check(not os.path.exists(path), "the socket is left behind")


@test("several listeners at once")
def _(run):
    ports = [free_port(), free_port()]
    path = str(run.folder / "b.sock")
    run.server(sql=SQL, listen=[f"127.0.0.1:{ports[0]}", f"127.0.0.1:{ports[1]}", f"unix:{path}"])
    for address in [("127.0.0.1", ports[0]), ("127.0.0.1", ports[1]), path]:
        with Connection(address) as connection:
            equal(connection.request("GET", f"{REST}/items?select=id").json(), [{"id": 1}])


@test("an address that is taken is refused with its name")
def _(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = run.server(sql=SQL, listen=[f"127.0.0.1:{port}"], wait=False)
        check(server.wait() != 0, "it started on a port that is taken")
        check(str(port) in server.log(), f"the log does not name the port:\n{server.log()}")


def certificate(folder, name):
    key, cert = folder / f"{name}.key", folder / f"{name}.crt"
    try:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", key, "-out", cert, "-days", "2", "-subj", f"/CN={name}",
                        "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    except FileNotFoundError:
        raise Skip("openssl is not installed") from None
    return cert, key


def trusting(cert):
    context = ssl.create_default_context(cafile=str(cert))
    context.set_alpn_protocols(["h2", "http/1.1"])
    return lambda plain: context.wrap_socket(plain, server_hostname="localhost")


@test("TLS with ALPN; plain HTTP and old versions are refused")
def _(run):
    cert, key = certificate(run.folder, "first")
    server = run.server(sql=SQL, settings=f'[tls]\ncertificate = "{cert}"\nkey = "{key}"\n')
    with server.connect(wrap=trusting(cert)) as connection:
        equal(connection.socket.selected_alpn_protocol(), "http/1.1")
        check(connection.socket.version() in ("TLSv1.2", "TLSv1.3"), connection.socket.version())
        equal(connection.request("GET", f"{REST}/items?select=id").json(), [{"id": 1}])
        body = '{"id":2,"label":"' + "x" * 500_000 + '"}'
        equal(connection.request("POST", f"{REST}/items", {"Content-Type": "application/json"}, body).status, 201)
        equal(len(connection.request("GET", f"{REST}/items?select=label&id=eq.2").json()[0]["label"]), 500_000)
    with server.connect() as connection:
        connection.send(GET)
        check(not connection.rest().startswith(b"HTTP/1.1 200"), "plain HTTP on the TLS port")
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        server.connect(wrap=lambda plain: old.wrap_socket(plain)).close()
        raise AssertionError("TLS 1.1 was accepted")
    except (ssl.SSLError, OSError):
        pass


@test("a certificate is replaced without a restart")
def _(run):
    first, first_key = certificate(run.folder, "first")
    second, second_key = certificate(run.folder, "second")
    cert, key = run.folder / "live.crt", run.folder / "live.key"
    cert.write_bytes(first.read_bytes())
    key.write_bytes(first_key.read_bytes())
    server = run.server(sql=SQL, settings=f'[tls]\ncertificate = "{cert}"\nkey = "{key}"\n')
    server.connect(wrap=trusting(first)).close()
    cert.write_bytes(second.read_bytes())
    key.write_bytes(second_key.read_bytes())
    server.signal(signal.SIGHUP)

    def renewed():
        try:
            server.connect(wrap=trusting(second)).close()
            return True
        except ssl.SSLError:
            return False

    until(renewed, "the new certificate to be shown")


@test("systemd's sockets are taken over")
def _(run):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        port = listener.getsockname()[1]
        # sh becomes ballast, so that LISTEN_PID is its own.
        script = f'exec 3<&{listener.fileno()}; LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"'
        os.set_inheritable(listener.fileno(), True)
        admin = free_port()
        database = run.folder / "s.db"
        sqlite3.connect(database).executescript(SQL)
        process = subprocess.Popen(["sh", "-c", script, "sh", run.ballast, "dev", database, "--admin-listen",
                                    f"127.0.0.1:{admin}"], pass_fds=[listener.fileno()], cwd=run.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with Connection(("127.0.0.1", port)) as connection:  # waits in the backlog until it is served
                equal(connection.request("GET", f"{REST}/items?select=id").json(), [{"id": 1}])
        finally:
            process.terminate()
            equal(process.wait(20), 0, "exit status")


@test("systemd is told when it is ready and when it stops")
def _(run):
    path = str(run.folder / "notify.sock")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        manager.settimeout(20)
        server = run.server(sql=SQL, env={"NOTIFY_SOCKET": path})
        heard = ""
        while "READY=1" not in heard:
            heard += manager.recv(4096).decode() + "\n"
        server.signal(signal.SIGTERM)
        while "STOPPING=1" not in heard:
            heard += manager.recv(4096).decode() + "\n"


if __name__ == "__main__":
    main(__doc__)
