"""Turn the answers of a submitted form into a sentence, which is handled like typed text."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.cards.cleaning import shown
from bot.core.commands.verbs.registry import FORMS
from bot.core.eager_tasks import begin
from bot.core.errors import BadAnswers
from bot.core.text import Language, Words
from bot.slack.blocks import Json
from bot.slack.incoming.answering import Answering
from bot.slack.incoming.background import BackgroundTasks
from bot.slack.incoming.bodies import reply_view
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.reading import answers_of, key_of, request_of
from bot.slack.views import FORM_PREFIX

# Slack names no limit, but a longer text beside a field does not help.
_LONGEST_PROBLEM = 300


@dataclass(frozen=True, slots=True)
class Submissions:
    """The answers to view_submission: problems at their fields, or a card in the modal."""

    answering: Answering
    background: BackgroundTasks
    languages: Languages

    async def answer(self, body: Json, team_id: str, *, seconds: float) -> Json | str:
        """Return the payload of the acknowledgement. An answer that takes longer than `seconds`
        comes by direct message: the modal is closed by then and cannot be updated."""
        view, user_id = body["view"], body["user"]["id"]
        form = FORMS[view["callback_id"].removeprefix(FORM_PREFIX)]
        try:
            command = form.read(answers_of(view))
        except BadAnswers as error:
            language = await self.languages.of(team_id, user_id)
            return problems_at(view, error.problems, language)
        key = key_of(body.get("trigger_id"))
        request = request_of(command.text, team_id, user_id, None, key=key)
        self.languages.prepare(team_id, user_id)
        replying = begin(self.answering.reply(request))
        if not replying.done():
            self.background.keep(replying)
            await asyncio.wait({replying}, timeout=seconds)
        if not replying.done():
            self.background.start(self.answering.answer_by_dm(request, replying))
            return ""
        reply = replying.result()
        language = await self.languages.of(team_id, user_id)
        if reply and (reply.is_problem or reply.asks_back):
            question = form.questions.get(reply.wrong_option, form.questions[""])
            return problems_at(view, {question: reply.card.summary}, language)
        return {"response_action": "update", "view": reply_view(reply, language)}


def problems_at(view: Json, problems: Mapping[str, Words], language: Language) -> Json | str:
    """Return problems beside the questions of a view, beside the first if a question is missing."""
    blocks = [block for block in view.get("blocks") or () if isinstance(block, dict)]
    asked = [key_of(block.get("block_id")) for block in blocks if block.get("type") == "input"]
    if not asked:
        return ""
    placed: dict[str, str] = {}
    for question, problem in problems.items():
        # Slack draws no markup beside a field.
        words = shown(language.plain(problem).replace("`", ""), _LONGEST_PROBLEM)
        placed[question if question in asked else asked[0]] = words
    return {"response_action": "errors", "errors": placed}
