"""The rules of a place: the form that changes them, and the cards that say them."""

from bot.core.cards.calm_words import digest_rule, has_moved, quiet_rule
from bot.core.cards.card import Action, Bullet, Card, Channel, Emphasis, Line, Person
from bot.core.cards.form import Form, OneInput, Option, Question, SomeInput, TextInput
from bot.core.cards.subscription_words import is_direct, where_span, where_word
from bot.core.commands.day_times import clock_text, digest_text, quiet_text
from bot.core.commands.settings import (
    CHINESE_TAG,
    DIGEST_AT,
    DIGEST_ON,
    ENGLISH_TAG,
    EXCEPT_FAILURES,
    LANGUAGE,
    OFF,
    QUIET_FROM,
    QUIET_ON,
    QUIET_TO,
    USUAL,
    WEEKDAYS,
    SetRules,
    SettingsForm,
)
from bot.core.place_rules import Digest, PlaceRules, QuietHours
from bot.core.text import Text, Words, say, sentences

#: What each language is called, to whoever reads it; no sentence of ours.
LANGUAGE_NAMES = {ENGLISH_TAG: "English", CHINESE_TAG: "简体中文"}

_LANGUAGES = (
    Option(label=say("Workspace default"), word=USUAL),
    *(Option(label=name, word=tag) for tag, name in LANGUAGE_NAMES.items()),
)
_WEEKDAYS = Option(label=say("On weekdays only"), word=WEEKDAYS)
_EXCEPT = Option(label=say("Let failures and reminders of cost through"), word=EXCEPT_FAILURES)
_QUIET_ON = (_WEEKDAYS, _EXCEPT)


def standing(rules: PlaceRules) -> SetRules:
    """The sentence that makes a place's rules what they are."""
    return SetRules(
        where=where_word(rules.place),
        language=rules.language or USUAL,
        quiet=quiet_text(rules.quiet_hours) if rules.quiet_hours else OFF,
        digest=digest_text(rules.digest) if rules.digest else OFF,
    )


def settings_form(rules: PlaceRules, *, zone: str) -> Form:
    """The form; `zone` names the one that its reader's times are in."""
    language = next((one for one in _LANGUAGES if one.word == rules.language), _LANGUAGES[0])
    return Form(
        verb="settings",
        title=say("Settings"),
        submit=say("Save"),
        intro=(*_whose(rules), *_zones(rules, zone)),
        kept=standing(rules).text,
        questions=(
            Question(
                name=LANGUAGE,
                label=say("Language of what I post"),
                input=OneInput(options=_LANGUAGES, initial=language),
            ),
            *_quiet_questions(rules.quiet_hours),
            *_digest_questions(rules.digest),
        ),
    )


def settings_card(rules: PlaceRules) -> Card:
    """Stands in for the form where it cannot be opened: the rules, and the button that opens it."""
    lines = _rule_sentences(rules)
    button = Action(
        label=say("Open the form"),
        command=SettingsForm(where_word(rules.place)),
        emphasis=Emphasis.PRIMARY,
        aloud=say("Open the form that changes these settings"),
    )
    return Card(
        summary=sentences(*lines),
        lines=(*_whose(rules), *((Bullet(), line) for line in lines)),
        controls=(button,),
    )


def rules_set_card(before: PlaceRules, rules: PlaceRules) -> Card:
    """The rules of a place as they stand after a change, if it was one."""
    said: Words = say("Nothing was changed.") if rules == before else say("Saved.")
    if has_moved(before, rules) and (rules.quiet_hours or rules.digest):
        moved = say(
            "All times here are meant in {zone} now, no longer in {before}.",
            zone=rules.time_zone,
            before=before.time_zone,
        )
        said = sentences(said, moved)
    lines = _rule_sentences(rules)
    change = Action(
        label=say("Change…"),
        command=SettingsForm(where_word(rules.place)),
        aloud=say("Change these settings"),
    )
    return Card(
        summary=sentences(said, *lines),
        lines=((said,), *_whose(rules), *((Bullet(), line) for line in lines)),
        controls=(change,),
    )


