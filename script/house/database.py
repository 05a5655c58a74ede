"""Reaches the database from inside .venv: `python script/house/database.py`.

Prints "empty", "demo" or "used" when the server answers; the database is made if need be. Else says why not.
"""

import os

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

WAIT = 10


def main() -> int:
    url = os.environ["DATABASE_URL"]
    try:
        reach(url)
        print(look(url))
    except psycopg.Error as error:
        print(" ".join(str(error).split()))
        return 1
    return 0


def reach(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=WAIT).close()
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise
        name = conninfo_to_dict(url)["dbname"]
        with psycopg.connect(make_conninfo(url, dbname="postgres"), connect_timeout=WAIT, autocommit=True) as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(str(name))))


def look(url: str) -> str:
    with psycopg.connect(url, connect_timeout=WAIT) as connection:
        try:
            row = connection.execute(
                "SELECT count(*), count(*) FILTER (WHERE email = 'admin@skarvik.example') FROM people_person"
            ).fetchone()
        except psycopg.errors.UndefinedTable:
            row = None
    people, demo = row or (0, 0)
    return "empty" if not people else "demo" if demo else "used"


if __name__ == "__main__":
    raise SystemExit(main())
