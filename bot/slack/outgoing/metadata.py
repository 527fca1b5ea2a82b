"""Message metadata: how a message of ours says what it tells, and how we know it again. Pure."""

from bot.core.change import StatusChange
from bot.core.delivery import CardEdit, Delivery, DeliveryKind, card_id, delivery_id
from bot.core.job import JobId
from bot.slack.blocks import Json

CARD = "visjob_card"
CHANGE = "visjob_status_changed"
CHANGES = "visjob_status_changes"
SOURCE = "visjob_source"
PAUSE = "visjob_pause"


def receipt(delivery: Delivery) -> Json:
    """The metadata of a delivery's message. Every app in the workspace can read it."""
    match delivery.kind:
        case DeliveryKind.CARD:
            return _card(delivery.id, delivery.project_id, delivery.job_id)
        case DeliveryKind.CHANGE:
            return _event(CHANGE, _told(delivery.id, delivery.changes[0]))
        case DeliveryKind.CHANGES:
            told = list(map(_told, _change_ids(delivery), delivery.changes))
            return _event(CHANGES, {"changes": told})
        case DeliveryKind.SOURCE_LOST | DeliveryKind.SOURCE_BACK:
            return _event(SOURCE, {"source_id": delivery.id, "project_id": delivery.project_id})
        case DeliveryKind.PLACE_PAUSED:
            return _event(PAUSE, {"pause_id": delivery.id, "channel_id": delivery.about})


def card_receipt(edit: CardEdit) -> Json:
    """The metadata of a card that is edited."""
    same = card_id(edit.place, edit.project_id, edit.job.id)
    return _card(same, edit.project_id, edit.job.id)


def is_receipt(metadata: object, delivery: Delivery) -> bool:
    """True if a message's metadata says that it is this delivery; total for any JSON."""
    wanted = receipt(delivery)
    if not isinstance(metadata, dict) or metadata.get("event_type") != wanted["event_type"]:
        return False
    return _essence(metadata.get("event_payload")) == _essence(wanted["event_payload"])


def tells(metadata: object, delivery: Delivery) -> bool:
    """True if a grouped message's metadata names this single change."""
    if delivery.kind is not DeliveryKind.CHANGE or not isinstance(metadata, dict):
        return False
    payload = metadata.get("event_payload")
    changes = payload.get("changes") if isinstance(payload, dict) else None
    if metadata.get("event_type") != CHANGES or not isinstance(changes, list):
        return False
    return any(
        isinstance(each, dict) and each.get("delivery_id") == delivery.id for each in changes
    )


def is_card_of(metadata: object, delivery: Delivery) -> bool:
    """True if a message's metadata says that it is a card under which this delivery may hang."""
    if delivery.kind is DeliveryKind.CARD or not isinstance(metadata, dict):
        return False
    payload = metadata.get("event_payload")
    return (
        metadata.get("event_type") == CARD
        and isinstance(payload, dict)
        and payload.get("card_id") == card_id(delivery.place, delivery.project_id, delivery.job_id)
    )


def _essence(payload: object) -> object:
    """What makes two payloads the same news: the ids, and of a group which changes it tells."""
    if not isinstance(payload, dict):
        return None
    changes = payload.get("changes")
    if isinstance(changes, list):
        return [  # of the changes themselves: their ids are of the place, which may have moved
            (each.get("project_id"), each.get("job_id"), each.get("sequence"))
            for each in changes
            if isinstance(each, dict)
        ]
    return [payload.get(name) for name in ("card_id", "delivery_id", "source_id", "pause_id")]


def _card(id: str, project_id: str, job_id: JobId) -> Json:
    return _event(CARD, {"card_id": id, "project_id": project_id, "job_id": job_id})


def _change_ids(delivery: Delivery) -> tuple[str, ...]:
    """What each change of a group would be called if it came alone."""
    if delivery.change_ids:
        return delivery.change_ids
    return tuple(delivery_id(delivery.place, change) for change in delivery.changes)


def _told(id: str, change: StatusChange) -> Json:
    return {
        "delivery_id": id,
        "project_id": change.project_id,
        "job_id": change.job.id,
        "from_status": change.step.before,
        "to_status": change.step.after,
        "sequence": change.sequence,
    }


def _event(event_type: str, payload: Json) -> Json:
    return {"event_type": event_type, "event_payload": payload}
