"""The buttons of one job, and their order on each kind of card."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from bot.core.cards.card import Action, Control, Emphasis, Menu, PlacePicker
from bot.core.commands.grammar import parse
from bot.core.commands.targets.job_reference import JobById, JobByName, JobByWord, JobRef
from bot.core.commands.verbs.copy import Copy
from bot.core.commands.verbs.details import Details
from bot.core.commands.verbs.history import History
from bot.core.commands.verbs.show import Show
from bot.core.commands.verbs.snooze import Snooze
from bot.core.commands.verbs.subscribe import Subscribe, SubscribeForm
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.commands.verbs.wake import Wake
from bot.core.commands.verbs.why import Why
from bot.core.text import Words, say


class JobCard(Enum):
    """The kinds of cards about one job."""

    #: An answer that only the asker sees.
    ANSWER = "answer"
    #: An answer that everybody in the place sees.
    SHARED = "shared"
    #: The card in a place that follows the job; the bot edits it in place.
    FOLLOWED = "followed"
    #: The card in a place that has unsubscribed; the bot edits it no more.
    CLOSED = "closed"
    #: The message about one change of the job.
    CHANGE = "change"
    #: The confirmation of a subscription to the job.
    SUBSCRIBED = "subscribed"
    #: A row of a person's Home.
    HOME = "home"


class Following(Enum):
    """Whether the place of a card follows the job."""

    NO = "no"
    YES = "yes"
    #: A pattern or project subscription covers the job; it cannot end for this job alone.
    WITH_OTHERS = "with others"
    #: The subscription ended, with the job or by hand.
    ENDED = "ended"


def job_actions(
    job: JobRef,
    *,
    card: JobCard,
    following: Following,
    link: str = "",
    subscribe: Subscribe | None = None,
    name: Words = "",
    act: Action | None = None,
    is_snoozed: bool = False,
) -> tuple[Control, ...]:
    """Return the buttons of a job on a card: three at the most, and a menu for the rest. The
    commands name the job as `job`; `link` is what `live_link` allows; `subscribe` is the command
    that makes the subscription, if not the usual one; `name` is for screen readers; `act` is from
    `act_button`, if people may act; `is_snoozed` is about the job in the place of the card."""
    named = name or called_by(job)
    again = subscribe or Subscribe(job=job)
    buttons = _Buttons(job, link, following, again, named, act, is_snoozed)
    beside, behind = _LAYOUTS[card]
    shown = [control for make in beside if (control := make(buttons))]
    items = [item for make in behind if isinstance(item := make(buttons), Action)]
    if len(shown) > _BUTTONS_AT_MOST:
        shown = [control for control in shown if control != buttons.refresh()]
        items.insert(0, buttons.refresh())
    return (*shown, *((Menu(actions=tuple(items)),) if items else ()))


def subscribe_sentence(text: str) -> Subscribe | None:
    """Parse a stored command that subscribes; None for any other text."""
    command = parse(text) if text else None
    return command if isinstance(command, Subscribe) else None


def called_by(job: JobRef) -> Words:
    """Return how a sentence names the job of a reference: by name, word or id."""
    match job:
        case JobById(id=job_id):
            return say("job\u00a0{id}", id=job_id)
        case JobByName(name=name):
            return name
        case JobByWord(word=word):
            return word
        case _:
            return say("job\u00a0{id}", id=job.text)


@dataclass(frozen=True, slots=True)
class _Buttons:
    """Makes the buttons of a job; a method returns None if its button makes no sense."""

    job: JobRef
    link: str
    following: Following
    subscribe: Subscribe
    name: Words
    act_button: Action | None
    is_snoozed: bool

    def open(self) -> Action | None:
        if not self.link:
            return None
        return Action(
            label=say("Open TensorBoard"),
            command=Show(self.job),
            emphasis=Emphasis.PRIMARY,
            url=self.link,
            accessibility_label=say("Open TensorBoard of {name}", name=self.name),
        )

    def open_or_show(self) -> Action:
        """Return the one button of a row, in plain style: a green one in each row would
        distract."""
        button = self.open()
        return replace(button, emphasis=Emphasis.PLAIN) if button else self.show()

    def show_if_open(self) -> Action | None:
        """Return Show job for the menu, if the one button of the row opens TensorBoard."""
        return self.show() if self.link else None

    def refresh(self) -> Action:
        return Action(
            label=say("Refresh"),
            command=Show(self.job),
            renews_card=True,
            accessibility_label=say("Refresh the card of {name}", name=self.name),
        )

    def follow(self) -> Action:
        """Return Subscribe or Unsubscribe. A place that follows the job by a pattern can subscribe,
        too."""
        if self.following is Following.YES:
            return self._unfollow()
        is_ended = self.following is Following.ENDED
        accessibility_label = say("Follow {name} here", name=self.name)
        if self.subscribe.where == "dm":
            accessibility_label = say("Follow {name} by direct message", name=self.name)
        return Action(
            label=say("Subscribe again") if is_ended else say("Subscribe"),
            command=self.subscribe,
            accessibility_label=accessibility_label,
        )

    def _unfollow(self) -> Action:
        accessibility_label = say("Stop following {name} here", name=self.name)
        if self.subscribe.where == "dm":
            accessibility_label = say("Stop following {name} by direct message", name=self.name)
        return Action(
            label=say("Unsubscribe"),
            command=Unsubscribe(job=self.subscribe.job, where=self.subscribe.where),
            accessibility_label=accessibility_label,
        )

    def follow_in_place(self) -> Action:
        """Return the button for Home: it means direct messages, and its answer replaces the row."""
        button = self.follow()
        is_followed = self.following is Following.YES
        label = say("Unsubscribe") if is_followed else say("Subscribe by DM")
        return replace(button, label=label, renews_card=True)

    def follow_if_new(self) -> Action | None:
        return None if self._is_followed() else self.follow()

    def follow_or_leave(self) -> Action | None:
        """Return the button for the card of a followed job; None if a pattern or the project covers
        it."""
        return None if self.following is Following.WITH_OTHERS else self.follow()

    def follow_again(self) -> Action | None:
        again = self.follow() if self.following is Following.ENDED else None
        return replace(again, renews_card=True) if again else None

    def act(self) -> Action | None:
        return self.act_button

    def preview(self) -> Action:
        return Action(
            label=say("Preview"),
            command=replace(self.subscribe, preview=True),
        )

    def change(self) -> Action | None:
        if not self._is_followed():
            return None
        said = Subscribe(job=self.job, where=self.subscribe.where)
        return Action(label=say("Change…"), command=SubscribeForm(said))

    def copy_to_asker(self) -> Action | None:
        if self.subscribe.where == "dm":
            return None
        return Action(label=say("Copy to me"), command=self._copy(to="dm"))

    def copy_to_channel(self) -> PlacePicker:
        return PlacePicker(placeholder=say("Copy to…"), command=self._copy(to=""))

    def show(self) -> Action:
        return Action(
            label=say("Show job"),
            command=Show(self.job),
            accessibility_label=say("Show the card of {name}", name=self.name),
        )

    def share(self) -> Action:
        return Action(label=say("Share here"), command=Show(self.job, share=True))

    def snooze(self) -> Action | None:
        if self.is_snoozed:
            return Action(label=say("End snooze"), command=Wake(job=self.job))
        if not self._is_followed():
            return None
        return Action(label=say("Snooze 4\u00a0h here"), command=Snooze(job=self.job, until="4h"))

    def why(self) -> Action:
        return Action(label=say("Show what was posted"), command=Why(self.job))

    def history(self) -> Action:
        return Action(label=say("History"), command=History(self.job))

    def details(self) -> Action:
        return Action(label=say("Details"), command=Details(self.job))

    def _is_followed(self) -> bool:
        return self.following in (Following.YES, Following.WITH_OTHERS)

    def _copy(self, *, to: str) -> Copy:
        return Copy(job=self.job, where=self.subscribe.where, to=to)


_Make = Callable[[_Buttons], Control | None]

# More would not fit in a row; Refresh is the one that moves to the menu.
_BUTTONS_AT_MOST = 3

# The buttons in the row of a card, and those in its menu.
_LAYOUTS: dict[JobCard, tuple[tuple[_Make, ...], tuple[_Make, ...]]] = {
    JobCard.ANSWER: (
        (_Buttons.open, _Buttons.refresh, _Buttons.follow, _Buttons.act),
        (_Buttons.share, _Buttons.why, _Buttons.history, _Buttons.details),
    ),
    JobCard.SHARED: (
        (_Buttons.open, _Buttons.refresh, _Buttons.follow_if_new, _Buttons.act),
        (_Buttons.why, _Buttons.history, _Buttons.details),
    ),
    JobCard.FOLLOWED: (
        (_Buttons.open, _Buttons.refresh, _Buttons.follow_or_leave, _Buttons.act),
        # With Refresh, Slack accepts no more items; Details has the button of `why`.
        (_Buttons.snooze, _Buttons.change, _Buttons.history, _Buttons.details),
    ),
    JobCard.CLOSED: (
        (_Buttons.follow,),
        (_Buttons.show, _Buttons.why, _Buttons.history, _Buttons.details),
    ),
    JobCard.CHANGE: ((_Buttons.open, _Buttons.follow_again), ()),
    JobCard.SUBSCRIBED: (
        (_Buttons.show, _Buttons.follow, _Buttons.copy_to_channel),
        (_Buttons.change, _Buttons.preview, _Buttons.copy_to_asker, _Buttons.why),
    ),
    JobCard.HOME: (
        (_Buttons.open_or_show,),
        # Slack accepts no more items; the job's card has the button of `why`.
        (
            _Buttons.show_if_open,
            _Buttons.follow_in_place,
            _Buttons.change,
            _Buttons.history,
            _Buttons.details,
        ),
    ),
}
