"""Ids of deliveries, computed from their content, so that a replay meets the same row. Pure."""

import hashlib
import uuid
from datetime import datetime

from bot.core.change import StatusChange
from bot.core.delivery import DeliveryKind
from bot.core.job import JobId
from bot.core.subscription import Place

# Any constant works if every version of the bot has the same one.
_NAMESPACE = uuid.UUID("6f1b7c52-6c0e-4c6e-9d53-5b1c3f1d7a01")


def card_id(place: Place, project_id: str, job_id: JobId) -> str:
    """Return the id of a card. A second post of the card has the same id."""
    return _id(place, project_id, job_id, "card")


def delivery_id(place: Place, change: StatusChange) -> str:
    """Return the id of a change's delivery. Replays and lost commits yield the same id."""
    step = change.step
    return _id(
        place, change.project_id, change.job.id, f"{change.sequence}/{step.before}/{step.after}"
    )


def guard_id(place: Place, project_id: str, job_id: JobId, key: str) -> str:
    """Return the id of a guard notice, from the run and its mark, the keep or the wait: one
    notice each."""
    return _id(place, project_id, job_id, f"guard/{key}")


def source_id(
    place: Place, project_id: str, kind: DeliveryKind, since: datetime, about: str = ""
) -> str:
    """Return the id of a source note. Each outage has one note of its begin, one of a missing
    API, and one of its end."""
    what = f"{kind.value}/{int(since.timestamp())}" + (f"/{about}" if about else "")
    return _id(place, project_id, JobId(0), what)


def pause_id(place: Place, paused: Place, paused_at: datetime) -> str:
    """Return the id of a pause note: one per person and pause."""
    what = f"paused/{paused.channel_id}/{paused_at.timestamp():.6f}"
    return _id(place, "", JobId(0), what)


def morning_id(place: Place, project_id: str, moment: datetime) -> str:
    """Return the id of a morning line: one per digest moment."""
    return _id(place, project_id, JobId(0), f"morning/{int(moment.timestamp())}")


def greeting_id(place: Place) -> str:
    """Return the id of a greeting: one per place, for ever."""
    return _id(place, "", JobId(0), "greeting")


def group_id(member_ids: tuple[str, ...]) -> str:
    """Return the id of a group, from its members, which are fixed when it is first posted."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(member_ids)))


def _id(place: Place, project_id: str, job_id: JobId, what: str) -> str:
    name = f"{place.team_id}/{place.channel_id}/{project_id}/{job_id}/{what}"
    # uuid5, which takes three times as long: one change may go to ten thousand places.
    digest = _NAMED.copy()
    digest.update(name.encode())
    text = digest.hexdigest()
    variant = _VARIANTS[int(text[16], 16)]
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"


_NAMED = hashlib.sha1(_NAMESPACE.bytes, usedforsecurity=False)

_VARIANTS = "89ab" * 4
