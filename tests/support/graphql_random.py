"""Random schemas, rows and queries for GraphQL, all valid, the same for the same seed."""

import json
import re
from decimal import Decimal

from support import graphql_reference as reference
from support.graphql_reference import Column, Enum, Field, Spread, Table, Way

TEXTS = ["", "a", "A", "ab", "aB", "b", "abc", "it's", 'say "hi"', "back\\slash", "100%", "x_y", "ü", "漢字", "😀", " a",
         "null", "NULL", "{}", "a,b", "--", "$1", "?", "tab\there"]
PATTERNS = ["%", "a%", "%b", "%a%", "a_", "_", "", "%\\%", "x\\_y", "%'%", "漢%", "%\\\\%"]
REGEXES = ["^a", "b$", "a.", "[ab]+", "x|y", "^$", "漢", "s{2}", "(a)(b)"]
UUIDS = [f"{n:08x}-0000-4000-8000-{n * 7919:012x}" for n in range(60)]
SQL_TYPES = {"Int": "int", "BigInt": "bigint", "Float": "double precision", "BigFloat": "numeric", "String": "text",
             "Boolean": "boolean", "Date": "date", "Datetime": "timestamp", "UUID": "uuid", "JSON": "json"}
ORDERED = ["eq", "neq", "lt", "lte", "gt", "gte", "in", "is"]
OPERATORS = {
    "String": [*ORDERED, "like", "ilike", "regex", "iregex", "startsWith"], "Boolean": ["eq", "is"],
    "UUID": ["eq", "neq", "in", "is"], "JSON": [],
}
DIRECTIONS = ["AscNullsFirst", "AscNullsLast", "DescNullsFirst", "DescNullsLast"]
TABLE_NAMES = ["thing", "Order", "user", "group", "T2", "a_b", "select", "Zoo", "item", "_under"]
COLUMN_NAMES = ["Name", "select", "x_y", "userName", "n", "flag", "when", "order", "c1", "a", "B2", "edges", "first", "on"]
MOST_WAYS = 50  # relationships of one query: a server has its bounds
WORDS = ["boss", "owner", "of", "Next", "up", "via"]


def value(rng, scalar):
    """From few, so that there are ties."""
    return {
        "Int": lambda: rng.randint(-3, 6), "BigInt": lambda: rng.choice([0, 1, -1, 5, 2**53 + 1, -(2**55), 7]),
        "Float": lambda: rng.randint(-8, 12) / 4, "BigFloat": lambda: Decimal(rng.randint(-300, 500)) / 100,
        "String": lambda: rng.choice(TEXTS), "Boolean": lambda: rng.random() < 0.5,
        "Date": lambda: f"20{rng.randint(19, 22)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "Datetime": lambda: f"2020-0{rng.randint(1, 3)}-0{rng.randint(1, 3)}T{rng.randint(0, 23):02}:30:00",
        "UUID": lambda: rng.choice(UUIDS), "JSON": lambda: json.dumps(rng.choice([1, [1, "a"], {"a": None}, "x"])),
    }[scalar]()


def key_values(rng, scalar, count):
    if scalar == "UUID":
        return rng.sample(UUIDS, count)
    if scalar == "String":
        return rng.sample([*TEXTS, *(f"key{n}" for n in range(60))], count)
    return rng.sample(range(-20, 100), count)


