#!/usr/bin/env python3
"""Random GraphQL queries over random schemas and rows, answered by a server and by a simple evaluator in Python: any
difference is a mistake of one of them.

    tests/blackbox/graphql_fuzz.py --ballast build/release/ballast [--seed N] [--rounds N] [--engine sqlite|postgres]

Each round has a seed of its own: `--seed N --rounds 1` repeats one."""

import argparse
import json
import pathlib
import random
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import graphql_random, graphql_reference  # noqa: E402
from support.graphql import ENGINES  # noqa: E402
from support.suite import Run  # noqa: E402

QUERIES = 25
TIMES = 3  # with other variables: documents that differ in nothing else share what was compiled
ROUNDS = {"sqlite": 30, "postgres": 18}  # some twenty seconds each


def one_round(run, engine, seed):
    """Descriptions of what differed."""
    rng = random.Random(seed)
    schema = graphql_random.Schema(rng)
    client = engine.serve(run, schema.sql, schema.directives, "[graphql]\nmax_cost = 0\n")
    found = []
    for number in range(QUERIES):
        query = graphql_random.Query(rng, schema.tables)
        for _ in range(TIMES if query.variables else 1):
            expected = graphql_reference.evaluate(schema.tables, graphql_random.meaning(query.selections))
            response = client.ask(query.text, query.variables)
            if "errors" in response:
                said = f"failed: {json.dumps(response['errors'])[:1000]}"
            else:
                said = graphql_reference.difference(expected, response["data"])
            if said:
                found.append(f"seed {seed}, query {number}: {said}\n{query.text}\n"
                             f"variables: {json.dumps(query.variables, ensure_ascii=False)}")
            query.vary()
    client.close()
    if found:
        found.append(schema.sql + json.dumps(schema.directives))
    return found


def rounds(ballast, engine, seed, count):
    """How many failed."""
    start, failed = time.monotonic(), 0
    for each in range(seed, seed + count):
        folder = tempfile.mkdtemp(prefix="ballast-test-")
        run = Run(ballast, folder)
        try:
            found = one_round(run, engine, each)
        except AssertionError as failure:
            found = [f"seed {each}: {failure}", *(started.log(3000) for started in run._open)]
        finally:
            run.close()
            shutil.rmtree(folder, ignore_errors=True)
        failed += bool(found)
        for text in found:
            print(text, flush=True)
    print(f"{engine.name}: {count} rounds of {QUERIES} queries from seed {seed}, {failed} failed, "
          f"{time.monotonic() - start:.1f} s", flush=True)
    return failed


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--ballast", required=True, type=pathlib.Path)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--rounds", type=int)
    options.add_argument("--engine", choices=[engine.name for engine in ENGINES])
    options = options.parse_args()
    chosen = [engine for engine in ENGINES if options.engine in (None, engine.name)]
    counts = [options.rounds or ROUNDS[engine.name] for engine in chosen]
    failed = sum(rounds(options.ballast.resolve(), *each) for each in zip(chosen, [options.seed] * 2, counts))
    print(f"{sum(counts) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
