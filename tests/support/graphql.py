"""GraphQL against a running server, on every engine.

    @on_both("a sentence")
    def _(run, engine):
        client = engine.serve(run, sql, directives={"item": TOTALS})
        equal(client.data("{ itemCollection { totalCount } }"), ...)"""

import json
import threading

from support import cluster
from support.engines import sql_for
from support.server import create_database
from support.suite import test
from support.tokens import SECRET, token
from support.wire import Connection

PATH = "/graphql/v1"
JSON = {"Content-Type": "application/json"}
TOTALS = '{"totalCount": {"enabled": true}, "aggregate": {"enabled": true}}'
FOREVER = 4_102_444_800


class Client:
    """One connection, of one caller."""

    def __init__(self, server, role=None, timeout=60):
        self.server = server
        self.connection = Connection(server.address, timeout=timeout)
        self.headers = dict(JSON)
        if role:
            self.headers["Authorization"] = f"Bearer {token({'role': role, 'exp': FOREVER})}"

    def answer(self, query, variables=None, **more):
        """The HTTP answer."""
        body = {"query": query, **({"variables": variables} if variables else {}), **more}
        return self.connection.request("POST", PATH, self.headers, json.dumps(body))

    def ask(self, query, variables=None, **more):
        """The response as an object."""
        return self.answer(query, variables, **more).json()

    def data(self, query, variables=None):
        """The data of a request that has to succeed."""
        response = self.ask(query, variables)
        if "errors" in response or response.get("data") is None:
            raise AssertionError(f"{query}\nfailed: {json.dumps(response)[:2000]}")
        return response["data"]

    def refused(self, query, variables=None):
        """The first error of a request that has to fail and to change nothing."""
        response = self.ask(query, variables)
        if not response.get("errors") or response.get("data") is not None:
            raise AssertionError(f"{query}\nwas to fail: {json.dumps(response)[:2000]}")
        return response["errors"][0]

    def close(self):
        self.connection.close()


class Sqlite:
    name = "sqlite"

    def serve(self, run, sql, directives=None, settings="", **options):
        """A client of a new server over a new database."""
        return Client(self.server(run, sql, directives, settings, **options))

    def server(self, run, sql, directives=None, settings="", access=None, **options):
        """A new server over a new database. `access` has the tables of a role and what it may do with them."""
        for role, grants in (access or {}).items():
            settings += f"[access.{role}]\n" + "".join(f'"{table}" = "{rights}"\n' for table, rights in grants.items())
        if directives:
            settings += "[graphql.directives.tables]\n"
            settings += "".join(f"\"{table}\" = '{directive}'\n" for table, directive in directives.items())
        if access:
            settings = f'[jwt]\nsecret = "{SECRET}"\n' + settings
            options.setdefault("mode", "serve")
        number = len(list(run.folder.glob("*.db")))
        return run.server(create_database(run.folder / f"{number}.db", sql_for(self.name, sql)), settings=settings,
                          **options)


class Postgres:
    """One cluster for a test program, a database for each test."""

    name = "postgres"
    settings = {"max_connections": "300"}
    prepare = ""  # run once in the database `postgres`
    _lock = threading.Lock()
    _cluster = None
    _roles = set()

    def cluster(self):
        with self._lock:
            if Postgres._cluster is None:
                Postgres._cluster = cluster.Cluster(self.settings)
                if self.prepare:
                    Postgres._cluster.query(self.prepare)
            return Postgres._cluster

    def serve(self, run, sql, directives=None, settings="", **options):
        return Client(self.server(run, sql, directives, settings, **options))

    def server(self, run, sql, directives=None, settings="", access=None, **options):
        sql = sql_for(self.name, sql)
        for table, directive in (directives or {}).items():
            sql += f"COMMENT ON TABLE \"{table}\" IS '@graphql({directive})';\n"
        for role, grants in (access or {}).items():
            self._make_role(role)
            sql += "".join(f'GRANT {rights} ON "{table}" TO "{role}";\n' for table, rights in grants.items())
        if access:
            self._make_role("anon")
            settings = f'anon_role = "anon"\n[jwt]\nsecret = "{SECRET}"\n' + settings
            options.setdefault("mode", "serve")
        return run.server(self.cluster().create_database(sql), settings=settings, **options)

    def _make_role(self, role):
        owner = self.cluster()
        with self._lock:
            if role not in self._roles:
                owner.query(f'CREATE ROLE "{role}" NOLOGIN')
                self._roles.add(role)


ENGINES = (Sqlite(), Postgres())


def on_both(name, alone=False):
    """Registers a test for each engine."""

    def register(body):
        for engine, called in zip(ENGINES, ("SQLite", "PostgreSQL")):
            test(f"{name} ({called})", alone)(lambda run, engine=engine: body(run, engine))
        return body

    return register
