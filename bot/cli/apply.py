"""`visjob apply FILE`: change subscriptions and rules of places to match a file."""

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from bot.cli.asking import answer_to
from bot.cli.database import check_store, open_store
from bot.cli.sentences import complain, print_out
from bot.cli.subscriptions_file import read_yaml
from bot.config import Settings
from bot.core.cards.words.place_diff import diff_lines
from bot.core.errors import BadCommand, BotError, SourceRefused
from bot.core.file_shapes import BadFile
from bot.core.place_changes import PlaceChange, changes
from bot.core.place_file import Reading, WantedPlace, read_places
from bot.core.place_ids import channel_id_in
from bot.core.project import Project
from bot.core.text import Language, Words, say, say_many
from bot.locale import language_of
from bot.serve.adapters import open_messenger
from bot.serve.clock import utc_now
from bot.slack.outgoing.calls import SlackCalls
from bot.slack.outgoing.channel_names import channel_ids
from bot.store.store import SqlStore


async def apply_file(
    settings: Settings, path: Path, *, is_dry: bool, prunes: bool, is_sure: bool
) -> int:
    """Print the difference, ask, and apply it. Return the exit code: 0 done or nothing to do, 1 not
    done, 2 for a bad file or if nobody can be asked."""
    language = language_of(settings.language)
    try:
        async with open_store(settings) as store:
            project, found = await _compared(settings, store, path, prunes=prunes)
            for line in diff_lines(found):
                print_out(line)
            if not found:
                print_out(language.plain(say("Nothing to do: all is as the file says.")))
            if is_dry or not found:
                return 0
            if not is_sure and (code := _refusal(language, found)):
                return code
            return await _apply(store, project, found, language)
    except BadFile as error:
        _complain_of(error, language)
        return 2
    except BotError as error:
        complain(f"{language.plain(error.sentence)}\n{language.plain(error.hint)}".strip())
        return 1


async def _compared(
    settings: Settings, store: SqlStore, path: Path, *, prunes: bool
) -> tuple[Project, tuple[PlaceChange, ...]]:
    """Return the project and the changes to make. Raises BadFile, BotError."""
    content = read_yaml(path)
    await check_store(store)
    async with AsyncExitStack() as stack:
        slack = _Slack(settings, stack)
        project = await _project(settings, store, slack)
        wanted = await _read(content, project, slack)
    subscriptions = await store.subscriptions.list_subscriptions(project)
    rules = await store.place_rules.all_rules(project.team_id)
    return project, changes(wanted, subscriptions, rules, prunes=prunes)


def _complain_of(error: BadFile, language: Language) -> None:
    for mistake in error.mistakes:
        complain(f"{mistake.where}: {language.plain(mistake.words)}")
        if mistake.hint:
            complain(f"  {language.plain(mistake.hint)}")


async def _apply(
    store: SqlStore, project: Project, found: Sequence[PlaceChange], language: Language
) -> int:
    for number, change in enumerate(found):
        try:
            await store.subscriptions.settle(project, change)
        except BotError as error:
            complain(f"{change.place.channel_id}: {language.plain(error.sentence)}")
            complain(language.plain(error.hint))
            done = say_many(
                "{count} channel is as the file says; the others are as they were.",
                "{count} channels are as the file says; the others are as they were.",
                number,
            )
            complain(language.plain(done))
            return 1
    done = say_many("Done, in {count} channel.", "Done, in {count} channels.", len(found))
    print_out(language.plain(done))
    return 0


def _refusal(language: Language, found: Sequence[PlaceChange]) -> int:
    """Ask whether to apply it. Return 0 for yes, 1 for no, 2 if nobody can be asked."""
    question = say_many(
        "Apply this in {count} channel?", "Apply this in {count} channels?", len(found)
    )
    answer = answer_to(language.plain(question))
    if answer is None:
        complain(language.plain(say("Nobody can be asked here. To apply it, add --yes.")))
        return 2
    if not answer:
        complain(language.plain(say("Nothing was done.")))
    return 0 if answer else 1


class _Slack:
    """Slack, which is called only if the file names channels or the database is new."""

    def __init__(self, settings: Settings, stack: AsyncExitStack) -> None:
        self._settings = settings
        self._stack = stack
        self._calls: SlackCalls | None = None

    async def team_id(self) -> str:
        """Return the id of the workspace of the bot token."""
        answer = await (await self._open()).write("auth.test")
        return str(answer.data["team_id"])

    async def channel_ids(self) -> dict[str, list[str]]:
        """Return the ids of the channels that the bot sees, by name."""
        return await channel_ids(await self._open())

    async def _open(self) -> SlackCalls:
        if self._calls is None:
            if self._settings.slack_bot_token is None:
                raise SourceRefused(
                    say("Slack must be asked, and SLACK_BOT_TOKEN is not set."),
                    hint=say("Set it, or name channels by their ids."),
                )
            self._calls = (await open_messenger(self._settings, self._stack)).calls
        return self._calls


async def _project(settings: Settings, store: SqlStore, slack: _Slack) -> Project:
    """Return the project of the settings, in the workspace that watched it last, or else in the
    workspace of the bot token."""
    project_id = settings.modelarts_project_id or ""
    for project in await store.history.watched_projects():
        if project.project_id == project_id:
            return project
    return Project(team_id=await slack.team_id(), project_id=project_id)


async def _read(content: object, project: Project, slack: _Slack) -> tuple[WantedPlace, ...]:
    names = await slack.channel_ids() if _has_names(content) else {}
    place_id = _place_ids(names)
    return read_places(content, Reading(project=project, now=utc_now(), place_id=place_id))


def _has_names(content: object) -> bool:
    rows = content.get("places") if isinstance(content, dict) else None
    places = (
        [row.get("place") for row in rows if isinstance(row, dict)]
        if isinstance(rows, list)
        else ()
    )
    return any(isinstance(place, str) and place.startswith("#") for place in places)


def _place_ids(names: dict[str, list[str]]) -> Callable[[str], str]:
    def place_id(said: str) -> str:
        name = said.removeprefix("#")
        if not said.startswith("#"):
            if channel_id := channel_id_in(said):
                return channel_id
            raise _no_place(say("`{place}` is not the id of a channel.", place=said[:80]))
        match names.get(name, []):
            case [channel_id]:
                return channel_id
            case []:
                raise _no_place(say("I see no channel called #{name}.", name=name[:80]))
            case several:
                raise _no_place(
                    say("{count} channels are called #{name}.", count=len(several), name=name[:80])
                )

    return place_id


def _no_place(words: Words) -> BadCommand:
    return BadCommand(
        words,
        hint=say(
            'Use an id, as in `C0123456789`, or a name in quotes, as in `"#ml"`; a private '
            "channel shows once the bot is in it."
        ),
    )