class Schema:
    """Tables with rows; `sql` makes them, `directives` are their tables'."""

    def __init__(self, rng):
        self.rng = rng
        self.tables = []
        self.definitions = []
        self.directives = {}
        for name in rng.sample(TABLE_NAMES, rng.randint(2, 5)):
            self._add_table(name)

    def _add_table(self, name):
        rng = self.rng
        if rng.random() < 0.25:
            key = [Column("k1", rng.choice(["Int", "UUID"]), False), Column("K2", rng.choice(["String", "BigInt"]), False)]
        else:
            key = [Column("id", rng.choice(["Int", "Int", "BigInt", "String", "UUID"]), False)]
        plain = [Column(column, rng.choice(list(SQL_TYPES)), rng.random() < 0.6)
                 for column in rng.sample(COLUMN_NAMES, rng.randint(1, 6))]
        table = Table(name, [*key, *plain], [column.name for column in key])
        rng.shuffle(table.columns)
        count = rng.choice([0, 1, 6, 20, 45])
        firsts = key_values(rng, key[0].type, count)
        for first in firsts:
            table.rows.append({column.name: self._value(column) for column in table.columns} | {key[0].name: first})
        constraints = [f'PRIMARY KEY ({", ".join(quoted(each) for each in table.key)})']
        words = iter(rng.sample(WORDS, len(WORDS)))
        for other in [*self.tables, table]:
            if rng.random() < (0.4 if other is table else 0.6):
                constraints += self._add_reference(table, other, next(words))
        self.tables.append(table)
        directive = {"totalCount": {"enabled": True}, "aggregate": {"enabled": True}}
        if rng.random() < 0.3:
            table.max_rows = directive["max_rows"] = rng.randint(1, 40)
        self.directives[name] = json.dumps(directive)
        columns = [f"{quoted(each.name)} {SQL_TYPES[each.type]}{'' if each.nullable else ' NOT NULL'}"
                   for each in table.columns]
        self.definitions.append(f"CREATE TABLE {quoted(name)} ({', '.join(columns + constraints)});")
        if table.rows:
            rows = ", ".join("(" + ", ".join(literal(row[each.name]) for each in table.columns) + ")" for row in table.rows)
            self.definitions.append(f"INSERT INTO {quoted(name)} VALUES {rows};")

    def _value(self, column):
        if column.nullable and self.rng.random() < 0.3:
            return None
        return value(self.rng, column.type)

    def _add_reference(self, table, other, word):
        """A foreign key, unless its fields' names are taken; its constraints."""
        rng = self.rng
        single = len(other.key) == 1
        unique = rng.random() < 0.25 and single
        nullable = other is table or not other.rows or rng.random() < 0.5
        names = [f"{word}_id"] if single else [f"{word}_x", f"{word}_y"]
        along = word if single else other.field
        against = table.field + ("" if unique else "Collection")
        taken = {column.name for column in table.columns} | {way.name for way in table.ways} | {"nodeId"}
        there = {column.name for column in other.columns} | {way.name for way in other.ways} | {"nodeId"}
        if along in taken or against in there or (table is other and along == against):
            return []
        if unique and not nullable and len(other.rows) < len(table.rows):
            nullable = True
        columns = [Column(name, other.column(key).type, nullable) for name, key in zip(names, other.key)]
        free = list(other.rows)
        rng.shuffle(free)
        for at, row in enumerate(table.rows):
            target = None
            if not nullable or rng.random() < 0.8:
                candidates = table.rows[:at] if other is table else other.rows
                if unique:
                    target = free.pop() if free else None
                    if other is table and target is row:
                        target = None
                elif candidates:
                    target = rng.choice(candidates)
            row.update({name: target and target[key] for name, key in zip(names, other.key)})
            if target and not single and nullable and rng.random() < 0.2:
                row[names[rng.randint(0, 1)]] = None
        table.columns += columns
        table.ways.append(Way(along, names, other, other.key, True))
        other.ways.append(Way(against, other.key, table, names, unique))
        sources = ", ".join(map(quoted, names))
        made = [f"FOREIGN KEY ({sources}) REFERENCES {quoted(other.name)} ({', '.join(map(quoted, other.key))})"]
        return made + ([f"UNIQUE ({sources})"] if unique else [])

    @property
    def sql(self):
        return "\n".join(self.definitions) + "\n"


def quoted(name):
    return f'"{name}"'


def literal(given):
    if given is None:
        return "NULL"
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, str):
        return "'" + given.replace("'", "''") + "'"
    return str(given)


def plain(given):
    """As JSON has it."""
    if isinstance(given, dict):
        return {name: plain(each) for name, each in given.items()}
    if isinstance(given, list):
        return [plain(each) for each in given]
    return str(given) if isinstance(given, Decimal) else given


