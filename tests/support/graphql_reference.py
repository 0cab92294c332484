"""What GraphQL answers over rows in memory, as simply as it can be said: SQL's three-valued logic, PostgreSQL's order
of NULLs, Relay's pages. For comparison with a server's answers."""

import base64
import functools
import json
import re
from dataclasses import dataclass, field
from decimal import Decimal

MAX_ROWS = 30
SCHEMA = "public"


class Enum(str):
    """A name that stands without quotes in a document."""


@dataclass(frozen=True)
class Column:
    name: str
    type: str  # a scalar of GraphQL
    nullable: bool


@dataclass
class Way:
    """A relationship, seen from one of its ends."""

    name: str
    source: list
    target: "Table"
    target_columns: list
    to_one: bool


@dataclass
class Table:
    name: str
    columns: list
    key: list
    ways: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    max_rows: int | None = None

    def column(self, name):
        return next((column for column in self.columns if column.name == name), None)

    def way(self, name):
        return next((way for way in self.ways if way.name == name), None)

    @property
    def field(self):
        return self.name[0].lower() + self.name[1:]


@dataclass
class Field:
    """A selected field; `selections` has fields and `Spread`s."""

    name: str
    alias: str | None = None
    arguments: dict = field(default_factory=dict)
    selections: list | None = None
    condition: tuple | None = None  # ("skip" or "include", bool)

    @property
    def key(self):
        return self.alias or self.name


@dataclass
class Spread:
    """A fragment, inline or by name."""

    type: str
    selections: list
    name: str | None = None
    condition: tuple | None = None


@dataclass(frozen=True)
class Number:
    """Compared by value: engines write numbers in ways of their own."""

    value: Decimal
    text: bool  # as a string
    slack: Decimal = Decimal(0)  # of what is computed in binary or by division


class Opaque(str):
    """A cursor or a nodeId: base64 of JSON, compared by what it says."""


# Values as they are answered


def answered(value, scalar):
    if value is None:
        return None
    if scalar in ("BigInt", "BigFloat"):
        return Number(Decimal(value), True)
    if scalar in ("Int", "Float"):
        return Number(Decimal(value), False)
    return value


def comparable(value):
    return Decimal(value) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else value


# Filters


def like(text, pattern, flags=0):
    out, at = "", 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
            out += re.escape(pattern[at])
        else:
            out += {"%": ".*", "_": "."}.get(char, re.escape(char))
        at += 1
    return re.fullmatch(out, text, re.DOTALL | flags) is not None


def matches(text, pattern, flags=0):
    return re.search(pattern.replace("$", r"\Z"), text, re.DOTALL | flags) is not None


OPERATORS = {
    "eq": lambda a, b: a == b, "neq": lambda a, b: a != b, "lt": lambda a, b: a < b, "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b, "gte": lambda a, b: a >= b, "like": like, "regex": matches,
    "ilike": lambda a, b: like(a, b, re.IGNORECASE), "iregex": lambda a, b: matches(a, b, re.IGNORECASE),
    "startsWith": lambda a, b: a.startswith(b),
    "contains": lambda a, b: all(each in a for each in b), "containedBy": lambda a, b: all(each in b for each in a),
    "overlaps": lambda a, b: any(each in b for each in a),
}


def all_of(verdicts):
    verdicts = list(verdicts)
    return False if False in verdicts else None if None in verdicts else True


def any_of(verdicts):
    return negated(all_of(negated(verdict) for verdict in verdicts))


def negated(verdict):
    return None if verdict is None else not verdict


def native(operand, scalar):
    """An operand as the rows have their values."""
    if isinstance(operand, list):
        return [native(each, scalar) for each in operand]
    return Decimal(operand) if scalar in ("BigInt", "BigFloat", "Int", "Float") else operand


def operation(value, name, operand, scalar):
    if name == "is":
        return (value is None) == (operand == "NULL")
    if name == "in" and not operand:
        return False
    if value is None:
        return None
    value, operand = comparable(value), native(operand, scalar)
    return value in operand if name == "in" else OPERATORS[name](value, operand)


def node_id(table, row):
    return json.loads(json.dumps([SCHEMA, table.name, *(row[name] for name in table.key)], default=str))


def verdict(table, row, filters):
    """True, False, or None for SQL's unknown."""
    verdicts = []
    for name, value in filters.items():
        column = table.column(name)
        if column:
            verdicts.append(all_of(operation(row[name], each, operand, column.type) for each, operand in value.items()))
        elif name == "nodeId":
            said = decoded(value["eq"])
            verdicts.append(same_json(said, node_id(table, row)))
        elif name == "not":
            verdicts.append(negated(verdict(table, row, value)))
        else:
            each = [verdict(table, row, one) for one in (value if isinstance(value, list) else [value])]
            if each:
                verdicts.append(all_of(each) if name == "and" else any_of(each))
    return all_of(verdicts)


