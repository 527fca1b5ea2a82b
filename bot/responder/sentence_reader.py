"""Reads a request as a command: typed, clicked, or said among other words."""

from contextlib import suppress
from dataclasses import replace
from functools import partial

from bot.core.commands.command import AboutJob, Command, naming
from bot.core.commands.cost import Cost
from bot.core.commands.grammar import parse, words_of
from bot.core.commands.help import Help
from bot.core.commands.job_reference import JobByWord, ThisJob, plain_ref
from bot.core.commands.mention import hear, job_among
from bot.core.commands.request import Request
from bot.core.commands.show import FIRST_WORDS, Show
from bot.core.commands.small_talk import Courtesy, small_talk
from bot.core.commands.subscribe import Subscribe, SubscribeForm
from bot.core.errors import BadCommand
from bot.core.project import Project
from bot.responder.job_finder import JobFinder
from bot.responder.thread_jobs import ThreadJobs


class SentenceReader:
    """Knows what the grammar alone cannot: which words name jobs, and what a thread is about."""

    def __init__(self, finder: JobFinder, thread_jobs: ThreadJobs, *, slash_command: str) -> None:
        self._finder = finder
        self._thread_jobs = thread_jobs
        self._slash_command = slash_command

    async def read(self, project: Project, request: Request) -> Command | None:
        """The command of a request; None for mere politeness. A job that is neither named nor
        found in the thread stays ThisJob. Raises BadCommand, StoreUnavailable."""
        command = (
            self._heard(project, request)
            if request.is_mention
            else self._typed(project, request.text)
        )
        if command is None:
            return None
        return await self._in_thread(self._undecorated(command, project), project, request)

    def _heard(self, project: Project, request: Request) -> Command | None:
        return hear(
            request.text,
            names_job=partial(self._finder.names_job, project),
            in_thread=bool(request.thread_ts),
            is_direct=request.is_direct,
            slash_command=self._slash_command,
        )

    def _typed(self, project: Project, text: str) -> Command:
        try:
            command = parse(text, slash_command=self._slash_command)
        except BadCommand as error:
            if asked := self._small_talk(project, text):
                return asked
            if not error.suggestions and (shown := self._job_named_in(project, text)):
                return shown
            raise
        is_word = isinstance(command, Show) and isinstance(command.job, JobByWord)
        return (self._small_talk(project, text) if is_word else None) or command

    def _small_talk(self, project: Project, text: str) -> Command | None:
        """`what is running?`, `hello`: unless a job has such a name."""
        with suppress(BadCommand):
            words = words_of(text, slash_command=self._slash_command)
            if any(word.quoted or self._finder.names_job(project, word.text) for word in words):
                return None
            asked = small_talk(words)
            return Help(is_brief=True) if isinstance(asked, Courtesy) else asked
        return None

    def _job_named_in(self, project: Project, text: str) -> Show | None:
        """`how is flowers-tb?`: no sentence, but one job is named in it."""
        with suppress(BadCommand):
            words = words_of(text, slash_command=self._slash_command)
            if len(words) > 1 and not words[0].verb:
                return job_among(words, partial(self._finder.names_job, project))
        return None

    def _undecorated(self, command: Command, project: Project) -> Command:
        """`_list_` is the verb, unless a job has this very name."""
        if not isinstance(command, Show) or not isinstance(command.job, JobByWord):
            return command
        word, plain = command.job.word, plain_ref(command.job).text
        is_verb = plain != word and plain.lower() in FIRST_WORDS
        if not is_verb or self._finder.names_job(project, word):
            return command
        return parse(f"{plain} share" if command.share else plain)

    async def _in_thread(self, command: Command, project: Project, request: Request) -> Command:
        if isinstance(command, SubscribeForm) and command.said and request.thread_ts:
            said = await self._in_thread(command.said, project, request)
            return SubscribeForm(said) if isinstance(said, Subscribe) else command
        is_form = isinstance(command, SubscribeForm) and bool(request.thread_ts)
        asked = Subscribe(job=ThisJob()) if is_form else command
        if isinstance(command, Cost) and command.is_of_anything and request.thread_ts:
            asked = replace(command, job=ThisJob())
        if not isinstance(asked, AboutJob) or not isinstance(asked.job, ThisJob):
            return command
        job_id = await self._thread_jobs.job_of(project, request)
        return command if job_id is None else naming(asked, job_id)
