"""Ask Slack now and then whether it accepts our token; hold a workspace that does not."""

from collections.abc import Callable, Sequence

import structlog

from bot.core.errors import MessageRejected, MessengerError, Refusal, StoreUnavailable
from bot.core.health import Check, Verdict
from bot.core.ports.meter import UNMETERED, DeliveryOutcome, Meter
from bot.core.ports.store import Workspaces
from bot.core.ports.time import Monotonic
from bot.core.text import say, sentences
from bot.slack.outgoing.messenger import SlackMessenger

_log = structlog.get_logger(__name__)

_TOKEN = say("Slack token")
# Slack may revoke a token silently, and another replica may hold what this one could send.
_WELL_SECONDS = 60.0
_AWAY_SECONDS = 15.0
_FIRST_REFUSED_SECONDS = 5.0
_LONGEST_REFUSED_SECONDS = 300.0
_MOST_DOUBLINGS = 10
# Shorter than a tick, so that no tick is skipped.
_LOOK_SECONDS = 0.5


class TokenWatch:
    """The last thing that Slack said about our token; pauses and thaws the workspace accordingly.

    `jitter` returns 0 to 1.
    """

    def __init__(
        self,
        messenger: SlackMessenger,
        workspaces: Workspaces,
        *,
        monotonic: Monotonic,
        jitter: Callable[[], float],
        recovered: Callable[[], None] = lambda: None,
        meter: Meter = UNMETERED,
    ) -> None:
        """`recovered` is called when Slack answers again."""
        self._recovered = recovered
        self._meter = meter
        self._messenger = messenger
        self._workspaces = workspaces
        self._monotonic = monotonic
        self._jitter = jitter
        self._error: MessengerError | None = None
        self._is_postponing = False
        self._was_accepted = False
        #: How many refusals came in a row.
        self._refusals = 0
        #: True once the workspace is held because of the present run of refusals.
        self._is_held = False
        self._is_wanted = False
        self._due_at = 0.0

    def recheck(self) -> None:
        """Ask Slack at the next look, because there is a sign that it refuses our token."""
        self._is_wanted = True
        self._is_held = False

    async def look(self) -> float:
        """Ask Slack who we are if that is due; return the seconds until the next look."""
        if self._is_wanted or self._monotonic() >= self._due_at:
            self._is_wanted = False
            pause = await self.ask()
            self._due_at = self._monotonic() + pause
        return _LOOK_SECONDS

    async def ask(self) -> float:
        """Ask Slack who we are; return the seconds until it is worth asking again."""
        try:
            identity = await self._messenger.identify()
        except MessengerError as error:
            return await self._accept(error)
        self._note_well()
        try:
            given_up = await self._workspaces.thaw(
                identity.team_id, was_accepted=self._was_accepted
            )
        except StoreUnavailable as error:
            if not self._is_postponing:
                _log.warning("thaw_postponed", error=str(error))
            self._is_postponing = True
            return _AWAY_SECONDS
        self._is_postponing = False
        self._was_accepted = True
        if given_up is not None:
            self._note_thawed(identity.team_id, given_up)
        return _WELL_SECONDS

    def check(self) -> Check:
        """Report what is known now. A token that worked is good until Slack says otherwise."""
        identity = self._messenger.identity
        if identity and not _is_final(self._error):
            accepted = say("accepted, workspace {name}", name=identity.team)
            return Check(name=_TOKEN, verdict=Verdict.OK, found=accepted)
        if self._error is None:
            return Check(name=_TOKEN, verdict=Verdict.FAILED, found=say("not asked yet"))
        cure = self._error.hint or say("whoever runs me sees why in `visjob doctor`")
        found = sentences(self._error.sentence, self._error.code)
        return Check(name=_TOKEN, verdict=Verdict.FAILED, found=found, cure=cure)

    def _note_thawed(self, team_id: str, given_up: Sequence[str]) -> None:
        _log.warning("workspace_thawed", team=team_id, dead_letters=len(given_up))
        for delivery_id in given_up:
            _log.error(
                "dead_letter", delivery=delivery_id, team=team_id, reason="the app was removed"
            )
            self._meter.count_delivery(DeliveryOutcome.DEAD)

    def _note_well(self) -> None:
        self._refusals = 0
        self._is_held = False
        if self._error is not None:
            _log.info("slack_back")
            self._error = None
            self._recovered()

    async def _accept(self, error: MessengerError) -> float:
        is_new = self._error is None or self._error.code != error.code
        self._error = error
        if not _is_final(error):
            if is_new:
                _log.warning("slack_away", error=str(error), code=error.code, cure=str(error.hint))
            return _AWAY_SECONDS
        if is_new:
            _log.error("slack_refuses_token", code=error.code, cure=str(error.hint))
        self._was_accepted = False
        await self._hold(error.code)
        doublings = min(self._refusals, _MOST_DOUBLINGS)
        self._refusals += 1
        grown = min(_FIRST_REFUSED_SECONDS * 2.0**doublings, _LONGEST_REFUSED_SECONDS)
        return grown * (0.8 + 0.4 * self._jitter())

    async def _hold(self, code: str) -> None:
        """Hold the workspace once per run of refusals: another replica may have thawed it since."""
        identity = self._messenger.identity
        if identity is None or self._is_held:
            return
        try:
            await self._workspaces.pause(identity.team_id, reason=code, is_refused=True)
        except StoreUnavailable as error:
            if not self._is_postponing:
                _log.warning("pause_postponed", error=str(error))
            self._is_postponing = True
        else:
            self._is_held = True
            self._is_postponing = False


def _is_final(error: MessengerError | None) -> bool:
    """True if Slack does not accept our token; False if Slack just cannot be asked now."""
    return isinstance(error, MessageRejected) and error.refusal is Refusal.WORKSPACE
