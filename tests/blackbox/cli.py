#!/usr/bin/env python3
"""The command line: help, settings and where they come from, mistakes and their hints, the demo database."""

import hashlib
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.server import clean_environment, create_database  # noqa: E402
from support.suite import Skip, check, equal, main, test  # noqa: E402

SQL = "CREATE TABLE items (id integer PRIMARY KEY, label text); CREATE TABLE secrets (id integer PRIMARY KEY);"


def ballast(run, *words, env=None, status=0, timeout=30):
    """Standard output and error of a command that must end with `status` (None: not 0)."""
    try:
        done = subprocess.run([str(run.ballast), *map(str, words)], cwd=run.folder, env=clean_environment(env),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as running:
        raise AssertionError(f"{' '.join(map(str, words))} still runs after {timeout} s:\n{running.stdout}") from None
    good = done.returncode == status if status is not None else done.returncode > 0
    check(good, f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout[-1000:]}{done.stderr[-1000:]}")
    return done.stdout, done.stderr


def refused(run, words, *expected, env=None):
    """The command fails, and says everything that is expected; what it said."""
    out, err = ballast(run, *words, env=env, status=None, timeout=10)
    for text in expected:
        check(text in out + err, f"{' '.join(map(str, words))}: expected {text!r} in\n{out}{err}")
    check(len(err.strip().splitlines()) <= 12, f"more than a few lines:\n{err}")
    return out + err


def settings_of(run, *words, env=None):
    out, _ = ballast(run, "config", "--json", *words, env=env)
    return {entry["name"]: entry for entry in json.loads(out)}


@test("version")
def _(run):
    out, _ = ballast(run, "version")
    check(re.search(r"\d+\.\d+\.\d+", out), out)
    out, _ = ballast(run, "--version")
    check(re.search(r"\d+\.\d+\.\d+", out), out)


@test("help names every command, and every command has help")
def _(run):
    out, _ = ballast(run, "--help")
    for command in ("dev", "serve", "demo", "config", "routes", "version", "completions"):
        check(re.search(rf"^\s*(ballast )?{command}\b", out, re.M), f"no {command} in\n{out}")
        told, _ = ballast(run, command, "--help")
        check(command in told, f"{command} --help:\n{told}")


@test("an unknown command, with the nearest one")
def _(run):
    refused(run, ["srve"], "srve", "serve")
    refused(run, ["demoo"], "demo")


@test("an unknown flag, with the nearest one")
def _(run):
    refused(run, ["dev", "x.db", "--lissten", "127.0.0.1:0"], "--lissten", "--listen")
    refused(run, ["dev", "x.db", "--http-header-limt", "1MiB"], "--http-header-limit")
    refused(run, ["demo", "x.db", "--scael", "1"], "--scale")


@test("a flag without its value, and one argument too many")
def _(run):
    refused(run, ["dev", "x.db", "--listen"], "--listen")
    refused(run, ["dev", "a.db", "b.db"], "b.db")


@test("values of the wrong type, in flags")
def _(run):
    refused(run, ["dev", "x.db", "--listen", "nonsense"], "--listen", "nonsense", "ADDRESS:PORT")
    refused(run, ["dev", "x.db", "--listen", "127.0.0.1:99999"], "127.0.0.1:99999")
    refused(run, ["dev", "x.db", "--http-header-limit", "many"], "--http-header-limit", "many")
    refused(run, ["dev", "x.db", "--shutdown-grace", "soon"], "--shutdown-grace", "soon")


@test("a settings file that is wrong, with file, line and the nearest name")
def _(run):
    file = run.folder / "s.toml"
    file.write_text('listen = "127.0.0.1:0"\n\n[http]\nheader_limt = "32KiB"\n')
    refused(run, ["config", "--settings", file], "s.toml:4", "http.header_limt", "http.header_limit")
    file.write_text('[http]\n\nheader_limit = true\n')
    refused(run, ["config", "--settings", file], "s.toml:3", "http.header_limit")
    file.write_text('[htp]\nheader_limit = "32KiB"\n')
    refused(run, ["config", "--settings", file], "s.toml:", "htp")
    file.write_text('[http\nheader_limit = "32KiB"\n')
    refused(run, ["config", "--settings", file], "s.toml:1")
    file.write_text('[access.member]\nposts = "selct"\n')
    refused(run, ["config", "--settings", file], "s.toml:2", "selct", "select")


@test("every mistake is told at once")
def _(run):
    file = run.folder / "s.toml"
    file.write_text('lissten = "x"\n[http]\nheader_limit = true\n')
    refused(run, ["config", "--settings", file, "--shutdown-grace", "soon"], "s.toml:1", "s.toml:3", "--shutdown-grace")


@test("a settings file that does not exist")
def _(run):
    refused(run, ["config", "--settings", run.folder / "none.toml"], "none.toml")


@test("an environment variable that is wrong, with the nearest name")
def _(run):
    refused(run, ["config"], "BALLAST_HTTP_HEADER_LIMT", "BALLAST_HTTP_HEADER_LIMIT",
            env={"BALLAST_HTTP_HEADER_LIMT": "32KiB"})
    refused(run, ["config"], "BALLAST_SHUTDOWN_GRACE", env={"BALLAST_SHUTDOWN_GRACE": "soon"})


@test("a flag beats the environment beats the file beats the default")
def _(run):
    file = run.folder / "s.toml"
    file.write_text('[shutdown]\ngrace = "1s"\n')
    name = "shutdown.grace"
    environment = {"BALLAST_SHUTDOWN_GRACE": "2s"}
    equal(settings_of(run)[name]["value"], "30s", "the default")
    equal(settings_of(run, "--settings", file)[name]["value"], "1s", "the file")
    equal(settings_of(run, "--settings", file, env=environment)[name]["value"], "2s", "the environment")
    found = settings_of(run, "--settings", file, "--shutdown-grace", "3s", env=environment)[name]
    equal(found["value"], "3s", "the flag")
    equal(found["where"], "--shutdown-grace")
    equal(settings_of(run, "--settings", file)[name]["where"].rpartition("/")[2], "s.toml:2")


@test("./ballast.toml is read without being named")
def _(run):
    (run.folder / "ballast.toml").write_text('[shutdown]\ngrace = "7s"\n')
    equal(settings_of(run)["shutdown.grace"]["value"], "7s")


@test("config shows every setting and no secret")
def _(run):
    secret = "an-extremely-secret-secret-of-40-letters"
    out, _ = ballast(run, "config", "--jwt-secret", secret)
    check(secret not in out, "the secret is shown")
    check("jwt" in out and "header_limit" in out, out[:2000])
    out, _ = ballast(run, "config", "--json", env={"BALLAST_JWT_SECRET": secret})
    check(secret not in out, "the secret is shown")
    check("BALLAST_JWT_SECRET" in out, "where the secret comes from is not shown")


@test("what config prints is a settings file that says the same")
def _(run):
    out, _ = ballast(run, "config", "--shutdown-grace", "4s", "--rest-path", "/api")
    (run.folder / "again.toml").write_text(out)
    before = settings_of(run, "--shutdown-grace", "4s", "--rest-path", "/api")
    after = settings_of(run, "--settings", run.folder / "again.toml")
    wrong = [name for name in before if before[name]["value"] != after[name]["value"]]
    equal(wrong, [], "settings that changed on the way")


@test("routes lists what is served")
def _(run):
    database = create_database(run.folder / "r.db", SQL)
    out, _ = ballast(run, "routes", database)
    check("/rest/v1/items" in out and "/rest/v1/secrets" in out, out)
    check("GET" in out and "POST" in out, out)


@test("completions that the shells can read")
def _(run):
    for shell in ("bash", "zsh", "fish"):
        out, _ = ballast(run, "completions", shell)
        check("serve" in out and "listen" in out, f"{shell}:\n{out[:500]}")
        if shell == "bash":
            done = subprocess.run(["bash", "-n"], input=out, text=True, capture_output=True, check=False)
            equal(done.returncode, 0, done.stderr)
    refused(run, ["completions", "powershell"], "powershell", "bash")


@test("bash completes commands and flags")
def _(run):
    out, _ = ballast(run, "completions", "bash")
    (run.folder / "c.bash").write_text(out)

    def completed(*words):
        quoted = " ".join(f"'{word}'" for word in words)
        script = (f"source c.bash; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; COMP_LINE='{' '.join(words)}';"
                  "COMP_POINT=${#COMP_LINE}; f=$(complete -p ballast | sed 's/.*-F \\([^ ]*\\).*/\\1/');"
                  f"$f ballast '{words[-1]}' '{words[-2]}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
        done = subprocess.run(["bash", "--norc", "-c", script], cwd=run.folder, text=True, capture_output=True, check=False)
        return done.stdout.split()

    check("serve" in completed("ballast", "se"), f"{completed('ballast', 'se')}")
    check(any(word.startswith("--listen") for word in completed("ballast", "dev", "--lis")), "no --listen")


@test("serve refuses to expose tables to anonymous callers unless told in words")
def _(run):
    create_database(run.folder / "e.db", SQL)
    file = run.folder / "s.toml"
    file.write_text('[access.anon]\nitems = "select"\n')
    refused(run, ["serve", "e.db", "--settings", file, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"],
            "anon", "access.expose_anonymous")


@test("dev serves loopback alone")
def _(run):
    create_database(run.folder / "e.db", SQL)
    refused(run, ["dev", "e.db", "--listen", "0.0.0.0:0"], "0.0.0.0")


@test("the admin listener stays private unless told")
def _(run):
    create_database(run.folder / "e.db", SQL)
    refused(run, ["serve", "e.db", "--admin-listen", "0.0.0.0:0"], "admin.expose")


@test("a secret that is too short is refused")
def _(run):
    create_database(run.folder / "e.db", SQL)
    refused(run, ["serve", "e.db", "--jwt-secret", "short", "--listen", "127.0.0.1:0"], "jwt")


@test("serve does not make up a database")
def _(run):
    refused(run, ["serve", "typo.db", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"], "typo.db")
    check(not (run.folder / "typo.db").exists(), "a file was made")


@test("a database of another kind is refused, without telling its password")
def _(run):
    said = refused(run, ["dev", "mysql://me:geheim@localhost/x"], "postgres://")
    check("geheim" not in said, "the password is shown")


@test("a PostgreSQL password is shown nowhere")
def _(run):
    for words in (["config"], ["config", "--json"]):
        out, err = ballast(run, *words, "--database", "postgres://me:geheim@localhost/x?sslpassword=geheim")
        check("geheim" not in out + err, f"{words} shows the password")
        check("********" in out, f"{words} does not say that there is one")


@test("a connection string that libpq cannot read is refused at once")
def _(run):
    said = refused(run, ["serve", "postgres://me:geheim@localhost/x?no_such_keyword=1"], "libpq")
    check("geheim" not in said, "the password is shown")


def dump(path):
    connection = sqlite3.connect(path)
    digest = hashlib.sha256()
    tables = [row[0] for row in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")]
    counts = {}
    for table in tables:
        counts[table] = 0
        for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY 1, 2'):
            counts[table] += 1
            digest.update(repr(row).encode())
    violations = connection.execute("PRAGMA foreign_key_check").fetchall()
    connection.close()
    return counts, digest.hexdigest(), violations


@test("the demo database is the same each time, and whole")
def _(run):
    ballast(run, "demo", "a.db")
    ballast(run, "demo", "b.db")
    counts, first, violations = dump(run.folder / "a.db")
    _, second, _ = dump(run.folder / "b.db")
    equal(first, second, "two demo databases")
    equal(violations, [], "foreign keys that point nowhere")
    for table in ("users", "posts", "comments", "tags", "customers", "products", "order_items", "accounts",
                  "transfers", "flights", "seats", "bookings", "videos"):
        check(counts.get(table), f"no rows in {table}: {counts}")


@test("the demo database at scale 1 has about 100,000 rows", alone=True)
def _(run):
    ballast(run, "demo", "big.db", "--scale", "1", timeout=300)
    counts, _, violations = dump(run.folder / "big.db")
    total = sum(counts.values())
    run.note(f"{total} rows")
    check(80_000 <= total <= 130_000, f"{total} rows: {counts}")
    equal(violations, [], "foreign keys that point nowhere")


@test("demo does not overwrite a file")
def _(run):
    (run.folder / "mine.db").write_text("precious")
    refused(run, ["demo", "mine.db"], "mine.db")
    equal((run.folder / "mine.db").read_text(), "precious")


@test("the demo database keeps its promises")
def _(run):
    ballast(run, "demo", "d.db")
    server = run.server(run.folder / "d.db")
    posts = server.get("/posts?select=id,author:users(id),comments(id),tags()&limit=1")
    equal(posts.status, 200, posts.text)
    account = server.get("/accounts?select=id&limit=1").json()[0]["id"]
    answer = server.request("PATCH", f"/rest/v1/accounts?id=eq.{account}", {"Content-Type": "application/json"},
                            '{"balance":-1}')
    equal((answer.status, answer.json()["code"]), (400, "23514"), "a balance below zero")
    booking = server.get("/bookings?limit=1").json()[0]
    booking.pop("id", None)
    answer = server.post("/bookings", json.dumps(booking))
    equal((answer.status, answer.json()["code"]), (409, "23505"), "a seat that is taken")


@test("the man page knows every command and is well formed")
def _(run):
    page, _ = ballast(run, "man")
    for command in ("dev", "serve", "demo", "config", "routes", "explain", "version", "completions"):
        check(re.search(rf"^\.\w+.*\b{command}\b", page, re.M), f"no {command} in the man page")
    if shutil.which("man") is None:
        raise Skip("man is not installed")
    (run.folder / "ballast.1").write_text(page)
    done = subprocess.run(["man", "--warnings", "-l", run.folder / "ballast.1"], capture_output=True, text=True, check=False,
                          env=clean_environment({"LC_ALL": "C.UTF-8", "MANWIDTH": "80"}))
    warnings = [line for line in done.stderr.splitlines() if "cannot adjust" not in line]  # long words, nothing more
    equal((done.returncode, warnings), (0, []), "man --warnings")


@test("explain shows one statement per engine and asks nothing of the database")
def _(run):
    database = create_database(run.folder / "x.db", SQL)
    out, _ = ballast(run, "explain", "--json", "GET /rest/v1/items?id=eq.1&select=label", database)
    told = json.loads(out)
    equal((len(told["sqlite"]), len(told["postgres"])), (1, 1), out)
    check("?1" in told["sqlite"][0] and "$1" in told["postgres"][0], f"values are not bound: {out}")
    refused(run, ["explain", "GET /rest/v1/itms", database], "items")


if __name__ == "__main__":
    main(__doc__)
