"""The Bolt app in its fastest form: one listener per kind, no optional middleware."""

import logging
from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.middleware.request_verification.async_request_verification import (
    AsyncRequestVerification,
)
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import Clock as SlackClock
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.ports.time import Clock
from bot.slack.contact import Home
from bot.slack.incoming.listeners import Listeners
from bot.slack.incoming.shapes import oddity_of

# Socket Mode needs no signature; Bolt wants a secret all the same.
_NO_SECRET = "unused"  # noqa: S105 - it is the absence of one


def bolt_app(
    listeners: Listeners,
    home: Home,
    client: AsyncWebClient,
    *,
    clock: Clock,
    signing_secret: str = _NO_SECRET,
) -> AsyncApp:
    """An AsyncApp that answers in the acknowledgement; `client` is the official one.

    With `process_before_response` Bolt awaits the listener instead of looking for its
    answer every 10 ms.
    """
    logger = logging.getLogger("bot.slack.bolt")
    # Below ERROR Bolt logs whole request bodies, and that it found a token in the environment.
    logger.setLevel(logging.ERROR)
    app = AsyncApp(
        name="visjob",
        logger=logger,
        client=client,
        signing_secret=signing_secret,
        authorize=_Authorize(home),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        ssl_check_enabled=False,
        # Ours is the same one, and goes by the clock that the gate goes by.
        request_verification_enabled=False,
        # It knows us by what was known when the event came in, and that may be nothing yet.
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.use(_Verification(signing_secret, clock))
    app.use(_FirstLook(listeners))
    listeners.register(app)
    return app


class _Verification(AsyncRequestVerification):
    """Bolt's own check of signatures, by a given clock."""

    def __init__(self, signing_secret: str, clock: Clock) -> None:
        super().__init__(signing_secret)
        self._verifier = SignatureVerifier(signing_secret, _SlackClock(clock))


class _SlackClock(SlackClock):
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock().timestamp()


class _FirstLook(AsyncMiddleware):
    """Refuses what is odd before Bolt reads it, and answers commands where Bolt would begin to
    look for a listener.

    To match and call one costs Bolt more than all else that it does for a request.
    """

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's signature
        next: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse:
        """Refuse, answer a command, or leave anything else to the listeners."""
        if oddity := oddity_of(req.body):
            return self._listeners.refuse(req.body, oddity)
        return await (self._listeners.on_command(req.body) if "command" in req.body else next())


class _Authorize(AsyncAuthorize):
    """We are who `auth.test` said at the start; a command never waits for Slack's Web API."""

    def __init__(self, home: Home) -> None:
        self._home = home

    async def __call__(self, *, team_id: str | None, **_: object) -> AuthorizeResult:
        identity = self._home.identity
        bot_user_id = identity.bot_user_id if identity else None
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_user_id=bot_user_id)
