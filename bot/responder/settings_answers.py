"""Answers to `settings`: the rules of a place, and who changed them."""

from dataclasses import dataclass, replace

from bot.core.cards.holds.settings import rules_set_card, settings_card, settings_form
from bot.core.cards.reply import Reply
from bot.core.commands.request import Request
from bot.core.commands.times.day_times import digest_of, quiet_hours_of
from bot.core.commands.verbs.registry import AboutSettings
from bot.core.commands.verbs.settings import OFF, USUAL, SetRules, SettingsForm
from bot.core.place_rules import PlaceRules
from bot.core.ports.place_rules import PlaceRulesBook
from bot.responder.places import Places
from bot.responder.rule_changes import announced
from bot.responder.zones import Zones


@dataclass(frozen=True, slots=True)
class SettingsAnswers:
    """Shows and changes the rules of places. Each method raises BotError."""

    book: PlaceRulesBook
    places: Places
    zones: Zones

    async def answer(self, command: AboutSettings, request: Request) -> Reply:
        """Open the form, or change the rules that the sentence names."""
        if isinstance(command, SettingsForm):
            return await self._show(command, request)
        return await self._set(command, request)

    async def _show(self, command: SettingsForm, request: Request) -> Reply:
        place = await self.places.resolve(command.where, request)
        rules = await self.book.rules_of(place)
        zone = await self.zones.zone_of(request)
        return Reply(card=settings_card(rules), form=settings_form(rules, zone=zone.key))

    async def _set(self, command: SetRules, request: Request) -> Reply:
        place = await self.places.resolve(command.where, request)
        before = await self.book.rules_of(place)
        zone = await self.zones.zone_of(request)
        after = _changed(before, command, zone=zone.key, by=request.user_id)
        if replace(after, set_by=before.set_by) == before:
            return Reply(card=rules_set_card(before, before))
        await self.book.set_rules(after, request_key=request.key)
        return Reply(
            card=rules_set_card(before, after),
            announcement=announced(before, after, by=request.user_id),
        )


def _changed(rules: PlaceRules, said: SetRules, *, zone: str, by: str) -> PlaceRules:
    """Return the rules with the change. New times are in `zone`, the person's; the rest keep
    theirs."""
    if said.language:
        language = "" if said.language == USUAL else said.language
        rules = replace(rules, language=language, set_by=by)
    if said.quiet:
        hours = None if said.quiet == OFF else quiet_hours_of(said.quiet)
        rules = rules.with_quiet_hours(hours, zone=zone, by=by)
    if said.digest:
        digest = None if said.digest == OFF else digest_of(said.digest)
        rules = rules.with_digest(digest, zone=zone, by=by)
    return rules
