"""What is in the database of a server, asked past the server."""

import contextlib
import sqlite3

from support import libpq


def query(database, sql):
    """The rows of one statement, which is committed; numbers come as numbers from SQLite, as text from PostgreSQL."""
    if "://" in str(database):
        return libpq.query(str(database), sql)
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        return [tuple(row) for row in connection.execute(sql).fetchall()]


def number(database, sql):
    """The one value of a statement, as a whole number."""
    return int(query(database, sql)[0][0])


@contextlib.contextmanager
def writing_is_blocked(database, table):
    """Nobody else's write to the table ends while this is held; reads do."""
    if "://" in str(database):
        with libpq.Session(str(database)) as session:
            session.query(f"BEGIN; LOCK TABLE {table} IN SHARE MODE")
            yield
            session.query("COMMIT")
        return
    with contextlib.closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
