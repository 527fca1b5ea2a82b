"""Which rows belong to a project or a place, and which rows of two tables belong together."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, FromClause, and_, bindparam

from bot.core.project import Project
from bot.core.subscription import Place
from bot.store.database.columns import UtcTime

#: When it is, or the parameter for it of a statement that is built once: what every tick asks
#: costs more to build than to run.
Moment = datetime | BindParameter[datetime]
NOW: BindParameter[datetime] = bindparam("now", type_=UtcTime)

#: The columns that a job has wherever it is named, and a change of it.
JOB_KEY = ("team_id", "project_id", "job_id")
CHANGE_KEY = (*JOB_KEY, "sequence")
CARD_KEY = (*JOB_KEY, "channel_id")

#: The states of what is still to be told.
UNFINISHED = ("open", "grouped")

#: The condition of a project in a statement that is text.
OF_PROJECT = "team_id = :team_id AND project_id = :project_id"


def of_project(table: FromClause, project: Project) -> ColumnElement[bool]:
    """The rows of one project."""
    return and_(table.c.team_id == project.team_id, table.c.project_id == project.project_id)


def of_place(table: FromClause, place: Place) -> ColumnElement[bool]:
    """The rows of one place, of whatever project."""
    return and_(table.c.team_id == place.team_id, table.c.channel_id == place.channel_id)


def same(one: FromClause, other: FromClause, names: Iterable[str]) -> ColumnElement[bool]:
    """The rows of two tables that agree in these columns."""
    return and_(*(one.c[name] == other.c[name] for name in names))


def named(project: Project) -> dict[str, str]:
    """The values of a project in a statement that is text, or in a row."""
    return {"team_id": project.team_id, "project_id": project.project_id}
