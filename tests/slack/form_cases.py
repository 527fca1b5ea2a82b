"""The forms that are kept as golden files, and the cards that stand in for them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.cards.form import Option
from bot.core.cards.holds.settings import (
    rules_changed_card,
    rules_command,
    rules_set_card,
    settings_card,
    settings_form,
)
from bot.core.cards.subscriptions.subscribe_form import (
    FilledIn,
    subscribe_form,
    subscribe_form_card,
)
from bot.core.cards.words.hold_words import PlaceHolds
from bot.core.commands.targets.job_reference import JobById
from bot.core.commands.verbs.subscribe import Subscribe, SubscribeForm
from bot.core.hold import Hold, HoldReason, HoldScope
from bot.core.job import JobId
from bot.core.place_rules import Digest, PlaceRules, QuietHours
from bot.core.subscription import DeliveryMode, Place
from bot.slack.blocks import render
from bot.slack.views import form_view, loading_form_view
from tests.make import NOW

Json = dict[str, Any]

HERE = Place(team_id="T0VISION01", channel_id="C0EXP00001")
RULES = PlaceRules(
    place=HERE,
    quiet_hours=QuietHours(begins_at=1320, ends_at=480, is_weekdays_only=True),
    digest=Digest(at=540),
    language="zh-CN",
    time_zone="Asia/Shanghai",
    set_by="U0ANA00001",
)
_SNOOZED = Hold(
    scope=HoldScope(team_id=HERE.team_id, channel_id=HERE.channel_id),
    reason=HoldReason.SNOOZED,
    words="U0ANA00001",
    since=NOW,
    until=NOW + timedelta(hours=4),
)
HELD = PlaceHolds(
    rules=RULES,
    holds=(
        _SNOOZED,
        replace(_SNOOZED, scope=replace(_SNOOZED.scope, project_id="p1", job_id=205)),
    ),
)
_UNSET = PlaceRules(place=HERE)
_CHANGED = FilledIn(
    job=Option(label="flowers-tb", word="id:205"),
    channel_id="C0EXP00001",
    event_filter="failed,cost",
    until=NOW,
    delivery_mode=DeliveryMode.CARD,
    is_change=True,
)

FORM_CARDS: dict[str, Callable[[], Json]] = {
    "form-by-button-change": lambda: render(
        subscribe_form_card(form=SubscribeForm(Subscribe(job=JobById(JobId(205)))))
    ),
    "settings": lambda: render(settings_card(RULES)),
    "settings-none": lambda: render(settings_card(_UNSET)),
    "settings-saved": lambda: render(rules_set_card(_UNSET, RULES)),
    "settings-unchanged": lambda: render(rules_set_card(_UNSET, _UNSET)),
    "settings-announced": lambda: render(rules_changed_card(RULES, rules_command(RULES))),
    "settings-announced-signed": lambda: render(
        rules_changed_card(RULES, rules_command(RULES), by="U0BEN00001")
    ),
}

FORM_VIEWS: dict[str, Callable[[], Json]] = {
    "form-subscribe-change": lambda: form_view(subscribe_form(last_job=None, filled_in=_CHANGED)),
    "form-announced": loading_form_view,
    "form-settings": lambda: form_view(settings_form(_UNSET, zone="Asia/Tokyo")),
    "form-settings-set": lambda: form_view(settings_form(RULES, zone="Asia/Tokyo")),
}
