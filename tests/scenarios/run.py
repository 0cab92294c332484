#!/usr/bin/env python3
"""Runs tests/scenarios/*.scenario against a Ballast of its own per file and engine. The format:
tests/scenarios/README.md.

    run.py --ballast PATH [--engine sqlite|postgres|both] [--only GLOB] [--list] [--jobs N]

--only matches a file's name, or `file: a case's title`. Last line `N passed, N failed, N skipped`."""

import argparse
import concurrent.futures
import contextlib
import os
import pathlib
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from support import comparison, engines, scenario, wire  # noqa: E402
from support.cluster import NotInstalled  # noqa: E402
from support.server import REST, Server  # noqa: E402

COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def coloured(code, text):
    return f"\033[{code}m{text}\033[0m" if COLOUR else text


class Report:
    def __init__(self):
        self.lines = []
        self.passed = self.failed = self.skipped = 0
        self.seconds = 0.0


def problems_of(step, expectation, answer):
    found = []
    if answer.status != expectation.status:
        found.append(f"status: expected {expectation.status}, got {answer.status}")
    for header in expectation.headers:
        value = answer.header(header.name)
        if not header.matches(value):
            found.append(f"header: expected {header}, got {header.name}: {value}")
    found += comparison.body_problems(expectation.body, answer)
    found += comparison.invariants(step.written(), expectation.status, answer)
    return found


def show(step, answer, found):
    lines = [f"{step.where}: {step.method} {step.written_target}"]
    lines += [f"  {coloured(31, problem)}" for problem in found]
    if answer is not None:
        body = answer.body.decode("utf-8", "replace")
        lines.append(f"  got {answer.status} {body[:600]}")
    return lines


def run_step(step, server, engine, tokens, explain):
    expectation = step.expectation(engine.name)
    headers = [(name, scenario.with_tokens(value, tokens)) for name, value in step.headers]
    with server.connect() as connection:
        connection.send(wire.render(step.method, step.target(REST), headers, step.body))
        try:
            answer = connection.answer(step.method)
        except AssertionError as broken:
            return show(step, None, [f"{type(broken).__name__}: {broken}"])
    found = problems_of(step, expectation, answer)
    if step.sql and explain is not None:
        found += explain(step)
    return show(step, answer, found) if found else []


def run_file(source, engine, options):
    report = Report()
    start = time.monotonic()
    server = None
    try:
        cases = [case for case in source.cases if source.chosen(case, options.only)]
        wanted = [case for case in cases if not source.skipped(case, engine.name)]
        for case in cases:
            if reason := source.skipped(case, engine.name):
                report.skipped += 1
                report.lines.append(f"  {coloured(33, 'skip')} {case.title}: {reason}")
        if not wanted:
            return report
        with engine.database(source) as (database, folder):
            server = Server(options.ballast, database, mode=source.mode,
                            settings=source.settings_for(engine.name), args=source.args, folder=folder)
            explain = engine.explainer(options.ballast, database) if options.explain else None
            for case in wanted:
                problems = []
                for step in case.steps:
                    problems += run_step(step, server, engine, source.tokens, explain)
                    if server.process.poll() is not None:
                        problems.append(f"  the server ended with {server.process.returncode}:\n{server.log()}")
                        server.start()
                        break
                if problems:
                    report.failed += 1
                    report.lines.append(f"  {coloured(31, 'FAIL')} {case.title}")
                    report.lines += ["    " + line for line in problems]
                else:
                    report.passed += 1
    except Exception as broken:
        report.failed += 1
        log = server.log() if server else ""
        report.lines.append(f"  {coloured(31, 'FAIL')} {type(broken).__name__}: {broken}\n{log}")
        if not isinstance(broken, AssertionError):
            report.lines.append(traceback.format_exc())
    finally:
        if server is not None:
            server.close()
        report.seconds = time.monotonic() - start
    return report


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--ballast", required=True, type=pathlib.Path)
    options.add_argument("--engine", default="both", choices=[*engines.ENGINES, "both"])
    options.add_argument("--only", default="*")
    options.add_argument("--list", action="store_true")
    options.add_argument("--jobs", type=int, default=4)
    options = options.parse_args()
    options.ballast = options.ballast.resolve()
    options.explain = engines.has_explain(options.ballast)

    sources = [scenario.read(path) for path in sorted(HERE.glob("*.scenario"))]
    sources = [source for source in sources if any(source.chosen(case, options.only) for case in source.cases)]
    if options.list:
        for source in sources:
            for case in source.cases:
                if source.chosen(case, options.only):
                    print(f"{source.name}: {case.title}")
        return 0
    passed = failed = skipped = 0
    with contextlib.ExitStack() as stack:
        try:
            names = list(engines.ENGINES) if options.engine == "both" else [options.engine]
            used = [stack.enter_context(engines.ENGINES[name]()) for name in names]
        except NotInstalled as reason:
            print(f"{coloured(31, 'FAIL')} {reason}; `--engine sqlite` does without")
            print("0 passed, 1 failed, 0 skipped")
            return 1
        pairs = [(source, engine) for source in sources for engine in used]
        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(options.jobs))
        for (source, engine), report in zip(pairs, pool.map(lambda pair: run_file(*pair, options), pairs)):
            mark = coloured(31, "FAIL") if report.failed else coloured(32, "ok  ")
            print(f"{mark} {source.name:<18} {engine.name:<9} {report.passed} passed"
                  + (f", {report.failed} failed" if report.failed else "")
                  + (f", {report.skipped} skipped" if report.skipped else "") + f"  {report.seconds:.1f} s", flush=True)
            if report.lines:
                print("\n".join(report.lines), flush=True)
            passed, failed, skipped = passed + report.passed, failed + report.failed, skipped + report.skipped
    unchecked = 0 if options.explain else sum(bool(step.sql) for s in sources for c in s.cases for step in c.steps)
    if unchecked:
        print(f"{unchecked} expectations of SQL were not checked: this ballast has no `explain`")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
