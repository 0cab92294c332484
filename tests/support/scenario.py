"""Reads *.scenario files (tests/scenarios/README.md)."""

import fnmatch
import json
import pathlib
import re
import urllib.parse
from dataclasses import dataclass, field

from support import comparison, tokens

ENGINES = ("sqlite", "postgres")
REQUEST = re.compile(r"([A-Z]+) (\S.*)")
STATUS = re.compile(r"(\d{3})(?: (.*))?")
HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]*): ?(.*)")
HEADER_PATTERN = re.compile(r"([A-Za-z][A-Za-z0-9-]*) ~ (.*)")
ONLY = re.compile(r"(sqlite|postgres): (\S.*)")
PER_ENGINE = re.compile(r"(skip|differs) (sqlite|postgres): (\S.*)")
UNENCODED = "/?&=.,()*:!'@$+;~-_%"  # what a scenario's target may hold as written; the rest is percent-encoded


class BadScenario(Exception):
    pass


@dataclass
class HeaderExpectation:
    name: str
    kind: str  # "is", "like", "absent"
    value: str = ""

    def matches(self, value):
        if self.kind == "absent":
            return value is None
        if value is None:
            return False
        return value == self.value if self.kind == "is" else re.fullmatch(self.value, value) is not None

    def __str__(self):
        return {"is": f"{self.name}: {self.value}", "like": f"{self.name} ~ {self.value}",
                "absent": f"no {self.name}"}[self.kind]


@dataclass
class Expectation:
    status: int
    headers: list = field(default_factory=list)
    body: object = None


@dataclass
class Step:
    where: str
    method: str
    written_target: str
    headers: list = field(default_factory=list)
    body: bytes | None = None
    expectations: dict = field(default_factory=dict)  # by engine; None: every other
    sql: dict = field(default_factory=dict)

    def target(self, prefix):
        if self.written_target.startswith("raw:"):
            return self.written_target[4:]
        if self.written_target.startswith("="):
            path = evaluated(self.written_target[1:], self.where)
        else:
            path = self.written_target
        return prefix + urllib.parse.quote(path, safe=UNENCODED)

    def written(self):
        """All that the client wrote, for comparison with what comes back."""
        words = [urllib.parse.unquote_plus(self.target("")), self.written_target, *(value for _, value in self.headers)]
        return "\n".join(words) + "\n" + (self.body or b"").decode("utf-8", "replace")

    def expectation(self, engine):
        return self.expectations.get(engine) or self.expectations[None]


@dataclass
class Case:
    title: str
    steps: list = field(default_factory=list)
    skip: dict = field(default_factory=dict)


@dataclass
class Source:
    name: str
    fixture: str = ""
    schema: dict = field(default_factory=dict)  # engine, or None for both: SQL
    mode: str = "dev"
    settings: dict = field(default_factory=dict)  # engine, or None for both: the text
    roles: list = field(default_factory=list)
    only: tuple = ()  # (engine, reason) of a file that is for one engine alone
    args: list = field(default_factory=list)
    tokens: dict = field(default_factory=dict)
    cases: list = field(default_factory=list)

    def settings_for(self, engine):
        return "".join(self.settings.get(name, "") for name in (None, engine))

    def skipped(self, case, engine):
        """Why an engine leaves a case out, or None."""
        if self.only and engine != self.only[0]:
            return self.only[1]
        return case.skip.get(engine)

    def chosen(self, case, pattern):
        if not any(c in pattern for c in "*?["):
            pattern = f"*{pattern}*"
        return fnmatch.fnmatch(self.name, pattern) or fnmatch.fnmatch(f"{self.name}: {case.title}", pattern)


def evaluated(text, where):
    """A Python expression of literals, `*` and `+`: bodies too long or too odd to write out."""
    try:
        return eval(text, {"__builtins__": {}}, {"bytes": bytes, "range": range, "str": str})  # noqa: S307: our files
    except Exception as wrong:
        raise BadScenario(f"{where}: {text}: {wrong}") from None


def with_tokens(text, made):
    def put(match):
        if match[1] not in made:
            raise BadScenario(f"no token is named {match[1]}")
        return made[match[1]]

    return re.sub(r"\{\{(\w+)\}\}", put, text)


class _Lines:
    def __init__(self, path):
        self.name = path.name
        self.lines = path.read_text(encoding="utf-8").splitlines()
        self.at = 0

    @property
    def where(self):
        return f"{self.name}:{self.at}"

    def peek(self):
        return self.lines[self.at] if self.at < len(self.lines) else None

    def next(self):
        line = self.peek()
        self.at += 1
        return line

    def indented(self):
        """The lines that are set in by four spaces, blank ones between them included."""
        found = []
        while (line := self.peek()) is not None and (line.startswith("    ") or not line.strip()):
            found.append(line[4:])
            self.at += 1
        return "\n".join(found).rstrip() + "\n"


def read(path):
    lines = _Lines(path)
    source = Source(path.stem)
    while (line := lines.peek()) is not None and not line.startswith("== "):
        lines.next()
        if line.strip() and not line.startswith("#"):
            _directive(source, line, lines)
    while (line := lines.peek()) is not None:
        lines.next()
        source.cases.append(_case(line[3:].strip(), lines))
    if not source.cases:
        raise BadScenario(f"{path.name}: no case")
    return source


