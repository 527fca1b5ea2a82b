"""Clicks on buttons and choices: each stands for a sentence, and is answered where it was made."""

from dataclasses import dataclass
from typing import Any

from bot.core.commands.request import Request
from bot.slack.blocks import Json
from bot.slack.controls import LINK, renews
from bot.slack.incoming.admission import Admission
from bot.slack.incoming.answering import Answering
from bot.slack.incoming.background import BackgroundTasks
from bot.slack.incoming.click_log import ClickLogger
from bot.slack.incoming.forms import Forms, asks_for_form
from bot.slack.incoming.homes import Homes
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.links import Links, is_on_unfurl
from bot.slack.incoming.origin import interaction_origin
from bot.slack.incoming.reading import clicked_request, page_turned_to
from bot.slack.incoming.shortcuts import Shortcuts


@dataclass(frozen=True, slots=True)
class Clicks:
    """The listener for all clicks."""

    answering: Answering
    admission: Admission
    languages: Languages
    background: BackgroundTasks
    log: ClickLogger
    forms: Forms
    homes: Homes
    shortcuts: Shortcuts
    links: Links

    async def on_click(self, ack: Any, body: Json) -> None:
        """Acknowledge without the answer, which comes through response_url or in a modal."""
        await ack()
        action = body["actions"][0]
        is_link = action["action_id"].startswith(LINK)
        await self.admission.learn_identity()
        team_id = await self.admission.admitting(interaction_origin(body))
        if team_id is not None:
            self.log.note(team_id, body)
        if is_link:
            return
        if team_id is None:
            farewell = self.admission.farewell
            self.background.start(
                self.answering.turn_away(body, farewell, team_id=self.admission.team_id)
            )
            return
        page = page_turned_to(action)
        if page is not None:
            view = body.get("view")
            self.background.start(
                self.homes.draw(team_id, body["user"]["id"], page=page, view=view)
            )
            return
        self._answer_click(clicked_request(body, team_id), body, action)

    def _answer_click(self, request: Request, body: Json, action: Json) -> None:
        """Start to answer a click in the way that its surface allows."""
        team_id, sentence = request.team_id, request.text
        surface = (body.get("view") or {}).get("type")
        self.languages.prepare(team_id, request.user_id)
        if form := self.shortcuts.chosen(body, sentence, team_id):
            self.background.start(self.shortcuts.show(form, body, team_id))
        elif surface != "modal" and asks_for_form(sentence):
            self.background.start(self.forms.click(request, body))
        elif is_on_unfurl(body) and renews(action):
            self.background.start(self.links.renew(request, body))
        elif body.get("response_url"):
            self.background.start(self.answering.click(request, body))
        elif surface == "home":
            self.background.start(self.homes.click(request, body))
        else:
            self.background.start(self.answering.in_modal(request, body))
