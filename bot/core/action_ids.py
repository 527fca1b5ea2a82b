"""One-use ids: each names one press on one action of one job, and proves that we offered it. Pure.

An id is its moment and a code: nothing is stored until it is used.
"""

import hmac
import re
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import sha256

from bot.core.acting import JobAction
from bot.core.job import JobId
from bot.core.project import Project

#: How long an id may be used.
LIFETIME = timedelta(hours=24)

_CODE_DIGITS = 20
_ID = re.compile(rf"([0-9a-f]{{11}})([0-9a-f]{{{_CODE_DIGITS}}})")
_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Replicas' clocks differ a little.
_AHEAD_AT_MOST = timedelta(minutes=5)


class IdVerdict(Enum):
    """What an id is worth, before anybody looks whether it was used."""

    GOOD = "good"
    EXPIRED = "expired"
    #: Not ours, or of another job, action or workspace.
    FOREIGN = "foreign"


class ActionIds:
    """Makes and checks the ids of one installation. `key` is a secret that all replicas share."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def issue(self, project: Project, job_id: JobId, action: JobAction, at: datetime) -> str:
        """The id for an action that is offered at this moment."""
        moment = f"{(at - _EPOCH) // _MILLISECOND:011x}"
        return moment + self._code(project, job_id, action, moment)

    def check(
        self, id: str, project: Project, job_id: JobId, action: JobAction, now: datetime
    ) -> IdVerdict:
        """Tell whether an id that came with a press may be used; total for any text."""
        found = _ID.fullmatch(id)
        if found is None:
            return IdVerdict.FOREIGN
        moment, code = found.groups()
        if not hmac.compare_digest(code, self._code(project, job_id, action, moment)):
            return IdVerdict.FOREIGN
        age = now - (_EPOCH + int(moment, 16) * _MILLISECOND)
        return IdVerdict.GOOD if -_AHEAD_AT_MOST < age <= LIFETIME else IdVerdict.EXPIRED

    def _code(self, project: Project, job_id: JobId, action: JobAction, moment: str) -> str:
        words = f"{project.team_id}/{project.project_id}/{job_id}/{action.value}/{moment}"
        return hmac.new(self._key, words.encode(), sha256).hexdigest()[:_CODE_DIGITS]
