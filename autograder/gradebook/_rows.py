"""Rows of nbgrader's tables, read and written many at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, bindparam

#: How many seconds another program may hold the database.
_PATIENCE = 60

#: A row to be written: values by column.
Row = dict[str, Any]


def score_of(auto: float | None, manual: float | None, extra: float | None) -> float:
    """As `nbgrader.api.Grade.score`: points given by hand come before those of the autograder."""
    points = manual if manual is not None else auto
    return 0.0 if points is None else points + (extra or 0.0)


def connect(db_url: str) -> Engine:
    """Connect to a database in whose transactions what was read stays true until they end."""
    waiting = {"timeout": _PATIENCE} if db_url.startswith("sqlite") else {}
    engine = sqlalchemy.create_engine(db_url, connect_args=waiting)
    if engine.dialect.name == "sqlite":
        sqlalchemy.event.listen(engine, "connect", _leave_transactions_to_us)
        sqlalchemy.event.listen(engine, "begin", _begin_by_writing)
    return engine


def read(db: Connection, kind: Any, column: str, values: Sequence[str]) -> Iterable[Any]:
    """The rows of a table of nbgrader's that have one of these values in a column, locked for the transaction."""
    table = kind.__table__
    return db.execute(sqlalchemy.select(table).where(table.c[column].in_(values)).with_for_update()).all()


def insert(db: Connection, kind: Any, rows: list[Row]) -> None:
    """Add rows to a table of nbgrader's."""
    if rows:
        db.execute(kind.__table__.insert(), rows)


def update(db: Connection, kind: Any, rows: list[Row]) -> None:
    """Set columns of rows: each dict names its `row` by id and the new values by column."""
    if rows:
        table = kind.__table__
        db.execute(table.update().where(table.c.id == bindparam("row")), rows)


def by_notebook(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """Rows by the id of the submitted notebook that they belong to."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.notebook_id].append(row)
    return found


def _leave_transactions_to_us(connection: Any, _: object) -> None:
    connection.isolation_level = None


def _begin_by_writing(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # SQLite's own BEGIN locks nothing yet
