"""Which anomalies a history of transactions shows, found the way Elle finds them (Kingsbury and Alvaro, "Elle: Inferring
Isolation Anomalies from Experimental Observations", VLDB 2020).

Every key holds a list. A transaction appends values to lists, no value twice to one key, and reads whole lists. A list
that was read says in which order its values came, so that the order of a key's versions is known and with it who
depends on whom:

    ww  appended the value that comes next
    wr  read a list that ends with the other's value
    rw  read a list to which the other appended the next value

A cycle of these is something that no serial execution explains. The names are those of Adya, Liskov and O'Neil
("Generalized Isolation Level Definitions", ICDE 2000)."""

import collections
from dataclasses import dataclass, field

OK, FAILED, UNKNOWN = "ok", "failed", "unknown"


@dataclass
class Append:
    key: object
    value: object

    def __str__(self):
        return f"append({self.key}, {self.value})"


@dataclass
class Read:
    key: object
    values: list

    def __str__(self):
        return f"read({self.key}) = {self.values}"


@dataclass
class Transaction:
    """`outcome` is OK (committed), FAILED (it left nothing) or UNKNOWN (either)."""

    name: str
    operations: list
    outcome: str = OK

    def __str__(self):
        return f"{self.name}: {', '.join(map(str, self.operations))}" + ("" if self.outcome == OK else f" ({self.outcome})")


@dataclass
class Anomaly:
    kind: str
    text: str
    transactions: list = field(default_factory=list)

    def __str__(self):
        return "\n".join([f"{self.kind}: {self.text}", *(f"    {transaction}" for transaction in self.transactions)])


@dataclass(frozen=True)
class Edge:
    kind: str
    source: int
    target: int
    why: str


def anomalies(history):
    """What is wrong with a history: a list, empty for one that could have been serial.

    duplicate, incompatible order   a list holds a value twice; two lists are not one the beginning of the other
    internal                        a transaction does not see what itself appended
    G0                              a cycle of ww
    G1a, G1b                        read what an aborted transaction appended; what was not its author's last
    G1c                             a cycle of ww and wr
    G-single                        a cycle with one rw
    G2                              a cycle with several
    lost update                     two transactions read one version of a key, and both appended to it"""
    return _Checker(history).run()


