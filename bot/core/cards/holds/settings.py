"""The rules of a place: the form that changes them, and the cards that show them."""

from bot.core.cards.card import Action, Bullet, Card, Channel, Emphasis, Line, Person
from bot.core.cards.form import Form, OneInput, Option, Question, SomeInput, TextInput
from bot.core.cards.words.hold_words import digest_rule, quiet_rule
from bot.core.cards.words.subscription_words import where_span, where_word
from bot.core.commands.times.day_times import clock_text, digest_text, quiet_text
from bot.core.commands.verbs.settings import (
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
from bot.core.subscription import Place
from bot.core.text import Text, Words, say, sentences

#: The name of each language in that language, which is never translated.
LANGUAGE_NAMES = {ENGLISH_TAG: "English", CHINESE_TAG: "简体中文"}

_LANGUAGES = (
    Option(label=say("Workspace default"), word=USUAL),
    *(Option(label=name, word=tag) for tag, name in LANGUAGE_NAMES.items()),
)
_WEEKDAYS = Option(label=say("On weekdays only"), word=WEEKDAYS)
_EXCEPT = Option(label=say("Let failures and reminders of cost through"), word=EXCEPT_FAILURES)
_QUIET_ON = (_WEEKDAYS, _EXCEPT)


def rules_command(rules: PlaceRules) -> SetRules:
    """Return the command that sets the present rules of a place."""
    return SetRules(
        where=where_word(rules.place),
        language=rules.language or USUAL,
        quiet=quiet_text(rules.quiet_hours) if rules.quiet_hours else OFF,
        digest=digest_text(rules.digest) if rules.digest else OFF,
    )


def settings_form(rules: PlaceRules, *, zone: str) -> Form:
    """Return the form; `zone` is the name of the person's time zone, for the times that they
    type."""
    language = next((one for one in _LANGUAGES if one.word == rules.language), _LANGUAGES[0])
    return Form(
        verb="settings",
        title=say("Settings"),
        submit=say("Save"),
        intro=(*_whose(rules), *_zones(rules, zone)),
        hidden=rules_command(rules).text,
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
    """Return the card that replaces the form if it cannot be opened: the rules, and a button that
    opens it."""
    lines = _rule_sentences(rules)
    button = Action(
        label=say("Open the form"),
        command=SettingsForm(where_word(rules.place)),
        emphasis=Emphasis.PRIMARY,
        accessibility_label=say("Open the form that changes these settings"),
    )
    return Card(
        summary=sentences(*lines),
        lines=(*_whose(rules), *((Bullet(), line) for line in lines)),
        controls=(button,),
    )


def rules_set_card(before: PlaceRules, rules: PlaceRules) -> Card:
    """Return the rules of a place after a command, and whether it changed any."""
    said: Words = say("Nothing was changed.") if rules == before else say("Saved.")
    lines, where = _rule_sentences(rules), where_span(rules.place)
    return Card(
        summary=sentences(said, *lines),
        lines=((said,), (say("For {place}.", place=where),), *((Bullet(), line) for line in lines)),
        controls=(change_button(rules.place),),
    )


def change_button(place: Place) -> Action:
    """Return the button that opens the form of a place's rules."""
    return Action(
        label=say("Change…"),
        command=SettingsForm(where_word(place)),
        accessibility_label=say("Change these settings"),
    )


def rules_changed_card(rules: PlaceRules, said: SetRules, *, by: str = "") -> Card:
    """Return the announcement that the rules of a channel changed; `by` is empty to name nobody."""
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
        accessibility_label=say("Open the settings of this channel"),
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
    if rules.place.is_direct:
        return ((say("For {place}.", place=where),),)
    if rules.digest_set_by:
        other = Person(rules.digest_set_by)
        both = say(
            "For {place}; {person} set the quiet hours, {other} the digest.",
            place=where,
            person=person,
            other=other,
        )
        return ((both,),)
    return ((say("For {place}; last changed by {person}.", place=where, person=person),),)


def _zones(rules: PlaceRules, zone: str) -> tuple[Line, ...]:
    quiet = rules.time_zone if rules.quiet_hours else ""
    digest = rules.zone_of_digest if rules.digest else ""
    if quiet and digest and quiet != digest:
        apart = say(
            "The quiet hours are in {quiet}, the digest in {digest}. What you change is in your"
            " time zone, {zone}.",
            quiet=quiet,
            digest=digest,
            zone=zone,
        )
        return ((apart,),)
    theirs = quiet or digest
    if theirs in ("", zone):
        return ((say("Times are in your time zone, {zone}.", zone=zone),),)
    return (
        (
            say(
                "These times are in {theirs}. What you change is in your time zone, {zone}.",
                theirs=theirs,
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
