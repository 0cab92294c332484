#!/usr/bin/env python3
"""Runs the programs of tests/clients, which use real client libraries, against a server on each engine."""

import argparse
import contextlib
import hashlib
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import engines, scenario  # noqa: E402
from support.cluster import NotInstalled  # noqa: E402
from support.server import GRAPHQL, REST, ROOT, Server, clean_environment  # noqa: E402
from support.suite import coloured  # noqa: E402

CLIENTS = ROOT / "tests" / "clients"


def installed():
    """The folder with node_modules, or why there is none."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            return None, f"{program} is not installed"
    lock = (CLIENTS / "package-lock.json").read_bytes()
    folder = ROOT / "build" / "clients" / hashlib.sha256(lock).hexdigest()[:12]
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(CLIENTS / name, folder / name)
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != 0:
            return None, "npm ci failed (no network?): " + " ".join(done.stderr.split())[-200:]
        (folder / "done").touch()
    for program in CLIENTS.glob("*.mjs"):  # beside their node_modules
        shutil.copy(program, folder / program.name)
    return folder, ""


def shop_and_bank(engine, _):
    """(DATABASE argument, a folder) for as long as it is used."""
    return engine.database(scenario.Source("shop and bank", schema={None: "".join(
        (engines.FIXTURES / f"{name}.sql").read_text(encoding="utf-8") for name in ("shop", "bank"))}))


@contextlib.contextmanager
def demo(engine, ballast):
    with engine.database(scenario.Source("demo")) as (database, folder):
        if engine.name == "sqlite":
            database = folder / "demo.db"
        subprocess.run([str(ballast), "demo", str(database)], env=clean_environment(), stdin=subprocess.DEVNULL,
                       capture_output=True, timeout=120, check=True)
        yield database, folder


def types(engine, _):
    return engine.database(scenario.Source("types", fixture="types"))


# Programs that want something else than the shop and the bank.
DATABASES = {"graphql_http": [demo], "graphql_schema": [demo, shop_and_bank, types]}


def run(program, ballast, engine):
    """Lines of `ok …` and `FAIL …`."""
    lines = []
    for make in DATABASES.get(program.stem, [shop_and_bank]):
        with make(engine, ballast) as (database, folder), Server(ballast, database, folder=folder) as server:
            base = f"http://127.0.0.1:{server.port}"
            done = subprocess.run(["node", program, base + REST, base + GRAPHQL], stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=120, check=False)
        told = [line for line in done.stdout.splitlines() if line.startswith(("ok ", "FAIL "))]
        if done.returncode != 0 or not told:
            told.append(f"FAIL {program.name} ended with {done.returncode}: {done.stderr.strip()[-1000:]}")
        lines += told
    return lines


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--ballast", required=True, type=pathlib.Path)
    options = options.parse_args()
    programs = sorted(CLIENTS.glob("*.mjs"))
    folder, reason = installed()
    if folder is None:
        print(f"{coloured(33, 'skip')} {reason}")
        print(f"0 passed, 0 failed, {len(programs)} skipped")
        return 0
    passed = failed = 0
    for name, opened in engines.ENGINES.items():
        try:
            with opened() as engine:
                told = [(program, line) for program in programs
                        for line in run(folder / program.name, options.ballast.resolve(), engine)]
        except (AssertionError, NotInstalled) as reason:
            told = [(program, f"FAIL {reason}") for program in programs]
        for program, line in told:
            good = line.startswith("ok ")
            passed, failed = passed + good, failed + (not good)
            mark = coloured(32 if good else 31, line.split(" ")[0].ljust(4))
            print(f"{mark} {program.stem} on {name}: {line.split(' ', 1)[1]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
