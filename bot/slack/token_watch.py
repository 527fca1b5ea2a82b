"""Whether Slack still accepts our token, asked now and then."""

from bot.core.errors import MessageRejected, MessengerError, Refusal
from bot.core.health import Check, Verdict
from bot.slack.messenger import SlackMessenger

_WELL_SECONDS = 300.0
_UNWELL_SECONDS = 15.0


class TokenWatch:
    """Keeps the last thing that Slack said of our token."""

    def __init__(self, messenger: SlackMessenger) -> None:
        self._messenger = messenger
        self._error: MessengerError | None = None

    async def ask(self) -> float:
        """Ask who we are; the seconds until it is worth asking again."""
        try:
            await self._messenger.identify()
        except MessengerError as error:
            self._error = error
            return _UNWELL_SECONDS
        self._error = None
        return _WELL_SECONDS

    def check(self) -> Check:
        """What is known now. A token that worked is good until Slack says otherwise."""
        identity = self._messenger.identity
        if identity and not _is_final(self._error):
            found = f"token accepted, workspace {identity.team}"
            return Check(name="Slack token", verdict=Verdict.OK, found=found)
        if self._error is None:
            return Check(name="Slack token", verdict=Verdict.FAILED, found="not asked yet")
        found = f"{self._error} {self._error.code}".strip()
        cure = self._error.hint or "run `visjob doctor`"
        return Check(name="Slack token", verdict=Verdict.FAILED, found=found, cure=cure)


def _is_final(error: MessengerError | None) -> bool:
    """True if it is our token that Slack does not accept; not if it cannot be asked now."""
    return isinstance(error, MessageRejected) and error.refusal is Refusal.WORKSPACE
