"""Questions to the database, asked from inside .venv: `python script/house/database.py reach|look`.

reach  exit code 0 when the server answers and the database is there (made if need be); else says why
look   prints "empty", "demo" or "used"
"""

import os
import sys

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

WAIT = 10


def main() -> int:
    url = os.environ["DATABASE_URL"]
    try:
        return reach(url) if sys.argv[1] == "reach" else look(url)
    except psycopg.Error as error:
        print(" ".join(str(error).split()))
        return 1


def reach(url: str) -> int:
    try:
        psycopg.connect(url, connect_timeout=WAIT).close()
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise
        name = conninfo_to_dict(url)["dbname"]
        with psycopg.connect(make_conninfo(url, dbname="postgres"), connect_timeout=WAIT, autocommit=True) as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(str(name))))
    return 0


def look(url: str) -> int:
    with psycopg.connect(url, connect_timeout=WAIT) as connection:
        row = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE email = 'admin@skarvik.example') FROM people_person"
        ).fetchone()
    people, demo = row or (0, 0)
    print("empty" if not people else "demo" if demo else "used")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