def written(given):
    """A value as a document has it."""
    if isinstance(given, dict):
        return "{" + ", ".join(f"{name}: {written(each)}" for name, each in given.items()) + "}"
    if isinstance(given, list):
        return "[" + ", ".join(map(written, given)) + "]"
    if isinstance(given, Written):
        return given.text
    if isinstance(given, Enum):
        return str(given)
    return json.dumps(plain(given), ensure_ascii=False)


class Written:
    """A value that stands in the document as something else: a variable."""

    def __init__(self, value, text):
        self.value = value
        self.text = text


def meant(given):
    """A value without its variables."""
    if isinstance(given, Written):
        return given.value
    if isinstance(given, dict):
        return {name: meant(each) for name, each in given.items()}
    return [meant(each) for each in given] if isinstance(given, list) else given


class Query:
    """A random query: `text` and `variables` to send, `selections` to evaluate."""

    def __init__(self, rng, tables):
        self.rng = rng
        self.tables = tables
        self.variables = {}
        self.types = {}
        self.fragments = []
        self._makers = {}
        self._printed = False  # what a variable's value has in it then has no variables of its own
        self._aliases = 0
        self._ways = 0
        self.selections = self._roots()
        body = self._print(self.selections)
        self._printed = True
        body += "".join(self.fragments)
        used = set(re.findall(r"\$(v\d+)", body))  # one within the value of another is not
        self.variables = {name: given for name, given in self.variables.items() if name in used}
        declared = ", ".join(f"${name}: {type_}" for name, type_ in self.types.items() if name in used)
        self.text = f"query Q{f'({declared})' if declared else ''} {body}"

    def _chance(self, probability):
        return self.rng.random() < probability

    def _alias(self):
        self._aliases += 1
        return f"x{self._aliases}"

    def _maybe_variable(self, make, type_, probability=0.15):
        """What `make` makes, perhaps as a variable's value."""
        given = make()
        if self._printed or not self._chance(probability):
            return given
        name = f"v{len(self.types)}"
        self.types[name] = type_
        self.variables[name] = plain(meant(given))
        self._makers[name] = (Written(meant(given), f"${name}"), make)
        return self._makers[name][0]

    def vary(self):
        """Gives some of the variables other values; the document stays."""
        for name in self.variables:
            place, make = self._makers[name]
            if self._chance(0.7):
                place.value = meant(make())
                self.variables[name] = plain(place.value)

    def _condition(self):
        if not self._chance(0.08):
            return None
        return self.rng.choice(["skip", "include"]), self._maybe_variable(lambda: self._chance(0.5), "Boolean!", 0.5)

    def _roots(self):
        roots = []
        for _ in range(self.rng.randint(1, 2)):
            table = self.rng.choice(self.tables)
            row = self.rng.choice(table.rows) if table.rows else None
            kind = self.rng.random()
            if kind < 0.1 and row:
                roots.append(self._node(table, row))
            elif kind < 0.25 and row:
                found = row if self._chance(0.8) else {name: value(self.rng, table.column(name).type) for name in table.key}
                arguments = {name: self._maybe_variable(self._again(found[name], table, name),
                                                        table.column(name).type + "!", 0.4) for name in table.key}
                roots.append(Field(table.field + "ByPk", self._alias(), arguments, self._row(table, 3)))
            else:
                roots.append(self._connection(table, table.field + "Collection", 3))
        if self._chance(0.1):
            roots.append(Field("__typename"))
        return roots

    def _again(self, first, table, name):
        """Makes this value first, later those of other rows."""
        left = [first]
        return lambda: left.pop() if left else self.rng.choice(table.rows)[name]

    def _node(self, table, row):
        said = reference.encoded(reference.node_id(table, row))
        if self._chance(0.2):
            found = {name: value(self.rng, table.column(name).type) for name in table.key}
            said = reference.encoded(reference.node_id(table, found))
        selections = [Field("nodeId"), Field("__typename"), Spread(table.name, self._row(table, 2))]
        other = self.rng.choice(self.tables)
        if other is not table:
            selections.append(Spread(other.name, [Field("nodeId", self._alias())]))
        return Field("node", self._alias(), {"nodeId": self._maybe_variable(lambda: said, "ID!")}, selections)

    def _row(self, table, depth):
        rng = self.rng
        picked = [Field(column.name, self._alias() if self._chance(0.2) else None, condition=self._condition())
                  for column in table.columns if self._chance(0.35)]
        if self._chance(0.3):
            picked.append(Field("nodeId", condition=self._condition()))
        if self._chance(0.1) or not picked:
            picked.append(Field("__typename", self._alias() if self._chance(0.5) else None))
        for way in table.ways:
            if depth <= 0 or self._ways == MOST_WAYS or not self._chance(0.25 + 0.15 * depth):
                continue
            self._ways += 1
            if way.to_one:
                picked.append(Field(way.name, self._alias() if self._chance(0.5) else None, {},
                                    self._row(way.target, depth - 1), self._condition()))
            else:
                picked.append(self._connection(way.target, way.name, depth - 1))
        rng.shuffle(picked)
        return self._with_fragments(table.name, picked)

    def _with_fragments(self, type_, picked):
        if not self._chance(0.2):
            return picked
        start = self.rng.randint(0, len(picked) - 1)
        end = self.rng.randint(start + 1, len(picked))
        name = f"F{len(self.fragments)}_{self._alias()}" if self._chance(0.5) else None
        spread = Spread(type_, picked[start:end], name, self._condition())
        if name:
            self.fragments.append(f"\nfragment {name} on {type_} {self._print(spread.selections)}")
        again = [spread] if self._chance(0.3) else []
        return [*picked[:start], spread, *picked[end:], *again]

    def _connection(self, table, name, depth):
        picked = []
        if self._chance(0.9):
            edges = [Field("cursor")] if self._chance(0.3) else []
            if self._chance(0.95) or not edges:
                edges.append(Field("node", None, {}, self._row(table, depth)))
            picked.append(Field("edges", None, {}, self._with_fragments(table.name + "Edge", edges)))
        if self._chance(0.4) or not picked:
            facts = self.rng.sample(["hasNextPage", "hasPreviousPage", "startCursor", "endCursor", "__typename"],
                                    self.rng.randint(1, 5))
            picked.append(Field("pageInfo", None, {}, [Field(fact) for fact in facts]))
        if self._chance(0.3):
            picked.append(Field("totalCount", self._alias() if self._chance(0.3) else None))
        if self._chance(0.25):
            picked.append(self._aggregate(table))
        self.rng.shuffle(picked)
        arguments = self._arguments(table)
        alias = self._alias() if arguments or self._chance(0.5) else None
        return Field(name, alias, arguments, self._with_fragments(table.name + "Connection", picked), self._condition())

    def _aggregate(self, table):
        picked = [Field("count")] if self._chance(0.6) else []
        numbers = ("Int", "BigInt", "Float", "BigFloat")
        for name in ("sum", "avg", "min", "max"):
            allowed = numbers if name in ("sum", "avg") else (*numbers, "String", "Date", "Datetime")
            columns = [column for column in table.columns if column.type in allowed]
            if columns and self._chance(0.5):
                chosen = self.rng.sample(columns, self.rng.randint(1, len(columns)))
                picked.append(Field(name, None, {}, [Field(column.name) for column in chosen]))
        return Field("aggregate", None, {}, picked or [Field("__typename")])

    def _arguments(self, table):
        rng, made = self.rng, {}
        if self._chance(0.5):
            made["filter"] = self._maybe_variable(lambda: self._filter(table, 2), f"{table.name}Filter", 0.2)
        if self._chance(0.5):
            columns = [column for column in table.columns if column.type != "JSON"]
            chosen = rng.sample(columns, rng.randint(1, min(3, len(columns))))
            made["orderBy"] = self._maybe_variable(
                lambda: [{column.name: Enum(rng.choice(DIRECTIONS))} for column in chosen], f"[{table.name}OrderBy!]")
        way = rng.choice(["", "", "first", "first after", "after", "last", "last before", "before", "offset",
                          "first offset", "first after offset"]).split()
        for word in way:
            if word in ("first", "last"):
                made[word] = self._maybe_variable(lambda: rng.choice([0, 1, 2, 3, 5, 29, 30, 31, 1000]), "Int", 0.3)
            elif word == "offset":
                made[word] = self._maybe_variable(lambda: rng.choice([0, 1, 2, 10, 100]), "Int", 0.3)
            else:
                terms = reference.terms_of(table, meant(made.get("orderBy")))
                made[word] = self._maybe_variable(lambda terms=terms: self._cursor(table, terms), "Cursor", 0.4)
        if not way and self._chance(0.1):
            made["first"] = self._maybe_variable(lambda: None, "Int", 0.5)
        return made

    def _cursor(self, table, terms):
        if table.rows and self._chance(0.9):
            row = self.rng.choice(table.rows)
        else:
            row = {name: None if table.column(name).nullable and self._chance(0.3) else
                   value(self.rng, table.column(name).type) for name, _ in terms}
        return reference.encoded(reference.values_of(terms, row))

    def _filter(self, table, depth):
        made = {}
        for column in self.rng.sample(table.columns, min(len(table.columns), self.rng.choice([0, 1, 1, 2]))):
            operators = OPERATORS.get(column.type, ORDERED)
            if operators:
                chosen = self.rng.sample(operators, min(len(operators), self.rng.choice([1, 1, 1, 2])))
                made[column.name] = {name: self._operand(table, column, name) for name in chosen}
        if self._chance(0.05) and table.rows:
            said = reference.encoded(reference.node_id(table, self.rng.choice(table.rows)))
            made["nodeId"] = {"eq": said}
        if depth > 0 and self._chance(0.4):
            word = self.rng.choice(["and", "or", "not"])
            if word == "not":
                made["not"] = self._some_filter(table, depth - 1)
            else:
                made[word] = [self._some_filter(table, depth - 1) for _ in range(self.rng.randint(1, 3))]
                if len(made[word]) == 1 and self._chance(0.5):
                    made[word] = made[word][0]
        return made

    def _some_filter(self, table, depth):
        """One that says something: what an empty one means within others is a matter of its own."""
        while True:
            made = self._filter(table, depth)
            if made:
                return made

    def _operand(self, table, column, name):
        rng, scalar = self.rng, column.type
        if name == "is":
            return self._maybe_variable(lambda: Enum(rng.choice(["NULL", "NOT_NULL"])), "FilterIs")
        if name in ("like", "ilike"):
            return self._maybe_variable(lambda: rng.choice(PATTERNS), "String", 0.3)
        if name in ("regex", "iregex"):
            return self._maybe_variable(lambda: rng.choice(REGEXES), "String", 0.3)

        def one():
            known = [row[column.name] for row in table.rows if row[column.name] is not None]
            made = rng.choice(known) if known and self._chance(0.6) else value(rng, scalar)
            return str(made) if scalar == "BigInt" and self._chance(0.5) else made

        if name == "in":
            return self._maybe_variable(lambda: [one() for _ in range(rng.choice([0, 1, 2, 5]))], f"[{scalar}!]", 0.3)
        return self._maybe_variable(one, scalar, 0.4)

    # Documents

    def _print(self, selections):
        return "{ " + " ".join(map(self._print_one, selections)) + " }"

    def _print_one(self, each):
        condition = ""
        if each.condition:
            condition = f" @{each.condition[0]}(if: {written(each.condition[1])})"
        if isinstance(each, Spread):
            return f"...{each.name}{condition}" if each.name else (
                f"... on {each.type}{condition} {self._print(each.selections)}")
        arguments = ", ".join(f"{name}: {written(given)}" for name, given in each.arguments.items())
        return (f"{each.alias}: " if each.alias else "") + each.name + (f"({arguments})" if arguments else "") + condition + (
            "" if each.selections is None else " " + self._print(each.selections))


def meaning(selections):
    """Selections without their variables, for the evaluation."""
    made = []
    for each in selections:
        condition = each.condition and (each.condition[0], meant(each.condition[1]))
        if isinstance(each, Spread):
            made.append(Spread(each.type, meaning(each.selections), each.name, condition))
        else:
            made.append(Field(each.name, each.alias, meant(each.arguments),
                              None if each.selections is None else meaning(each.selections), condition))
    return made
