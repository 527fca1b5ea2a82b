"""The golden cards of shortcuts, direct messages and invitations."""

from collections.abc import Callable

from bot.core.cards.bot.welcome import channel_welcome, direct_welcome, no_text_card
from bot.core.cards.card import Card
from bot.core.cards.jobs.job_choice import find_card
from bot.core.cards.subscriptions.subscribe_form import subscribe_form_card
from bot.core.cards.subscriptions.watch_message import (
    no_job_card,
    several_jobs_card,
    without_dialog,
)
from bot.core.commands.verbs.find import Find
from tests.make import a_job

_TWO = (a_job(205), a_job(240, 12, name="bert-finetune"))
_HOSTILE = a_job(205, name="<!channel> *x* \u202eevil")

REACH: dict[str, Callable[[], Card]] = {
    "welcome": lambda: channel_welcome(slash_command="/visjob", is_shared=False),
    "welcome-shared": lambda: channel_welcome(slash_command="/visjob", is_shared=True),
    "welcome-direct": direct_welcome,
    "no-text": no_text_card,
    "watch-form-as-message": lambda: without_dialog(subscribe_form_card(last_job=_TWO[0])),
    "watch-hostile-as-message": lambda: without_dialog(subscribe_form_card(last_job=_HOSTILE)),
    "watch-two-as-message": lambda: without_dialog(several_jobs_card(_TWO)),
    "watch-none-as-message": lambda: without_dialog(no_job_card(is_gone=False)),
    "find-as-message": lambda: without_dialog(find_card(_TWO, command=Find())),
}
REACH_VIEWS: dict[str, Callable[[], Card]] = {
    "watch-two": lambda: several_jobs_card(_TWO),
    "watch-three": lambda: several_jobs_card((*_TWO, _HOSTILE._replace(id=_TWO[1].id))),
    "watch-none": lambda: no_job_card(is_gone=False),
    "watch-gone": lambda: no_job_card(is_gone=True),
    "find-opened": lambda: find_card(_TWO, command=Find()),
}
