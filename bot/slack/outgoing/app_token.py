"""Check the app-level token, by which Slack opens Socket Mode connections. Opens none."""

from bot.core.errors import MessageRejected, MessengerError, Refusal
from bot.core.health import Check, Verdict
from bot.core.text import Words, say, sentences
from bot.slack.outgoing.calls import SlackCalls
from bot.slack.outgoing.refusals import UNCLEAR

_NAME = "Socket Mode"
_GENERATE = say(
    "on the app's page, Basic Information, App-Level Tokens, generate a token with "
    "connections:write, and set SLACK_APP_TOKEN to it"
)
_TURN_ON = say(
    "turn Socket Mode on, on the app's page of that name, or create the app anew from "
    "`visjob manifest --socket-mode`"
)
#: docs.slack.dev/reference/methods/apps.connections.open
_CURES = {
    "account_inactive": _GENERATE,
    "invalid_auth": _GENERATE,
    "missing_args": _GENERATE,
    "missing_scope": _GENERATE,
    "not_allowed_token_type": _GENERATE,
    "not_authed": _GENERATE,
    "token_expired": _GENERATE,
    "token_revoked": _GENERATE,
}


async def check_app_token(calls: SlackCalls) -> Check:
    """Ask Slack for the address of a connection, and report whether Slack gives one."""
    try:
        answer = await calls.write("apps.connections.open")
    except MessengerError as error:
        return Check(
            name=_NAME,
            verdict=Verdict.FAILED,
            found=sentences(error.sentence, error.code),
            cure=_cure(error),
        )
    if not str(answer.data.get("url", "")).startswith(("wss://", "ws://")):
        found = say("Slack gave no address for a connection")
        return Check(name=_NAME, verdict=Verdict.FAILED, found=found, cure=_TURN_ON)
    return Check(name=_NAME, verdict=Verdict.OK, found=say("Slack accepts the app-level token"))


def _cure(error: MessengerError) -> Words:
    if error.code in _CURES:
        return _CURES[error.code]
    is_slack_itself = error.code in UNCLEAR or (
        isinstance(error, MessageRejected) and error.refusal in _PASSING
    )
    if is_slack_itself or not error.code:
        return error.hint or say("see status.slack.com, and run this again in a minute")
    # Slack lists no code for an app whose Socket Mode is off, so every other code means that.
    return _TURN_ON


_PASSING = (Refusal.NOT_SENT, Refusal.TOO_FAST)