def _engine(text, lines):
    """The engine that a block of the head is for; None: every one."""
    if text.strip() not in ("", *ENGINES):
        raise BadScenario(f"{lines.where}: no engine is named {text.strip()!r}")
    return text.strip() or None


def _directive(source, line, lines):
    word, _, rest = line.partition(" ")
    if word == "fixture":
        source.fixture = rest.strip()
    elif word == "schema":
        source.schema[_engine(rest, lines)] = lines.indented()
    elif word == "mode":
        source.mode = rest.strip()
    elif word == "settings":
        source.settings[_engine(rest, lines)] = lines.indented()
    elif word == "roles":
        source.roles += rest.split()
    elif word == "only":
        match = ONLY.fullmatch(rest)
        if not match:
            raise BadScenario(f"{lines.where}: expected `only ENGINE: reason`")
        source.only = (match[1], match[2])
    elif word == "args":
        source.args += rest.split()
    elif word == "token":
        name, _, claims = rest.partition(" ")
        options = {}
        while match := re.match(r"(alg|secret)=(\S+) ", claims):
            options[match[1]] = match[2]
            claims = claims[match.end():]
        source.tokens[name] = tokens.token(json.loads(claims), **options)
    else:
        raise BadScenario(f"{lines.where}: unknown directive {word!r}")


def _case(title, lines):
    case = Case(title)
    while (line := lines.peek()) is not None and not line.startswith("== "):
        lines.next()
        if not line.strip() or line.startswith("#"):
            continue
        if match := PER_ENGINE.fullmatch(line):
            if match[1] == "skip":
                case.skip[match[2]] = match[3]
            elif not case.steps:
                raise BadScenario(f"{lines.where}: `differs` belongs behind an expectation")
            else:
                _expectation(case.steps[-1], match[2], lines)
        elif match := REQUEST.fullmatch(line):
            step = Step(lines.where, match[1], match[2])
            _request(step, lines)
            _expectation(step, None, lines)
            case.steps.append(step)
        else:
            raise BadScenario(f"{lines.where}: expected a request, got {line!r}")
    if not case.steps:
        raise BadScenario(f"{lines.where}: {title!r} has no request")
    return case


def _request(step, lines):
    body = []
    while (line := lines.peek()) is not None and not STATUS.fullmatch(line):
        lines.next()
        if line.startswith(">="):
            value = evaluated(line[2:].strip(), lines.where)
            step.body = value if isinstance(value, bytes) else value.encode()
        elif line == ">" or line.startswith("> "):
            body.append(line[2:])
        elif match := HEADER.fullmatch(line):
            step.headers.append((match[1], match[2]))
        elif line.strip() and not line.startswith("#"):
            raise BadScenario(f"{lines.where}: expected a header, a body or a status, got {line!r}")
    if body:
        step.body = "\n".join(body).encode()
    if step.body is not None and not any(name.lower() == "content-type" for name, _ in step.headers):
        step.headers.append(("Content-Type", "application/json"))


def _expectation(step, engine, lines):
    while (line := lines.peek()) is not None and not line.strip():
        lines.next()
    match = STATUS.fullmatch(line or "")
    if not match:
        raise BadScenario(f"{lines.where}: expected a status, got {line!r}")
    lines.next()
    expected = Expectation(int(match[1]))
    step.expectations[engine] = expected
    if match[2]:
        _body(expected, match[2], lines)
    text = []
    while (line := lines.peek()) is not None and line.strip():
        if REQUEST.fullmatch(line) and not line.startswith("sql "):
            break
        if line.startswith("== ") or PER_ENGINE.fullmatch(line):
            break
        lines.next()
        if line.startswith("#"):
            continue
        if line.startswith("!"):
            expected.headers.append(HeaderExpectation(line[1:].strip(), "absent"))
        elif sql := re.fullmatch(r"sql (sqlite|postgres) +(.*)", line):
            step.sql[sql[1]] = sql[2]
        elif line.startswith("| ") or line == "|":
            text.append(line[2:])
        elif header := HEADER_PATTERN.fullmatch(line):
            expected.headers.append(HeaderExpectation(header[1], "like", header[2]))
        elif header := HEADER.fullmatch(line):
            expected.headers.append(HeaderExpectation(header[1], "is", header[2]))
        else:
            _body(expected, line, lines)
    if text:
        expected.body = comparison.Text("\n".join(text))


def _body(expected, first, lines):
    if first == "empty":
        expected.body = comparison.Empty()
        return
    subset = first.startswith("~ ")
    text = first[2:] if subset else first
    while True:
        try:
            value = comparison.parse(text)
            break
        except ValueError as incomplete:
            line = lines.peek()
            if line is None or not line.strip() or line.startswith("== "):
                raise BadScenario(f"{lines.where}: no JSON: {incomplete}: {text}") from None
            text += "\n" + lines.next()
    expected.body = comparison.Part(value) if subset else comparison.Whole(value)
