"""PgBouncer in transaction mode in front of a cluster."""

import pathlib
import shutil
import subprocess
import tempfile

from support import libpq
from support.cluster import Cluster, as_server_user, own
from support.waiting import until


class Pooler:
    def __init__(self, cluster: Cluster, pool_size=4):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ballast-pooler-"))
        own(self.folder)
        self.folder.chmod(0o755)
        self.process = None
        self._settings = self.folder / "pgbouncer.ini"
        users = self.folder / "users.txt"
        users.write_text('"postgres" ""\n')
        self._settings.write_text(f"""[databases]
* = host={cluster.folder} port={cluster.port}
[pgbouncer]
unix_socket_dir = {self.folder}
listen_addr =
listen_port = 6432
auth_type = trust
auth_file = {users}
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
server_login_retry = 0.2
""")
        for path in (self._settings, users):
            own(path)
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self):
        program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([program, str(self._settings)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            cwd="/", **as_server_user())
        until(lambda: libpq.is_accepting(self.url("postgres")), f"PgBouncer to take connections: {self.log()}")

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def url(self, database):
        return f"postgres://postgres@/{database}?host={self.folder}&port=6432"

    def session(self, database):
        return libpq.Session(self.url(database))

    def log(self, last=4000):
        path = self.folder / "log"
        return path.read_text(errors="replace")[-last:] if path.exists() else ""

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
