"""Message metadata: it names what a message carries, so that we recognize the message. Pure."""

from typing import assert_never

from bot.core.card_edit import CardEdit
from bot.core.change import StatusChange
from bot.core.delivery import (
    CardDelivery,
    ChangeDelivery,
    ChangesDelivery,
    Delivery,
    Greeting,
    GuardDelivery,
    JoblessDelivery,
    MorningDelivery,
    Notice,
    PauseNote,
    SourceNote,
)
from bot.core.delivery_ids import card_id
from bot.core.job import JobId
from bot.slack.blocks import Json

CARD = "visjob_card"
CHANGE = "visjob_status_changed"
CHANGES = "visjob_status_changes"
GUARD = "visjob_guard"
SOURCE = "visjob_source"
PAUSE = "visjob_pause"
MORNING = "visjob_morning"
GREETING = "visjob_greeting"


def receipt(delivery: Delivery) -> Json:
    """Return the metadata for a delivery's message. Every app in the workspace can read it."""
    match delivery:
        case CardDelivery():
            return _card(delivery.id, delivery.project_id, delivery.job_id)
        case ChangeDelivery():
            return _event(CHANGE, _told(delivery.id, delivery.change))
        case ChangesDelivery():
            told = [_told(member.delivery_id, member.change) for member in delivery.members]
            return _event(CHANGES, {"changes": told})
        case GuardDelivery():
            return _event(GUARD, _guarded(delivery))
        case _:
            return _receipt_of_no_job(delivery)


def _receipt_of_no_job(delivery: JoblessDelivery) -> Json:
    match delivery:
        case SourceNote():
            return _event(SOURCE, {"source_id": delivery.id, "project_id": delivery.project_id})
        case PauseNote():
            return _event(PAUSE, {"pause_id": delivery.id, "channel_id": delivery.channel_id})
        case MorningDelivery():
            return _event(MORNING, {"delivery_id": delivery.id, "project_id": delivery.project_id})
        case Greeting():
            return _event(GREETING, {"delivery_id": delivery.id})
        case _:
            assert_never(delivery)


def card_receipt(edit: CardEdit) -> Json:
    """Return the metadata for the new version of a card that is edited."""
    same = card_id(edit.place, edit.project_id, edit.shown.job.id)
    return _card(same, edit.project_id, edit.shown.job.id)


def is_receipt(metadata: object, delivery: Delivery) -> bool:
    """True if a message's metadata says that it is this delivery; total for any JSON."""
    wanted = receipt(delivery)
    if not isinstance(metadata, dict) or metadata.get("event_type") != wanted["event_type"]:
        return False
    return _essence(metadata.get("event_payload")) == _essence(wanted["event_payload"])


def tells(metadata: object, delivery: Delivery) -> bool:
    """True if a message's metadata is that of a group which contains this single change."""
    if not isinstance(delivery, ChangeDelivery) or not isinstance(metadata, dict):
        return False
    payload = metadata.get("event_payload")
    changes = payload.get("changes") if isinstance(payload, dict) else None
    if metadata.get("event_type") != CHANGES or not isinstance(changes, list):
        return False
    return any(
        isinstance(each, dict) and each.get("delivery_id") == delivery.id for each in changes
    )


def is_card_of(metadata: object, delivery: Delivery) -> bool:
    """True if a message's metadata is that of the card in whose thread this delivery belongs."""
    if not isinstance(delivery, Notice) or not isinstance(metadata, dict):
        return False
    payload = metadata.get("event_payload")
    return (
        metadata.get("event_type") == CARD
        and isinstance(payload, dict)
        and payload.get("card_id") == card_id(delivery.place, delivery.project_id, delivery.job_id)
    )


def jobs_of(metadata: object, project_id: str) -> set[JobId]:
    """Return the jobs of a project that a message's metadata names; total for any JSON."""
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    if not isinstance(payload, dict):
        return set()
    changes = payload.get("changes")
    named = [payload, *(changes if isinstance(changes, list) else ())]
    return {
        JobId(each["job_id"])
        for each in named
        if isinstance(each, dict)
        and each.get("project_id") == project_id
        and isinstance(each.get("job_id"), int)
    }


def _essence(payload: object) -> object:
    """Return what makes two payloads the same news: the ids, or the changes of a group."""
    if not isinstance(payload, dict):
        return None
    changes = payload.get("changes")
    if isinstance(changes, list):
        return [  # no delivery ids: they depend on the place, whose id may have changed
            (each.get("project_id"), each.get("job_id"), each.get("sequence"))
            for each in changes
            if isinstance(each, dict)
        ]
    return [payload.get(name) for name in ("card_id", "delivery_id", "source_id", "pause_id")]


def _card(id: str, project_id: str, job_id: JobId) -> Json:
    return _event(CARD, {"card_id": id, "project_id": project_id, "job_id": job_id})


def _told(id: str, change: StatusChange) -> Json:
    return {
        "delivery_id": id,
        "project_id": change.project_id,
        "job_id": change.job.id,
        "from_status": change.step.before,
        "to_status": change.step.after,
        "sequence": change.sequence,
    }


def _guarded(delivery: GuardDelivery) -> Json:
    return {
        "delivery_id": delivery.id,
        "project_id": delivery.project_id,
        "job_id": delivery.job_id,
        "kind": delivery.facts.kind.value,
        "hours": delivery.facts.hours,
    }


def _event(event_type: str, payload: Json) -> Json:
    return {"event_type": event_type, "event_payload": payload}
