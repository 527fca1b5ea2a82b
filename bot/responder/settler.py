"""Answers `settings`: the rules of a place, and who changed them."""

from dataclasses import replace

from bot.core.cards.reply import Announcement, Reply
from bot.core.cards.settings import (
    rules_changed_card,
    rules_set_card,
    settings_card,
    settings_form,
    standing,
)
from bot.core.cards.subscription_words import is_direct
from bot.core.commands.day_times import digest_of, quiet_hours_of
from bot.core.commands.request import Request
from bot.core.commands.settings import OFF, USUAL, SetRules, SettingsForm
from bot.core.commands.verbs import AboutSettings
from bot.core.place_rules import PlaceRules
from bot.core.ports.place_rules import PlaceRulesBook
from bot.responder.places import Places
from bot.responder.zones import Zones


class Settler:
    """Shows and changes the rules of places. Each method raises BotError."""

    def __init__(self, book: PlaceRulesBook, *, places: Places, zones: Zones) -> None:
        self._book = book
        self._places = places
        self._zones = zones

    async def answer(self, command: AboutSettings, request: Request) -> Reply:
        """Open the form, or change what was said."""
        if isinstance(command, SettingsForm):
            return await self._show(command, request)
        return await self._set(command, request)

    async def _show(self, command: SettingsForm, request: Request) -> Reply:
        place = await self._places.resolve(command.where, request)
        rules = await self._book.rules_of(place)
        zone = await self._zones.zone_of(request)
        return Reply(card=settings_card(rules), form=settings_form(rules, zone=zone.key))

    async def _set(self, command: SetRules, request: Request) -> Reply:
        place = await self._places.resolve(command.where, request)
        before = await self._book.rules_of(place)
        after = _changed(before, command)
        if after == before:
            return Reply(card=rules_set_card(before, is_changed=False))
        after = replace(after, set_by=request.user_id)
        if (after.quiet_hours, after.digest) != (before.quiet_hours, before.digest):
            zone = await self._zones.zone_of(request)
            after = replace(after, time_zone=zone.key)
        await self._book.set_rules(after, request_key=request.key)
        return Reply(
            card=rules_set_card(after, is_changed=True),
            announcement=None if is_direct(place) else _announced(before, after),
        )


def _announced(before: PlaceRules, after: PlaceRules) -> Announcement:
    said = _said(before, after)
    return Announcement(
        channel_id=after.place.channel_id,
        card=rules_changed_card(after, said),
        signed=rules_changed_card(after, said, by=after.set_by),
    )


def _changed(rules: PlaceRules, said: SetRules) -> PlaceRules:
    if said.language:
        rules = replace(rules, language="" if said.language == USUAL else said.language)
    if said.quiet:
        hours = None if said.quiet == OFF else quiet_hours_of(said.quiet)
        rules = replace(rules, quiet_hours=hours)
    if said.digest:
        digest = None if said.digest == OFF else digest_of(said.digest)
        rules = replace(rules, digest=digest)
    return rules


def _said(before: PlaceRules, after: PlaceRules) -> SetRules:
    """What a change comes to: who sets what stood already changes nothing of it."""
    old, new = standing(before), standing(after)
    return SetRules(
        language="" if old.language == new.language else new.language,
        quiet="" if old.quiet == new.quiet else new.quiet,
        digest="" if old.digest == new.digest else new.digest,
    )
