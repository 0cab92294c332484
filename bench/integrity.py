"""The lines of what keeps data right, on both engines: what an Idempotency-Key adds to a write and its replay to a read,
and a transfer of money as a batch in comparison with the same statements by hand in pgbench."""

import json

from postgres import EMPTY, ROW, TRACKS, Work

KEYED = Work("POST one row with a key", "/rest/v1/invoice_line", "", TRACKS, "POST",
             '{"track_id":{key},"unit_price":0.99,"quantity":1}', before=EMPTY)
PLAIN = Work("  without", "/rest/v1/invoice_line", "", TRACKS, "POST",
             '{"track_id":{key},"unit_price":0.99,"quantity":1}', before=EMPTY)
REPLAY = Work("a replay", "/rest/v1/invoice_line", "", 1, "POST", '{"track_id":1,"unit_price":0.99,"quantity":1}')

ANYBODY = ("--idempotency-anonymous=true",)
ACCOUNTS = 10_000
TRANSFER = Work(
    "a transfer between two accounts", "/batch/v1",
    "BEGIN; UPDATE account SET balance = balance - 1 WHERE id = :key; "
    "UPDATE account SET balance = balance + 1 WHERE id = :value; COMMIT", ACCOUNTS, "POST",
    json.dumps({"requests": [
        {"id": "debit", "method": "PATCH", "url": "/rest/v1/account?id=eq.@", "body": {"balance": {"$increment": -1}},
         "expect": {"affected": 1}},
        {"id": "credit", "method": "PATCH", "url": "/rest/v1/account?id=eq.@", "body": {"balance": {"$increment": 1}},
         "expect": {"affected": 1}}]}).replace("@", "{key}"), before=("VACUUM account", "CHECKPOINT"))
ACCOUNT_SQL = ("CREATE TABLE IF NOT EXISTS account (id int PRIMARY KEY, balance int NOT NULL)",
               f"INSERT INTO account SELECT n, 0 FROM generate_series(1, {ACCOUNTS}) n ON CONFLICT DO NOTHING")


def cpu(result):
    return result["cpu_us"] + result.get("database_cpu_us", 0)


class IntegrityLines:
    """Lines of a Bench that has PostgresLines too."""

    INTEGRITY = ["idempotency", "pg_idempotency", "pg_transfer"]

    def idempotency(self):
        body = '{"name":"an event","amount":{key}}'
        same = '{"name":"an event","amount":1}'
        with self.server(*ANYBODY) as server:
            keyed, plain, replayed, read = self.alternate(
                lambda: self.load(server, "/rest/v1/event", body, connections=64, header="Idempotency-Key: {unique}"),
                lambda: self.load(server, "/rest/v1/event", body, connections=64),
                lambda: self.load(server, "/rest/v1/event", same, connections=64, header="Idempotency-Key: bench-{cycle}"),
                lambda: self.load(server, "/rest/v1/event?id=eq.1", connections=64))
        self.idempotency_lines("SQLite", keyed, plain, replayed, read)

    def pg_idempotency(self):
        with self.server(*ANYBODY, database=self.store) as server:
            keyed, plain, replayed, read = self.alternate(
                lambda: self.served(server, KEYED, header="Idempotency-Key: {unique}"),
                lambda: self.served(server, PLAIN),
                lambda: self.served(server, REPLAY, header="Idempotency-Key: bench-{cycle}"),
                lambda: self.served(server, ROW))
        self.idempotency_lines("PostgreSQL", keyed, plain, replayed, read)

    def idempotency_lines(self, engine, keyed, plain, replayed, read):
        ratio = cpu(keyed) / cpu(plain)
        self.line(f"{engine}: a write with a key ÷ without, CPU", "≤ 1.5", ratio, ratio <= 1.5, keyed=keyed, plain=plain)
        ratio = cpu(replayed) / cpu(read)
        self.line(f"{engine}: a replay ÷ a read of one row, CPU", "≤ 1.2", ratio, ratio <= 1.2, replayed=replayed,
                  read=read)

    def pg_transfer(self):
        self.store
        for statement in ACCOUNT_SQL:
            self.postgres.query(statement, "store")
        served, direct = self.against_pgbench(TRANSFER)
        ratio = served["rate"] / direct["rate"]
        self.line("PostgreSQL: a transfer as a batch ÷ by hand in pgbench, requests/s", "≥ 0.9", ratio, ratio >= 0.9,
                  served=served, direct=direct)
