"""The buttons of one job: which stand on which card, in which order."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from bot.core.cards.card import Action, Control, Emphasis, PlacePicker
from bot.core.commands.copy import Copy
from bot.core.commands.job_reference import JobRef
from bot.core.commands.show import Show
from bot.core.commands.subscribe import Subscribe
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.commands.why import Why


class JobCard(Enum):
    """The kinds of cards that are about one job."""

    #: Answers the asker alone.
    ANSWER = "answer"
    #: Answers the asker where everybody sees it.
    SHARED = "shared"
    #: Stands in a place that follows the job, and is kept true.
    FOLLOWED = "followed"
    #: Reports one change of the job.
    CHANGE = "change"
    #: Confirms a subscription to the job.
    SUBSCRIBED = "subscribed"
    #: Explains what became of the job's changes.
    WHY = "why"


class Following(Enum):
    """How the place of a card stands to the job."""

    NO = "no"
    YES = "yes"
    #: Its subscription ended with the job.
    ENDED = "ended"


def job_actions(
    job: JobRef,
    *,
    card: JobCard,
    following: Following,
    link: str = "",
    subscribe: Subscribe | None = None,
) -> tuple[Control, ...]:
    """The buttons of a job on a card. `job` is how they name it, `link` what `live_link` allows;
    `subscribe` is the sentence that made the subscription, where the card confirms one."""
    buttons = _Buttons(job, link, following, subscribe or Subscribe(job=job))
    return tuple(control for make in _LAYOUTS[card] if (control := make(buttons)))


@dataclass(frozen=True, slots=True)
class _Buttons:
    """Makes each button of a job, or None where it would make no sense."""

    job: JobRef
    link: str
    following: Following
    subscribe: Subscribe

    def open(self) -> Control | None:
        if not self.link:
            return None
        return Action(
            label="Open TensorBoard",
            command=Show(self.job),
            emphasis=Emphasis.PRIMARY,
            url=self.link,
        )

    def refresh(self) -> Control:
        return Action(label="Refresh", command=Show(self.job), renews_card=True)

    def refresh_why(self) -> Control:
        return Action(label="Refresh", command=Why(self.job), renews_card=True)

    def follow(self) -> Control:
        if self.following is Following.YES:
            command = Unsubscribe(job=self.subscribe.job, where=self.subscribe.where)
            return Action(label="Unsubscribe", command=command)
        is_ended = self.following is Following.ENDED
        return Action(label="Subscribe again" if is_ended else "Subscribe", command=self.subscribe)

    def follow_again(self) -> Control | None:
        return self.follow() if self.following is Following.ENDED else None

    def preview(self) -> Control:
        return Action(label="Preview", command=replace(self.subscribe, preview=True))

    def copy_to_asker(self) -> Control | None:
        if self.subscribe.where == "dm":
            return None
        return Action(label="Also to me", command=self._copy(to="dm"))

    def copy_to_channel(self) -> Control:
        return PlacePicker(placeholder="Copy to…", command=self._copy(to=""))

    def show(self) -> Control:
        return Action(label="Show job", command=Show(self.job))

    def share(self) -> Control:
        return Action(label="Share here", command=Show(self.job, share=True))

    def why(self) -> Control:
        return Action(label="Why?", command=Why(self.job))

    def _copy(self, *, to: str) -> Copy:
        return Copy(job=self.job, where=self.subscribe.where, to=to)


_LAYOUTS: dict[JobCard, tuple[Callable[[_Buttons], Control | None], ...]] = {
    JobCard.ANSWER: (_Buttons.open, _Buttons.refresh, _Buttons.follow, _Buttons.share),
    JobCard.SHARED: (_Buttons.open, _Buttons.refresh, _Buttons.follow),
    JobCard.FOLLOWED: (_Buttons.open, _Buttons.refresh, _Buttons.follow),
    JobCard.CHANGE: (_Buttons.open, _Buttons.follow_again),
    JobCard.SUBSCRIBED: (
        _Buttons.follow,
        _Buttons.preview,
        _Buttons.copy_to_asker,
        _Buttons.copy_to_channel,
        _Buttons.show,
        _Buttons.why,
    ),
    JobCard.WHY: (_Buttons.refresh_why, _Buttons.show, _Buttons.follow),
}
