"""The PostgreSQL under measurement: the tests' throwaway cluster, with a disk's syncs, its CPU time, and pgbench."""

import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests"))
from support.cluster import Cluster, NotInstalled  # noqa: E402
from support.libpq import SqlError  # noqa: E402
from support.waiting import until  # noqa: E402

FAILURES = (NotInstalled, SqlError, AssertionError)  # how the cluster says that it cannot
TICK = 1 / os.sysconf("SC_CLK_TCK")


class Postgres(Cluster):
    """A throwaway cluster that does for a commit what PostgreSQL does by default. It is made where `tempfile` makes
    folders."""

    # An autovacuum would be work of whichever run it falls into.
    SETTINGS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "shared_buffers": "256MB",
                "dynamic_shared_memory_type": "posix", "autovacuum": "off"}

    def __init__(self):
        super().__init__(settings=self.SETTINGS)
        self.query("CREATE ROLE pgbench SUPERUSER LOGIN")

    def _children(self):
        root = self.process.pid
        return pathlib.Path(f"/proc/{root}/task/{root}/children").read_text().split()

    def cpu_seconds(self):
        """User and system time of all its processes, those included that have come and gone. Of the living, the
        scheduler tells in nanoseconds; what the postmaster was left by the others is exact up to two ticks, since the
        kernel sums in nanoseconds, too, and rounds what it shows."""
        root = self.process.pid

        def ended():
            status = pathlib.Path(f"/proc/{root}/stat").read_text().rpartition(")")[2].split()
            return sum(map(int, status[13:15])) * TICK  # cutime, cstime

        for _ in range(1000):
            before, children = ended(), self._children()
            try:
                alive = sum(int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0])
                            for pid in (root, *children))
            except OSError:
                continue
            if children == self._children() and before == ended():
                return before + alive / 1e9
        raise RuntimeError("PostgreSQL's processes come and go too fast for their CPU time to be read")

    def _pgbench_has_backends(self):
        """Told by their titles, in which PostgreSQL names the user."""
        for pid in self._children():
            try:
                if pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"postgres: pgbench "):
                    return True
            except OSError:
                pass
        return False

    def pgbench(self, database, work, seconds, *options):
        """One run, in the terms of Bench.load: requests are transactions. PostgreSQL's CPU is without that of the first
        transaction of each client, which connects and prepares: a pool does so once."""
        variables = "".join(f"\\set {name} random(1, {work.keys})\n" for name in ("key", "value") if f":{name}" in work.sql)
        script = self.folder / "script.sql"
        script.write_text(f"{variables}{work.sql};\n")
        url = self.url(database, user="pgbench")
        command = [self.binaries / "pgbench", "-n", "-M", "prepared", "-c", "8", "-j", "1", "-f", script, *options]
        once, cpu_once, _ = self._pgbench(*command, "-t", "1", url)
        requests, cpu, rate = self._pgbench(*command, "-T", seconds, "--log", f"--log-prefix={self.folder}/pgbench",
                                            f"--sampling-rate={work.sampled}", url)
        latencies = []
        for log in self.folder.glob("pgbench.*"):
            latencies += [int(line.split()[2]) for line in log.read_text().splitlines()]
            log.unlink()
        if not latencies:
            raise RuntimeError(f"no latency is among those sampled of {requests} transactions: longer runs are needed")
        latencies.sort()
        return {"requests": requests, "rate": rate, "database_cpu_us": (cpu - cpu_once) * 1e6 / (requests - once),
                **{f"p{share}_us": latencies[len(latencies) * share // 100] for share in (50, 99)}}

    def _pgbench(self, *command):
        """Transactions, PostgreSQL's CPU seconds, transactions/s without the time it took to connect."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        before = self.cpu_seconds()
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=environment, check=False)
        until(lambda: not self._pgbench_has_backends(), "pgbench's backends to end")
        cpu = self.cpu_seconds() - before
        found = re.search(r"actually processed: (\d+)(?:/\d+)?\n.*^tps = ([\d.]+) ", done.stdout, re.DOTALL | re.MULTILINE)
        if done.returncode or not found:
            raise RuntimeError(f"pgbench failed: {done.stdout}{done.stderr}")
        return int(found[1]), cpu, float(found[2])