# Order and pages


def terms_of(table, order):
    terms = [(name, direction) for each in (order if isinstance(order, list) else [order] if order else [])
             for name, direction in each.items()]
    return terms + [(name, "AscNullsLast") for name in table.key if name not in dict(terms)]


def compare(terms, left, right):
    """Of two lists of values: below 0 when the left one comes first."""
    for (_, direction), a, b in zip(terms, left, right):
        a, b = comparable(a), comparable(b)
        if a == b:
            continue
        if a is None or b is None:
            return -1 if (a is None) == direction.endswith("NullsFirst") else 1
        return -1 if (a < b) == direction.startswith("Asc") else 1
    return 0


def values_of(terms, row):
    return [row[name] for name, _ in terms]


def encoded(values):
    """A cursor or nodeId that says this."""

    def number(value):
        return float(value) if isinstance(value, Decimal) else str(value)

    return base64.b64encode(json.dumps(values, default=number).encode()).decode()


def decoded(text):
    try:
        return json.loads(base64.b64decode(text))
    except ValueError:
        return None


def same_json(a, b):
    """Numbers in whichever way they are written."""
    if a is None or b is None or len(a) != len(b):
        return False
    return all(x == y or (x is not None and y is not None and str(x) == str(y)) for x, y in zip(a, b))


@dataclass
class Page:
    terms: list
    rows: list
    matching: list  # those of all pages
    has_next: bool
    has_previous: bool


def page_of(table, rows, arguments):
    filters = arguments.get("filter") or {}
    terms = terms_of(table, arguments.get("orderBy"))
    ordered = sorted((row for row in rows if verdict(table, row, filters) is True),
                     key=functools.cmp_to_key(lambda a, b: compare(terms, values_of(terms, a), values_of(terms, b))))
    start, end = 0, len(ordered)
    given = {name: value for name, value in arguments.items() if value is not None}
    limit = MAX_ROWS if table.max_rows is None else table.max_rows
    limit = min(limit, given.get("first", limit), given.get("last", limit))

    def places(cursor):
        values = decoded(cursor)
        return [compare(terms, values_of(terms, row), [revived(table, name, value)
                                                       for (name, _), value in zip(terms, values)]) for row in ordered]

    if "after" in given:
        start = sum(place <= 0 for place in places(given["after"]))
    if "before" in given:
        end = sum(place < 0 for place in places(given["before"]))
    if "last" in given or "before" in given:
        start = max(0, end - limit)
    else:
        start = min(len(ordered), start + given.get("offset", 0))
        end = min(end, start + limit)
    return Page(terms, ordered[start:end], ordered, end < len(ordered), start > 0)


def revived(table, name, value):
    """A cursor's value as the rows have it."""
    numeric = table.column(name).type in ("Int", "BigInt", "Float", "BigFloat")
    return Decimal(str(value)) if numeric and value is not None else value


# Selections


def collect(selections, into):
    """Fields by their keys, in order, each with all of its selections."""
    for each in selections:
        if each.condition and each.condition[1] == (each.condition[0] == "skip"):
            continue
        if isinstance(each, Spread):
            collect(each.selections, into)
        elif each.key in into:
            known = into[each.key]
            into[each.key] = Field(known.name, known.alias, known.arguments,
                                   None if known.selections is None else known.selections + each.selections)
        else:
            into[each.key] = each
    return into


def evaluate(tables, selections):
    """The data of a query."""
    data = {}
    for key, each in collect(selections, {}).items():
        if each.name == "__typename":
            data[key] = "Query"
        elif each.name == "node":
            said = decoded(each.arguments["nodeId"])
            found = [(table, row) for table in tables for row in table.rows
                     if said and said[1] == table.name and same_json(said, node_id(table, row))]
            data[key] = row_value(*found[0], each.selections) if found else None
        elif each.name.endswith("ByPk"):
            table = next(table for table in tables if each.name == table.field + "ByPk")
            found = [row for row in table.rows
                     if all(operation(row[name], "eq", value, table.column(name).type)
                            for name, value in each.arguments.items())]
            data[key] = row_value(table, found[0], each.selections) if found else None
        else:
            table = next(table for table in tables if each.name == table.field + "Collection")
            data[key] = connection(table, table.rows, each)
    return data


