"""One-use ids: each stands for one press of one action's button, and proves that the bot offered
it. Pure.

An id is a moment and a code (HMAC), so that nothing is stored before its use.
"""

import hmac
import re
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import sha256

from bot.core.acting import JobAction
from bot.core.job import JobId
from bot.core.project import Project

#: How long an id is valid.
LIFETIME = timedelta(hours=24)

_CODE_DIGITS = 20
_ID = re.compile(rf"([0-9a-f]{{11}})([0-9a-f]{{{_CODE_DIGITS}}})")
_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Replicas' clocks differ a little.
_AHEAD_AT_MOST = timedelta(minutes=5)


class IdVerdict(Enum):
    """The verdict on an id, apart from whether it was used."""

    GOOD = "good"
    EXPIRED = "expired"
    #: The id is forged, or belongs to another job, action or workspace.
    FOREIGN = "foreign"


class ActionIds:
    """Issues and checks the ids of one installation. All replicas share the secret `key`."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def issue(self, project: Project, job_id: JobId, action: JobAction, at: datetime) -> str:
        """Return the id for an action that a card offers at this moment."""
        moment = f"{(at - _EPOCH) // _MILLISECOND:011x}"
        return moment + self._code(project, job_id, action, moment)

    def check(
        self, id: str, project: Project, job_id: JobId, action: JobAction, now: datetime
    ) -> IdVerdict:
        """Return the verdict on the id of a press; accepts any text."""
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
