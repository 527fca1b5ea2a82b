"""The peers' message for a job: as many blocks and about as many bytes as the bot's own card."""

from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


def job_message(job: Json) -> Json:
    """Return the message for a running job, from the answer of the detail call."""
    job_id, name = job["job_id"], job["job_name"]
    minutes = job["duration"] // 60_000
    ran = f"{minutes // 60} h {minutes % 60} min"
    return {
        "response_type": "ephemeral",
        "text": f"{name} is running for {ran}. TensorBoard is open. Job {job_id}, JOBSTAT_RUNNING.",
        "blocks": [
            {"type": "rich_text", "elements": [_headline(job_id, name, ran)]},
            {"type": "context", "elements": _facts(job)},
            {"type": "actions", "elements": _buttons(str(job_id), job["service_url"])},
        ],
    }


def _headline(job_id: int, name: str, ran: str) -> Json:
    return {
        "type": "rich_text_section",
        "elements": [
            {"type": "text", "text": name, "style": {"bold": True}},
            {"type": "text", "text": f"  ·  job {job_id}"},
            {"type": "text", "text": "\n"},
            {"type": "text", "text": "Running", "style": {"bold": True}},
            {"type": "text", "text": " · "},
            {"type": "text", "text": "JOBSTAT_RUNNING", "style": {"code": True}},
            {"type": "text", "text": f" · {ran}"},
        ],
    }


def _facts(job: Json) -> list[Json]:
    return [
        {"type": "plain_text", "text": job["job_desc"], "emoji": False},
        {"type": "mrkdwn", "text": f"created {_date(job['create_time'])}", "verbatim": True},
        {"type": "plain_text", "text": job["train_url"], "emoji": False},
        {"type": "plain_text", "text": f"billed resource {job['resource_id']}", "emoji": False},
        {"type": "mrkdwn", "text": f"as of {_date(job['create_time'])}", "verbatim": True},
    ]


def _date(milliseconds: int) -> str:
    seconds = milliseconds // 1000
    words = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{seconds}^{{date_short_pretty}} at {{time}}|{words}>"


def _buttons(job_id: str, url: str) -> list[Json]:
    return [
        _button(0, "Open TensorBoard", job_id) | {"url": url, "style": "primary"},
        _button(1, "Refresh", job_id),
        _button(2, "Share here", f"{job_id} share"),
    ]


def _button(number: int, label: str, sentence: str) -> Json:
    return {
        "type": "button",
        "action_id": f"say:{number}",
        "text": {"type": "plain_text", "text": label, "emoji": False},
        "value": sentence,
        "accessibility_label": f"{label}: {sentence}",
    }