def row_value(table, row, selections):
    made = {}
    for key, each in collect([each for each in selections if not isinstance(each, Spread) or
                              each.type in (table.name, "Node")], {}).items():
        column, way = table.column(each.name), table.way(each.name)
        if column:
            made[key] = answered(row[each.name], column.type)
        elif each.name == "nodeId":
            made[key] = Opaque(encoded(node_id(table, row)))
        elif way is None:
            made[key] = table.name
        else:
            related = [other for other in way.target.rows if all(
                row[a] is not None and comparable(row[a]) == comparable(other[b])
                for a, b in zip(way.source, way.target_columns))]
            if not way.to_one:
                made[key] = connection(way.target, related, each)
            else:
                made[key] = row_value(way.target, related[0], each.selections) if related else None
    return made


def connection(table, rows, asked):
    page = page_of(table, rows, asked.arguments)
    made = {}
    for key, each in collect(asked.selections, {}).items():
        if each.name == "edges":
            made[key] = [edge(table, page, row, each) for row in page.rows]
        elif each.name == "pageInfo":
            made[key] = {fact: page_fact(page, one.name) for fact, one in collect(each.selections, {}).items()}
        elif each.name == "totalCount":
            made[key] = Number(Decimal(len(page.matching)), False)
        elif each.name == "aggregate":
            made[key] = {name: aggregate(table, page.matching, one)
                         for name, one in collect(each.selections, {}).items()}
        else:
            made[key] = table.name + "Connection"
    return made


def edge(table, page, row, asked):
    made = {}
    for key, each in collect(asked.selections, {}).items():
        if each.name == "cursor":
            made[key] = cursor(page, row)
        elif each.name == "node":
            made[key] = row_value(table, row, each.selections)
        else:
            made[key] = table.name + "Edge"
    return made


def cursor(page, row):
    return Opaque(encoded(values_of(page.terms, row)))


def page_fact(page, name):
    if name == "__typename":
        return "PageInfo"
    if name in ("startCursor", "endCursor"):
        return cursor(page, page.rows[0 if name == "startCursor" else -1]) if page.rows else None
    return page.has_next if name == "hasNextPage" else page.has_previous


def aggregate(table, rows, asked):
    if asked.name == "__typename":
        return table.name + "Aggregate"
    if asked.name == "count":
        return Number(Decimal(len(rows)), False)
    made = {}
    for key, each in collect(asked.selections, {}).items():
        column = table.column(each.name)
        if column is None:
            made[key] = table.name + asked.name.capitalize() + "AggregateResult"
            continue
        values = [row[each.name] for row in rows if row[each.name] is not None]
        if not values:
            made[key] = None
        elif asked.name in ("min", "max"):
            made[key] = answered((min if asked.name == "min" else max)(values), column.type)
        else:
            total = sum(map(Decimal, values))
            value = total if asked.name == "sum" else total / len(values)
            exact = asked.name == "sum" and column.type in ("Int", "BigInt")
            slack = Decimal(0) if exact else Decimal("1e-12") * (1 + sum(abs(Decimal(each)) for each in values))
            made[key] = Number(value, column.type != "Float", slack)
    return made


def difference(expected, got, path="data"):
    """Where two answers differ, or None. Objects have their fields in order, too."""
    if isinstance(expected, dict):
        if not isinstance(got, dict) or list(expected) != list(got):
            return f"{path}: expected fields {list(expected)}, got {list(got) if isinstance(got, dict) else got!r}"
        found = (difference(value, got[key], f"{path}.{key}") for key, value in expected.items())
        return next((each for each in found if each), None)
    if isinstance(expected, list):
        if not isinstance(got, list) or len(expected) != len(got):
            return f"{path}: expected {len(expected)} items, got {got!r}"
        found = (difference(value, got[at], f"{path}[{at}]") for at, value in enumerate(expected))
        return next((each for each in found if each), None)
    if not same(expected, got):
        return f"{path}: expected {expected!r}, got {got!r}"
    return None


def same(expected, got):
    if isinstance(expected, Number):
        if isinstance(got, bool) or isinstance(got, str) != expected.text or got is None:
            return False
        return abs(Decimal(str(got)) - expected.value) <= expected.slack
    if isinstance(expected, Opaque):
        return isinstance(got, str) and same_values(decoded(expected), decoded(got))
    return type(expected) is type(got) and expected == got


def same_values(a, b):
    def alike(x, y):
        if isinstance(x, (int, float)) and isinstance(y, (int, float)):
            return x == y and isinstance(x, bool) == isinstance(y, bool)
        return x == y

    return a is not None and b is not None and len(a) == len(b) and all(map(alike, a, b))
