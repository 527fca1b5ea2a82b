"""Answers `settings`: the rules of a place, and who changed them."""

from dataclasses import replace

from bot.core.cards.reply import Reply
from bot.core.cards.settings import (
    rules_set_card,
    settings_card,
    settings_form,
)
from bot.core.commands.day_times import digest_of, quiet_hours_of
from bot.core.commands.request import Request
from bot.core.commands.settings import OFF, USUAL, SetRules, SettingsForm
from bot.core.commands.verbs import AboutSettings
from bot.core.place_rules import PlaceRules
from bot.core.ports.place_rules import PlaceRulesBook
from bot.responder.places import Places
from bot.responder.rule_changes import announced
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
        # To end one is to set none: the other goes on in the zone in which it was meant.
        if not {command.quiet, command.digest} <= {"", OFF}:
            zone = await self._zones.zone_of(request)
            after = replace(after, time_zone=zone.key)
        if after == before:
            return Reply(card=rules_set_card(before, before))
        after = replace(after, set_by=request.user_id)
        await self._book.set_rules(after, request_key=request.key)
        return Reply(
            card=rules_set_card(before, after),
            announcement=announced(before, after, by=request.user_id),
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
