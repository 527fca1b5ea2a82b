"""What a typed or clicked sentence means; `command.text` is the sentence that says it."""

from dataclasses import dataclass, replace
from enum import Enum

from bot.core.job import JobId, Phase
from bot.core.letter_commands import DeadLetters, Redeliver
from bot.core.vocabulary import option, quoted, sentence
from bot.core.watch import Telling


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person typed or clicked, and where."""

    text: str
    team_id: str
    user_id: str
    #: Empty where it was in no conversation: the Home tab, a terminal.
    channel_id: str = ""
    #: Between a person and somebody, not in a channel.
    is_direct: bool = False
    #: The message whose Refresh was clicked, if all can see it.
    clicked_ts: str = ""
    #: Slack's name for this very request, the same if it comes again; empty if it has none.
    key: str = ""


@dataclass(frozen=True, slots=True)
class JobNumber:
    """Digits as typed: an id first; if there is none, a name; if both, we ask."""

    text: str

    @property
    def id(self) -> JobId:
        return JobId(int(self.text))


@dataclass(frozen=True, slots=True)
class JobById:
    """An id and nothing else: `id:197`, or a pasted link."""

    id: JobId

    @property
    def text(self) -> str:
        return f"id:{self.id}"


@dataclass(frozen=True, slots=True)
class JobByName:
    """A name and nothing else: `name:197`."""

    name: str

    @property
    def text(self) -> str:
        return f"name:{quoted(self.name)}"


@dataclass(frozen=True, slots=True)
class JobByWord:
    """A word that may be a name, the beginning of one, or a mistyped verb."""

    word: str

    @property
    def text(self) -> str:
        return quoted(self.word)


@dataclass(frozen=True, slots=True)
class LastJob:
    """The job that this person last asked for."""

    text: str = "last"


JobRef = JobNumber | JobById | JobByName | JobByWord | LastJob


@dataclass(frozen=True, slots=True)
class Show:
    """One job's card."""

    job: JobRef
    share: bool = False

    @property
    def text(self) -> str:
        return sentence(self.job.text, share=self.share)


@dataclass(frozen=True, slots=True)
class ListJobs:
    """The project's jobs, all or of one phase, with `containing` in name or description."""

    phase: Phase | None = None
    containing: str = ""
    share: bool = False

    @property
    def text(self) -> str:
        phase = self.phase.value if self.phase else ""
        return sentence("list", phase, quoted(self.containing), share=self.share)


@dataclass(frozen=True, slots=True)
class Find:
    """A picker with typeahead."""

    containing: str = ""

    @property
    def text(self) -> str:
        return sentence("find", quoted(self.containing))


@dataclass(frozen=True, slots=True)
class Status:
    """Is the bot itself well?"""

    share: bool = False

    @property
    def text(self) -> str:
        return sentence("status", share=self.share)


@dataclass(frozen=True, slots=True)
class Help:
    """What can be said; `verb` narrows it to one."""

    verb: str = ""

    @property
    def text(self) -> str:
        return sentence("help", self.verb)


@dataclass(frozen=True, slots=True)
class NamePattern:
    """Every job whose name matches, `*` standing for anything."""

    text: str


@dataclass(frozen=True, slots=True)
class WholeProject:
    """Every job."""

    text: str = "project"


@dataclass(frozen=True, slots=True)
class AllTargets:
    """Every subscription of a place."""

    text: str = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """Tell a place of changes. What is empty is the target's usual."""

    job: JobRef | NamePattern | WholeProject
    #: `all`, `failures`, or events with commas.
    wanted: str = ""
    #: Where it was typed, or `dm`, or `#` and a channel's id.
    where: str = ""
    until: str = ""
    telling: Telling | None = None
    preview: bool = False

    @property
    def text(self) -> str:
        return sentence(
            "subscribe",
            self.job.text,
            option("for", self.wanted),
            option("in", self.where),
            option("until", self.until),
            option("as", self.telling.value if self.telling else ""),
            "preview" if self.preview else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """Tell a place no more."""

    job: JobRef | NamePattern | WholeProject | AllTargets
    where: str = ""

    @property
    def text(self) -> str:
        return sentence("unsubscribe", self.job.text, option("in", self.where))


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Tell another place of what this one is told of. `to` is like a `where`, and never empty,
    but on a picker of channels: it adds the one that was picked."""

    job: JobRef | NamePattern | WholeProject | AllTargets
    to: str
    where: str = ""

    @property
    def text(self) -> str:
        return sentence("copy", self.job.text, option("in", self.where), option("to", self.to))


class Scope(Enum):
    """Whose subscriptions."""

    HERE = "here"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ListSubscriptions:
    """What is subscribed to; `export` gives it as YAML."""

    scope: Scope = Scope.HERE
    export: bool = False

    @property
    def text(self) -> str:
        return sentence("subscriptions", self.scope.value, "export" if self.export else "")


@dataclass(frozen=True, slots=True)
class Why:
    """What was seen of a job, and what this place was told of it."""

    job: JobRef

    @property
    def text(self) -> str:
        return sentence("why", self.job.text)


AboutJobs = Show | ListJobs | Find
AboutSubscriptions = Subscribe | Unsubscribe | Copy | ListSubscriptions | Why
AboutUs = Status | DeadLetters | Redeliver | Help
Command = AboutJobs | AboutSubscriptions | AboutUs

#: What can be said of one job.
AboutJob = Show | Subscribe | Unsubscribe | Copy | Why


def naming(command: AboutJob, job_id: JobId) -> AboutJob:
    """The same sentence of the job with this id."""
    return replace(command, job=JobById(job_id))
