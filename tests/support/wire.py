"""HTTP/1.1 over a plain socket: exactly the bytes that a test wants, and answers read strictly."""

import socket
from dataclasses import dataclass, field

from support.waiting import PATIENCE


@dataclass
class Answer:
    status: int
    reason: str
    headers: list = field(default_factory=list)  # (name, value) in order
    body: bytes = b""

    def header(self, name):
        """The value, several joined by ", ", or None."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(found) if found else None

    @property
    def text(self):
        return self.body.decode("utf-8")

    def json(self):
        import json

        return json.loads(self.body)


class Malformed(AssertionError):
    """An answer that is not HTTP/1.1."""


class Closed(AssertionError):
    """The connection ended before the answer was complete."""


class Connection:
    """One connection; `address` is (host, port) or the path of a unix socket."""

    def __init__(self, address, timeout=PATIENCE, wrap=None, receive_buffer=None):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(address)
        if wrap:
            self.socket = wrap(self.socket)
        self.buffer = bytearray()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data.encode() if isinstance(data, str) else data)

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def request(self, method, target, headers=(), body=None):
        self.send(render(method, target, headers, body))
        return self.answer(method)

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except (ConnectionResetError, BrokenPipeError):
            data = b""
        self.buffer += data
        return bool(data)

    def _until(self, mark):
        while mark not in self.buffer:
            if not self._more():
                raise Closed(f"closed while waiting for {mark!r}; read so far: {bytes(self.buffer[:200])!r}")
        found, _, self.buffer = self.buffer.partition(mark)
        return bytes(found)

    def exactly(self, count):
        """The next `count` bytes."""
        while len(self.buffer) < count:
            if not self._more():
                raise Closed(f"closed after {len(self.buffer)} of {count} bytes of the body")
        found = bytes(self.buffer[:count])
        del self.buffer[:count]
        return found

    def head(self):
        """Status line and headers of the next answer, interim answers (1xx) included."""
        lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        version, _, rest = lines[0].partition(" ")
        code, _, reason = rest.partition(" ")
        if version != "HTTP/1.1" or len(code) != 3 or not code.isdigit():
            raise Malformed(f"no status line: {lines[0]!r}")
        headers = []
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if not colon or not name or name != name.strip():
                raise Malformed(f"no header: {line!r}")
            headers.append((name, value.strip()))
        return Answer(int(code), reason, headers)

    def answer(self, method="GET"):
        """The next final answer."""
        answer = self.head()
        while answer.status < 200:
            answer = self.head()
        length, coding = answer.header("Content-Length"), answer.header("Transfer-Encoding")
        if length is not None and coding is not None:
            raise Malformed("Content-Length and Transfer-Encoding in one answer")
        if method == "HEAD" or answer.status in (204, 304):
            if answer.status == 204 and (length is not None or coding is not None):
                raise Malformed("204 with a body's headers (RFC 9110 section 8.6)")
            return answer
        if coding is not None:
            if coding.lower() != "chunked":
                raise Malformed(f"Transfer-Encoding: {coding}")
            while size := int(self._until(b"\r\n").split(b";")[0], 16):
                answer.body += self.exactly(size)
                if self.exactly(2) != b"\r\n":
                    raise Malformed("no line end after a chunk")
            while self._until(b"\r\n"):
                pass
        elif length is not None:
            answer.body = self.exactly(int(length))
        else:
            while self._more():
                pass
            answer.body, self.buffer = bytes(self.buffer), bytearray()
        return answer

    def closed(self):
        """Reads to the end of the stream; False when bytes come that nobody asked for."""
        while self._more():
            pass
        return not self.buffer

    def rest(self):
        """Everything until the other side closes."""
        while self._more():
            pass
        found, self.buffer = bytes(self.buffer), bytearray()
        return found


def render(method, target, headers=(), body=None):
    if isinstance(body, str):
        body = body.encode()
    headers = list(headers.items() if isinstance(headers, dict) else headers)
    names = {name.lower() for name, _ in headers}
    if "host" not in names:
        headers.insert(0, ("Host", "localhost"))
    if body is not None and "content-length" not in names and "transfer-encoding" not in names:
        headers.append(("Content-Length", str(len(body))))
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode("utf-8") + (body or b"")
