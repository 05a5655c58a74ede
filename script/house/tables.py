"""Lays the tables once for all who test: `python script/house/tables.py NAME`. Every test database begins as a copy."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.addresses import with_database  # noqa: E402 - the folder stands on the path only now


def main(name: str) -> int:
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as server:
        rows = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, 'stigen_tables_')")
        known = {row[0] for row in rows}
        if name in known:
            return 0
        for old in known:
            _drop(server, old)
        unfinished = f"unfinished_{name}"
        _drop(server, unfinished)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
        env = os.environ | {"DATABASE_URL": with_database(url, unfinished), "PGOPTIONS": "-c synchronous_commit=off"}
        command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity", "0"]
        done = subprocess.run(command, cwd=ROOT, env=env, check=False)
        if done.returncode == 0:
            rename = "ALTER DATABASE {} RENAME TO {}"
            server.execute(sql.SQL(rename).format(sql.Identifier(unfinished), sql.Identifier(name)))
        return done.returncode


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
