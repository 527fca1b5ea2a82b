"""Conditions that select the rows of a project or a place, or join the rows of two tables."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, FromClause, and_, bindparam

from bot.core.project import Project
from bot.core.subscription import Place
from bot.store.database.columns import UtcTime

#: The current time, or its bind parameter in a statement that is built once, because building
#: a statement at every tick costs more than running it.
Moment = datetime | BindParameter[datetime]
NOW: BindParameter[datetime] = bindparam("now", type_=UtcTime)

#: The columns that identify a job, a change of a job and a card of a job, in every table.
JOB_KEY = ("team_id", "project_id", "job_id")
CHANGE_KEY = (*JOB_KEY, "sequence")
CARD_KEY = (*JOB_KEY, "channel_id")

#: The states of deliveries that are not sent, given up or withdrawn.
UNFINISHED = ("open", "grouped")

#: The condition that selects a project's rows, for statements written as text.
OF_PROJECT = "team_id = :team_id AND project_id = :project_id"


def of_project(table: FromClause, project: Project) -> ColumnElement[bool]:
    """Return the condition that selects the rows of one project."""
    return and_(table.c.team_id == project.team_id, table.c.project_id == project.project_id)


def of_place(table: FromClause, place: Place) -> ColumnElement[bool]:
    """Return the condition that selects the rows of one place, in every project."""
    return and_(table.c.team_id == place.team_id, table.c.channel_id == place.channel_id)


def columns_equal(one: FromClause, other: FromClause, names: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that the rows of two tables agree in these columns."""
    return and_(*(one.c[name] == other.c[name] for name in names))


def project_key(project: Project) -> dict[str, str]:
    """Return a project's values for OF_PROJECT or for a new row."""
    return {"team_id": project.team_id, "project_id": project.project_id}