class _Checker:
    def __init__(self, history):
        self.history = history
        self.found = []
        self.authors = {}  # (key, value) → number of the transaction
        self.last_appends = set()  # (key, value) that are their authors' last of the key
        for number, transaction in enumerate(history):
            last = {}
            for operation in transaction.operations:
                if isinstance(operation, Append):
                    if (operation.key, operation.value) in self.authors:
                        raise ValueError(f"{operation} comes twice in the history")
                    self.authors[operation.key, operation.value] = number
                    last[operation.key] = operation.value
            self.last_appends |= set(last.items())

    def run(self):
        reads = [(number, read) for number, transaction in enumerate(self.history) if transaction.outcome == OK
                 for read in transaction.operations if isinstance(read, Read)]
        self._lists(reads)
        if not self.found:  # without an order of versions there are no dependencies
            self._internal()
            external = list(self._external_reads())
            self._dirty_reads(external)
            self._lost_updates()
            self._cycles(self._edges(external))
        return self.found

    def _report(self, kind, text, *numbers):
        self.found.append(Anomaly(kind, text, [self.history[number] for number in dict.fromkeys(numbers)]))

    def _lists(self, reads):
        """Finds the order of each key's versions: the longest list that was read, which all others must begin."""
        self.orders = {}
        longest = {}
        for number, read in reads:
            if len(set(read.values)) < len(read.values):
                self._report("duplicate", f"{read} holds a value twice", number)
            for value in read.values:
                if (read.key, value) not in self.authors:
                    self._report("duplicate", f"{read} holds {value}, which nobody appended", number)
            if len(read.values) > len(self.orders.get(read.key, ())):
                self.orders[read.key] = list(read.values)
                longest[read.key] = number
        for number, read in reads:
            order = self.orders.get(read.key, [])
            if read.values != order[:len(read.values)]:
                self._report("incompatible order", f"{read.values} is not how {order} begins, of key {read.key}", number,
                             longest[read.key])

    def _internal(self):
        """After a transaction has appended to a key, the list ends with what it appended, and it reads on from there."""
        for number, transaction in enumerate(self.history):
            own = collections.defaultdict(list)
            for operation in transaction.operations:
                if isinstance(operation, Append):
                    own[operation.key].append(operation.value)
                elif transaction.outcome == OK and own[operation.key]:
                    mine = own[operation.key]
                    if operation.values[-len(mine):] != mine:
                        self._report("internal", f"{operation} does not end with its own {mine}", number)

    def _external_reads(self):
        """(transaction, read, what it saw of others): own values at the list's end are its own."""
        for number, transaction in enumerate(self.history):
            if transaction.outcome != OK:
                continue
            for read in transaction.operations:
                if isinstance(read, Read):
                    seen = list(read.values)
                    while seen and self.authors[read.key, seen[-1]] == number:
                        seen.pop()
                    yield number, read, seen

    def _dirty_reads(self, external):
        for number, read, seen in external:
            for value in seen:
                author = self.authors[read.key, value]
                if self.history[author].outcome == FAILED:
                    self._report("G1a", f"{read} holds {value}, whose author was aborted", number, author)
            if seen and (read.key, seen[-1]) not in self.last_appends:
                author = self.authors[read.key, seen[-1]]
                self._report("G1b", f"{read} saw {seen[-1]}, which was not its author's last value", number, author)

    def _lost_updates(self):
        updates = collections.defaultdict(list)
        for number, transaction in enumerate(self.history):
            if transaction.outcome != OK:
                continue
            first_read, appended = {}, set()
            for operation in transaction.operations:
                if isinstance(operation, Read) and operation.key not in appended:
                    first_read.setdefault(operation.key, len(operation.values))
                elif isinstance(operation, Append) and operation.key not in appended:
                    appended.add(operation.key)
                    if operation.key in first_read:
                        updates[operation.key, first_read[operation.key]].append(number)
        for (key, length), numbers in updates.items():
            if len(numbers) > 1:
                self._report("lost update", f"all of them read key {key} as {self.orders.get(key, [])[:length]} and then "
                                            "appended to it", *numbers)

    def _happened(self, number):
        return self.history[number].outcome != FAILED

    def _edges(self, external):
        edges = []

        def add(kind, source, target, why):
            if source != target and self._happened(source) and self._happened(target):
                edges.append(Edge(kind, source, target, why))

        for key, order in self.orders.items():
            for before, after in zip(order, order[1:]):
                add("ww", self.authors[key, before], self.authors[key, after], f"{after} follows {before} in {key}")
        for number, read, seen in external:
            order = self.orders.get(read.key, [])
            if seen:
                add("wr", self.authors[read.key, seen[-1]], number, f"read {seen[-1]} in {read.key}")
            if len(seen) < len(order):
                follower = order[len(seen)]
                add("rw", number, self.authors[read.key, follower],
                    f"read {read.key} before {follower} was there")
        return list(dict.fromkeys(edges))

    def _cycles(self, edges):
        for component in _components(edges):
            inner = [edge for edge in edges if edge.source in component and edge.target in component]
            written = [edge for edge in inner if edge.kind == "ww"]
            flowing = [edge for edge in inner if edge.kind != "rw"]
            self._cycle("G0", written, written)
            self._cycle("G1c", [edge for edge in inner if edge.kind == "wr"], flowing)
            against = [edge for edge in inner if edge.kind == "rw"]
            self._cycle("G-single", against, flowing)
            forward = _Paths(flowing)
            self._cycle("G2", [edge for edge in against if not forward.between(edge.target, edge.source)], inner)

    def _cycle(self, kind, first, rest):
        """Reports the shortest cycle that begins with an edge of `first` and goes on over `rest`."""
        paths = _Paths(rest)
        shortest = None
        for edge in first:
            path = paths.between(edge.target, edge.source)
            if path and (shortest is None or len(path) + 1 < len(shortest)):
                shortest = [edge, *path]
                if len(shortest) == 2:
                    break
        if shortest:
            name = self.history[shortest[0].source].name
            text = name + "".join(f" -{edge.kind}-> {self.history[edge.target].name} [{edge.why}]" for edge in shortest)
            self._report(kind, text, *(edge.source for edge in shortest))


class _Paths:
    def __init__(self, edges):
        self.following = collections.defaultdict(list)
        for edge in edges:
            self.following[edge.source].append(edge)

    def between(self, start, end):
        """The edges of a shortest path, or nothing."""
        came = {start: None}
        queue = collections.deque([start])
        while queue:
            at = queue.popleft()
            for edge in self.following[at]:
                if edge.target in came:
                    continue
                came[edge.target] = edge
                if edge.target == end:
                    path = []
                    while edge:
                        path.append(edge)
                        edge = came[edge.source]
                    return path[::-1]
                queue.append(edge.target)
        return []


def _components(edges):
    """The strongly connected components of more than one node (Tarjan, without recursion)."""
    following = collections.defaultdict(list)
    for edge in edges:
        following[edge.source].append(edge.target)
    index, low, stack, on_stack, components = {}, {}, [], set(), []
    for root in list(following):
        if root in index:
            continue
        work = [(root, iter(following[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(following[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component = set()
                    while node not in component:
                        component.add(stack.pop())
                    on_stack -= component
                    if len(component) > 1:
                        components.append(component)
    return components
