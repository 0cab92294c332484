"""PostgreSQL through libpq itself: as much of it as tests need to prepare databases and to get in a server's way."""

import contextlib
import ctypes
import ctypes.util
import functools
import select
import time

from support.waiting import PATIENCE, TooLate

_TUPLES, _COMMAND, _EMPTY = 2, 1, 0
_SQLSTATE = ord("C")


@functools.lru_cache
def _library():
    name = ctypes.util.find_library("pq") or "libpq.so.5"
    library = ctypes.CDLL(name)
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for function, result, *arguments in [
        ("PQconnectdb", pointer, text), ("PQstatus", number, pointer), ("PQerrorMessage", text, pointer),
        ("PQfinish", None, pointer), ("PQbackendPID", number, pointer), ("PQexec", pointer, pointer, text),
        ("PQsendQuery", number, pointer, text), ("PQgetResult", pointer, pointer), ("PQsocket", number, pointer),
        ("PQconsumeInput", number, pointer), ("PQisBusy", number, pointer), ("PQresultStatus", number, pointer),
        ("PQresultErrorMessage", text, pointer), ("PQresultErrorField", text, pointer, number),
        ("PQntuples", number, pointer), ("PQnfields", number, pointer), ("PQclear", None, pointer),
        ("PQgetvalue", text, pointer, number, number), ("PQgetisnull", number, pointer, number, number),
        ("PQping", number, text),
    ]:
        getattr(library, function).restype = result
        getattr(library, function).argtypes = arguments
    return library


class SqlError(Exception):
    """`code` is the SQLSTATE; empty when the connection is gone."""

    def __init__(self, message, code=""):
        super().__init__(message.strip())
        self.code = code


def is_accepting(url):
    return _library().PQping(url.encode()) == 0


class Session:
    """One connection. `query` gives rows as tuples of text or None; `send` leaves a statement running, `finish` gives
    its rows."""

    def __init__(self, url):
        self._pq = _library()
        self._connection = self._pq.PQconnectdb(url.encode())
        if self._pq.PQstatus(self._connection) != 0:
            message = self._pq.PQerrorMessage(self._connection).decode(errors="replace")
            self.close()
            raise SqlError(message)
        self.pid = self._pq.PQbackendPID(self._connection)

    def _rows(self, result):
        status = self._pq.PQresultStatus(result)
        try:
            if status == _TUPLES:
                return [tuple(None if self._pq.PQgetisnull(result, row, column)
                              else self._pq.PQgetvalue(result, row, column).decode()
                              for column in range(self._pq.PQnfields(result)))
                        for row in range(self._pq.PQntuples(result))]
            if status in (_COMMAND, _EMPTY):
                return []
            code = self._pq.PQresultErrorField(result, _SQLSTATE)
            message = self._pq.PQresultErrorMessage(result) or self._pq.PQerrorMessage(self._connection)
            raise SqlError(message.decode(errors="replace"), (code or b"").decode())
        finally:
            self._pq.PQclear(result)

    def query(self, sql):
        """The rows of the last of one or several statements."""
        return self._rows(self._pq.PQexec(self._connection, sql.encode()))

    def value(self, sql):
        return self.query(sql)[0][0]

    def send(self, sql):
        if not self._pq.PQsendQuery(self._connection, sql.encode()):
            raise SqlError(self._pq.PQerrorMessage(self._connection).decode(errors="replace"))

    def finish(self, seconds=PATIENCE):
        deadline = time.monotonic() + seconds
        while self._pq.PQisBusy(self._connection):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._pq.PQsocket(self._connection)], [], [], left)[0]:
                raise TooLate(f"a statement still runs after {seconds:g} s")
            self._pq.PQconsumeInput(self._connection)
        rows = []
        while result := self._pq.PQgetResult(self._connection):
            rows = self._rows(result)
        return rows

    def close(self):
        if self._connection:
            self._pq.PQfinish(self._connection)
        self._connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def query(url, sql):
    """Statements on a connection of their own; the rows of the last."""
    with contextlib.closing(Session(url)) as session:
        return session.query(sql)
