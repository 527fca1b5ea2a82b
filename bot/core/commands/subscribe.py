"""`subscribe`: a place follows a job, a pattern or the project."""

from dataclasses import dataclass

from bot.core.change import Event
from bot.core.commands.job_reference import JobRef
from bot.core.commands.options import Options, option_place, option_value, target_and_options
from bot.core.commands.targets import NamePattern, WholeProject, parse_target
from bot.core.commands.tokens import Word, joined, shown
from bot.core.commands.until import checked_until
from bot.core.commands.vocabulary import option, sentence
from bot.core.errors import BadCommand
from bot.core.subscription import DeliveryMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """Tell a place of changes. What is empty is the target's usual."""

    job: JobRef | NamePattern | WholeProject
    #: `all`, `failures`, or events with commas.
    event_filter: str = ""
    #: Where it was typed, or `dm`, or `#` and a channel's id.
    where: str = ""
    until: str = ""
    delivery_mode: DeliveryMode | None = None
    preview: bool = False

    @property
    def text(self) -> str:
        return sentence(
            "subscribe",
            self.job.text,
            option("for", self.event_filter),
            option("in", self.where),
            option("until", self.until),
            option("as", self.delivery_mode.value if self.delivery_mode else ""),
            "preview" if self.preview else "",
        )


_OF_SUBSCRIBE = ("for", "in", "until", "as", "preview")

_PRESETS = ("all", "failures")


def parse_subscribe(words: list[Word], share: bool) -> Subscribe:
    """What comes after `subscribe`. Raises BadCommand."""
    del share  # what a place is told is its own
    target, options = target_and_options("subscribe", words, _OF_SUBSCRIBE)
    until = option_value(options, "until", checked_until)
    delivery_mode = option_value(options, "as", _delivery_mode)
    return Subscribe(
        job=parse_target(target),
        event_filter=_event_filter(options.words["for"]) if "for" in options.words else "",
        where=option_place(options, "in"),
        until=until,
        delivery_mode=DeliveryMode(delivery_mode) if delivery_mode else None,
        preview=_is_said(options, "preview"),
    )


def _is_said(options: Options, name: str) -> bool:
    words = options.words.get(name)
    if words:
        raise BadCommand(
            f"`{name}` takes no word, and you wrote `{shown(joined(words))}`.",
            hint="Leave the word out.",
        )
    return words is not None


def _event_filter(words: list[Word]) -> str:
    said = [part for word in words for part in word.text.lower().split(",") if part]
    if len(said) == 1 and said[0] in _PRESETS:
        return said[0]
    known = [event.value for event in Event]
    strange = [part for part in said if part not in known]
    if strange or not said:
        raise BadCommand(
            f"`{shown(strange[0])}` is no event." if strange else "`for` needs an event.",
            hint=f"Say all, failures, or some of {', '.join(known)} with commas.",
        )
    return ",".join(event for event in known if event in said)


def _delivery_mode(text: str) -> str:
    if text.lower() in {delivery_mode.value for delivery_mode in DeliveryMode}:
        return text.lower()
    raise BadCommand(
        f"`as {shown(text)}` is no way of telling.", hint="Say as thread, as card or as channel."
    )