def rules_changed_card(rules: PlaceRules, said: SetRules, *, by: str = "") -> Card:
    """What a channel reads when somebody has changed its rules; `by` is empty to name nobody."""
    changed = [
        *([_language_sentence(rules)] if said.language else ()),
        *([quiet_rule(rules)] if said.quiet else ()),
        *([digest_rule(rules)] if said.digest else ()),
    ]
    head = say("The settings of this channel were changed.")
    if by:
        head = say("{person} changed the settings of this channel.", person=Person(by))
    change = Action(
        label=say("Settings"),
        command=SettingsForm(),
        aloud=say("Open the settings of this channel"),
    )
    return Card(
        summary=sentences(head, *changed),
        lines=((head,), *((Bullet(), line) for line in changed)),
        controls=(change,),
    )


def _whose(rules: PlaceRules) -> tuple[Line, ...]:
    where: Text | Channel = where_span(rules.place)
    if not rules.set_by:
        return ((say("For {place}.", place=where),),)
    person = Person(rules.set_by)
    if is_direct(rules.place):
        return ((say("For {place}.", place=where),),)
    return ((say("For {place}; last changed by {person}.", place=where, person=person),),)


def _zones(rules: PlaceRules, zone: str) -> tuple[Line, ...]:
    has_times = rules.quiet_hours or rules.digest
    if not has_times or not rules.time_zone or rules.time_zone == zone:
        return ((say("Times are in your time zone, {zone}.", zone=zone),),)
    return (
        (
            say(
                "These times are in {theirs}. If you change one, all of them are in your time"
                " zone, {zone}.",
                theirs=rules.time_zone,
                zone=zone,
            ),
        ),
    )


def _quiet_questions(quiet: QuietHours | None) -> tuple[Question, ...]:
    ticked = (
        *((_WEEKDAYS,) if quiet and quiet.is_weekdays_only else ()),
        *((_EXCEPT,) if quiet and quiet.lets_failures_pass else ()),
    )
    return (
        Question(
            name=QUIET_FROM,
            label=say("Start of the quiet hours"),
            input=TextInput(
                placeholder="22:00", initial=clock_text(quiet.begins_at) if quiet else ""
            ),
            is_optional=True,
        ),
        Question(
            name=QUIET_TO,
            label=say("End of the quiet hours"),
            input=TextInput(
                placeholder="08:00", initial=clock_text(quiet.ends_at) if quiet else ""
            ),
            hint=say("Meanwhile I hold what I would post. Leave both empty for no quiet hours."),
            is_optional=True,
        ),
        Question(
            name=QUIET_ON,
            label=say("Quiet hours"),
            input=SomeInput(options=_QUIET_ON, initial=ticked),
            is_optional=True,
        ),
    )


def _digest_questions(digest: Digest | None) -> tuple[Question, ...]:
    is_weekdays_only = digest is not None and digest.is_weekdays_only
    return (
        Question(
            name=DIGEST_AT,
            label=say("Time of the digest"),
            input=TextInput(placeholder="09:00", initial=clock_text(digest.at) if digest else ""),
            hint=say("One message a day with all that happened. Leave it empty for no digest."),
            is_optional=True,
        ),
        Question(
            name=DIGEST_ON,
            label=say("Digest"),
            input=SomeInput(options=(_WEEKDAYS,), initial=(_WEEKDAYS,) if is_weekdays_only else ()),
            is_optional=True,
        ),
    )


def _rule_sentences(rules: PlaceRules) -> tuple[Text, ...]:
    return (_language_sentence(rules), quiet_rule(rules), digest_rule(rules))


def _language_sentence(rules: PlaceRules) -> Text:
    if not rules.language:
        return say("I post in my usual language.")
    name = LANGUAGE_NAMES.get(rules.language, rules.language)
    return say("I post in this language: {name}.", name=name)
