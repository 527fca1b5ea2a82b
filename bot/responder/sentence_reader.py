"""Reads a request as a command, whether it was typed, clicked, or written among other words."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from bot.catalog import Catalog
from bot.core.commands.command import AboutJob, Command, naming
from bot.core.commands.grammar import is_sentence, parse, parse_words, words_of
from bot.core.commands.mentions.mention import SELF, parse_mention
from bot.core.commands.mentions.named_jobs import with_one_verb, without_excluded
from bot.core.commands.mentions.recognizers import recognized_in_own_words
from bot.core.commands.mentions.small_talk import Courtesy, answer_to, small_talk
from bot.core.commands.mentions.thread_questions import is_question
from bot.core.commands.near_verbs import synonym_of
from bot.core.commands.options.option_repair import ALLOWED
from bot.core.commands.request import Request
from bot.core.commands.targets.job_reference import JobByWord, ThisJob, in_one_word, plain_ref
from bot.core.commands.verbs.cost import Cost
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.show import FIRST_WORDS, Show
from bot.core.commands.verbs.subscribe import Subscribe, SubscribeForm
from bot.core.commands.words.politeness import (
    is_beside_the_point,
    is_dispensable,
    is_negation,
    without_closing,
)
from bot.core.commands.words.tokens import Word, plain_quotes, shown
from bot.core.commands.words.typed import LONGEST_SENTENCE, bare
from bot.core.commands.words.vocabulary import OPTIONS, PRONOUNS
from bot.core.errors import BadCommand
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.text import say
from bot.responder.job_matching import named_like
from bot.responder.named_twice import named_once
from bot.responder.parted_names import joined_names
from bot.responder.suggestions import (
    about_job,
    check_one_job,
    with_real_suggestions,
    with_suggestions,
)
from bot.responder.thread_jobs import ThreadJobs

_EVERY_JOB = ("all", "every")
# Stands for any job: only whether a suggestion names one is asked.
_ANY = JobId(1)
# The words after these verbs are a text to search for.
_TAKING_TEXT = ("find", "list")


@dataclass(frozen=True, slots=True)
class SentenceReader:
    """Adds to the grammar which words name known jobs, and which job a thread is about."""

    catalog: Catalog
    thread_jobs: ThreadJobs
    slash_command: str

    async def read(self, project: Project, request: Request) -> Command | None:
        """Return the command of a request; None for mere politeness. A job that is neither named
        nor found in the thread stays ThisJob. Raises BadCommand, StoreUnavailable."""
        try:
            command = self._understood(project, request)
        except BadCommand as error:
            real = with_real_suggestions(error, self.catalog.known(project))
            raise await self._with_the_job(real, project, request) from error
        if command is None:
            return None
        return await self._in_thread(self._undecorated(command, project), project, request)

    def _understood(self, project: Project, request: Request) -> Command | None:
        request = replace(request, text=self._named_once(project, request.text))
        command = self._at_once(project, request)
        if command is not None:
            self._check_synonym(command, project)
            check_one_job(command, self.catalog.known(project))
        return command

    def _at_once(self, project: Project, request: Request) -> Command | None:
        """Read the request. In a direct message with the bot there is nothing to ask about a
        sentence whose meanings differ in the place alone, such as `subscribe me to 205`."""
        read = self._heard if request.is_mention else self._typed
        try:
            return read(project, request)
        except BadCommand as error:
            if not (request.is_direct and error.in_dm and is_sentence(error.in_dm)):
                raise
            return parse(error.in_dm)

    def _named_once(self, project: Project, text: str) -> str:
        """Return the text with one word for each job that it names by id and by name."""
        said = text.replace(SELF, "")
        if len(said) > LONGEST_SENTENCE:  # no sentence, and slow to search
            return text
        once = named_once(text, partial(self.catalog.name_of, project))
        if once == text:
            return text
        words = self._words(said)
        is_kept = not words or words[0].verb in _TAKING_TEXT or any(word.quoted for word in words)
        return text if is_kept else once

    def _check_synonym(self, command: Command, project: Project) -> None:
        """Raise BadCommand for a lone word such as `kill` that other programs call a command by."""
        if not isinstance(command, Show) or not isinstance(command.job, JobByWord):
            return
        word = plain_ref(command.job).text
        meant = synonym_of(word)
        known = self.catalog.known(project)
        if meant and known and not named_like(known, word):
            raise BadCommand(
                say("I don't know a job or command called `{word}`.", word=shown(word)),
                suggestions=(f"{meant} share" if command.share else meant,),
            )

    async def _with_the_job(
        self, error: BadCommand, project: Project, request: Request
    ) -> BadCommand:
        """Return the error whose suggestions name the job of the thread, if they name none."""
        if not request.thread_ts or about_job(error.suggestions, _ANY) == [*error.suggestions]:
            return error
        job_id = await self.thread_jobs.job_of(project, request)
        if job_id is None:
            return error
        return with_suggestions(error, about_job(error.suggestions, job_id))

    def _heard(self, project: Project, request: Request) -> Command | None:
        try:
            return parse_mention(
                request.text,
                names_job=partial(self.catalog.names_job, project),
                in_thread=bool(request.thread_ts),
                is_direct=request.is_direct,
                slash_command=self.slash_command,
            )
        except BadCommand as error:
            words = self._words(request.text.replace(SELF, " "))
            named = joined_names(words, self.catalog.known(project))
            is_lost = not error.suggestions and not error.option and bool(named)
            raise (with_suggestions(error, named) if is_lost else error) from error

    def _typed(self, project: Project, request: Request) -> Command:
        text = request.text
        try:
            command = parse(text, slash_command=self.slash_command)
        except BadCommand as error:
            if plain := self._without_courtesy(text):
                return plain
            asked = self._in_own_words(project, text) or self._small_talk(project, text)
            if asked:
                return asked
            if meant := self._meant_among_words(project, request, error):
                return meant
            raise self._with_its_jobs(error, project, text) from error
        is_word = isinstance(command, Show) and isinstance(command.job, JobByWord)
        return (self._small_talk(project, text) if is_word else None) or command

    def _without_courtesy(self, text: str) -> Command | None:
        """Parse the text without the thanks and the `please` at its end, and without a quotation
        mark that has no partner; None if that does not parse, or if nothing is left out."""
        is_open = plain_quotes(text).count('"') == 1
        with suppress(BadCommand):
            plain = plain_quotes(text).replace('"', "") if is_open else text
            words = words_of(plain, slash_command=self.slash_command)
            said = without_closing(words)
            if said and (is_open or len(said) < len(words)):
                return parse_words(said)
        return None

    def _small_talk(self, project: Project, text: str) -> Command | None:
        """Read small talk such as `what is running?` or `hello`; None if a word of it names a
        job."""
        words = self._words(text)
        if any(word.quoted or self.catalog.names_job(project, word.text) for word in words):
            return None
        asked = small_talk(words)
        is_command = len(words) == 1 and bool(synonym_of(words[0].text))
        if asked is None and not is_command and words and all(map(is_beside_the_point, words)):
            return Help(is_brief=True)
        return answer_to(asked) if isinstance(asked, Courtesy) else asked

    def _in_own_words(self, project: Project, text: str) -> Command | None:
        """Read a request in a person's own words; None for other texts. Raises BadCommand, with
        the sentences that do it, if the person has to decide."""
        return recognized_in_own_words(self._words(text), partial(self.catalog.names_job, project))

    def _meant_among_words(
        self, project: Project, request: Request, error: BadCommand
    ) -> Command | None:
        """Read a text that the grammar refuses as if it were a mention: `is flowers-tb done?` or
        `205 怎么样`. Raises BadCommand if the text begins with a filler word or asks in Chinese,
        and a mention of it gets suggestions."""
        words = self._words(request.text)
        is_asked = bool(words) and (
            is_beside_the_point(words[0]) or self._asks_in_chinese(project, words)
        )
        is_denied = bool(words) and is_negation(words[0])
        if len(words) < 2 or words[0].verb or (error.suggestions and not (is_asked or is_denied)):
            return None
        try:
            heard = self._heard(project, replace(request, text=f"{SELF} {request.text}"))
        except BadCommand as better:
            if is_asked and better.suggestions:
                raise
            return None
        return None if isinstance(heard, Help) else heard

    def _asks_in_chinese(self, project: Project, words: Sequence[Word]) -> bool:
        others = [one.text for one in words if not self.catalog.names_job(project, one.text)]
        is_chinese_alone = bool(others) and not any(map(str.isascii, others))
        return is_chinese_alone and is_question(words, " ".join(others))

    def _with_its_jobs(self, error: BadCommand, project: Project, text: str) -> BadCommand:
        """Suggest one sentence per job for `stop 205 and 231 please`, if the error has no
        suggestions yet. A mistyped option gets none, because the sentence would lose it."""
        if error.option or error.offers:
            return error
        words = with_one_verb(self._words(text))
        verb = next((word.verb for word in words if word.verb), "")
        words = without_excluded(words)
        typed = [job for one in words for job in _jobs_in(one)]
        named = [*dict.fromkeys(job for job in typed if self.catalog.names_job(project, job))]
        meant = tuple(one for job in named[:2] if (one := _of_one(job, words, named, verb)))
        known = self.catalog.known(project)
        if with_real_suggestions(error, known).suggestions:
            return error
        if not meant or (not verb and len(words) > 1):
            other = _brief(words) or joined_names(words, known)
            return with_suggestions(error, other) if other else error
        return with_suggestions(error, meant)

    def _words(self, text: str) -> list[Word]:
        """Return the words of a text; none for one that the grammar cannot split."""
        with suppress(BadCommand):
            return words_of(text, slash_command=self.slash_command)
        return []

    def _undecorated(self, command: Command, project: Project) -> Command:
        """Read a decorated verb such as `_list_` as the verb, unless a job has this very name."""
        if not isinstance(command, Show) or not isinstance(command.job, JobByWord):
            return command
        word, plain = command.job.word, plain_ref(command.job).text
        is_verb = plain != word and plain.lower() in FIRST_WORDS
        if not is_verb or self.catalog.names_job(project, word):
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
        job_id = await self.thread_jobs.job_of(project, request)
        return command if job_id is None else naming(asked, job_id)


def _brief(words: Sequence[Word]) -> tuple[str, ...]:
    """Return the sentence without words such as `the` in `stop the job`; empty if that is none."""
    verb, *rest = words or [Word("", quoted=False)]
    kept = [word for word in rest if not is_dispensable(word) or word.keyword in PRONOUNS]
    said = ["project" if word.keyword in _EVERY_JOB else word.sentence for word in kept]
    sentence = " ".join([verb.sentence, *said])
    is_shorter = bool(verb.verb) and len(kept) < len(rest)
    return (sentence,) if is_shorter and is_sentence(sentence) else ()


def _of_one(job: str, words: Sequence[Word], named: Sequence[str], verb: str) -> str:
    """Rewrite a sentence about several jobs for one of them, with its other words; or as verb and
    job, if that loses no option. Empty if neither is a sentence."""
    said = [job if job in _jobs_in(one) else one.sentence for one in words]
    others = {other for other in named if other != job} | {"and", "und", "和"}
    whole = " ".join(one for one in dict.fromkeys(said) if one.rstrip(",") not in others)
    is_plain = verb not in ALLOWED or not any(one.keyword in OPTIONS for one in words)
    brief = f"{verb} {job}".lstrip() if is_plain else ""
    return next((one for one in (whole, brief) if one and is_sentence(one)), "")


def _jobs_in(word: Word) -> list[str]:
    """Return the jobs that one word may name."""
    plain = bare(word.text)
    return in_one_word(plain) or [plain]
