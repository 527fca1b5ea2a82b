"""The Bolt app, built for speed: one listener per kind of request, no optional middleware."""

import logging
from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.contact import Installation
from bot.slack.incoming.listeners import Listeners
from bot.slack.incoming.shapes import oddity_of


def bolt_app(listeners: Listeners, installation: Installation, client: AsyncWebClient) -> AsyncApp:
    """Return an AsyncApp that answers in the acknowledgement; `client` is Slack's own client.

    With `process_before_response` Bolt awaits the listener; without it, Bolt would look for the
    answer every 10 ms.
    """
    logger = logging.getLogger("bot.slack.bolt")
    # Below ERROR, Bolt logs whole request bodies, and that it found a token in the environment.
    logger.setLevel(logging.ERROR)
    app = AsyncApp(
        name="visjob",
        logger=logger,
        client=client,
        authorize=_Authorize(installation),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        ssl_check_enabled=False,
        # The gate has verified the request, by one of two secrets; Socket Mode needs no signature.
        request_verification_enabled=False,
        # It would compare with the identity known when the event came in, which may be none yet.
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.use(_FirstLook(listeners))
    listeners.register(app)
    return app


class _FirstLook(AsyncMiddleware):
    """A middleware that refuses odd requests before Bolt reads them, and answers commands before
    Bolt looks for a listener.

    To match and call a listener costs Bolt more than all else that it does for a request.
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
        """Refuse an odd request, answer a command, and pass anything else on to the listeners."""
        if oddity := oddity_of(req.body):
            return self._listeners.refuse(req.body, oddity)
        return await (self._listeners.on_command(req.body) if "command" in req.body else next())


class _Authorize(AsyncAuthorize):
    """An authorization by the identity that we know, so that no request waits for Slack's API."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def __call__(self, *, team_id: str | None, **_: object) -> AuthorizeResult:
        identity = self._installation.identity
        bot_user_id = identity.bot_user_id if identity else None
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_user_id=bot_user_id)
