"""Whether Slack still accepts our token, asked now and then; who does not is frozen."""

from collections.abc import Callable

import structlog

from bot.core.errors import MessageRejected, MessengerError, Refusal, StoreUnavailable
from bot.core.health import Check, Verdict
from bot.core.ports.store import Workspaces
from bot.core.text import say, sentences
from bot.slack.outgoing.messenger import SlackMessenger
from bot.slack.outgoing.refusals import REMOVALS

_log = structlog.get_logger(__name__)

_TOKEN = say("Slack token")
_WELL_SECONDS = 300.0
_UNWELL_SECONDS = 15.0


class TokenWatch:
    """Keeps the last thing that Slack said of our token, and has the workspaces obey it."""

    def __init__(
        self,
        messenger: SlackMessenger,
        workspaces: Workspaces,
        *,
        recovered: Callable[[], None] = lambda: None,
    ) -> None:
        """`recovered` is called when Slack answers again."""
        self._recovered = recovered
        self._messenger = messenger
        self._workspaces = workspaces
        self._error: MessengerError | None = None

    async def ask(self) -> float:
        """Ask who we are; the seconds until it is worth asking again."""
        try:
            identity = await self._messenger.identify()
        except MessengerError as error:
            await self._accept(error)
            return _UNWELL_SECONDS
        self._note_well()
        try:
            if await self._workspaces.thaw(identity.team_id):
                _log.warning("workspace_thawed", team=identity.team_id)
        except StoreUnavailable as error:
            _log.warning("thaw_postponed", error=str(error))
            return _UNWELL_SECONDS
        return _WELL_SECONDS

    def check(self) -> Check:
        """What is known now. A token that worked is good until Slack says otherwise."""
        identity = self._messenger.identity
        if identity and not _is_final(self._error):
            accepted = say("token accepted, workspace {name}", name=identity.team)
            return Check(name=_TOKEN, verdict=Verdict.OK, found=accepted)
        if self._error is None:
            return Check(name=_TOKEN, verdict=Verdict.FAILED, found=say("not asked yet"))
        cure = self._error.hint or say("run `visjob doctor`")
        found = sentences(self._error.sentence, self._error.code)
        return Check(name=_TOKEN, verdict=Verdict.FAILED, found=found, cure=cure)

    def _note_well(self) -> None:
        if self._error is not None:
            _log.info("slack_back")
            self._error = None
            self._recovered()

    async def _accept(self, error: MessengerError) -> None:
        is_new = self._error is None or self._error.code != error.code
        self._error = error
        if is_new and _is_final(error):
            _log.error("slack_refuses_token", code=error.code, cure=str(error.hint))
        elif is_new:
            _log.warning("slack_away", error=str(error), code=error.code, cure=str(error.hint))
        identity = self._messenger.identity
        if identity is None or error.code not in REMOVALS:
            return
        try:
            await self._workspaces.freeze(identity.team_id, reason=error.code, is_removed=True)
        except StoreUnavailable as unkept:
            _log.warning("freeze_postponed", error=str(unkept))


def _is_final(error: MessengerError | None) -> bool:
    """True if it is our token that Slack does not accept; not if it cannot be asked now."""
    return isinstance(error, MessageRejected) and error.refusal is Refusal.WORKSPACE
