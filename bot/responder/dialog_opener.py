"""What opens without a sentence: the dialogs of shortcuts, and the cards of pasted links."""

from bot.catalog import Catalog
from bot.core.cards.card import Card
from bot.core.cards.form import Form
from bot.core.cards.jobs.job_choice import find_card
from bot.core.cards.reply import Reply
from bot.core.cards.subscriptions.subscribe_form import (
    FilledIn,
    subscribe_form,
    subscribe_form_card,
)
from bot.core.cards.subscriptions.watch_message import no_job_card, several_jobs_card
from bot.core.commands.grammar import parse
from bot.core.commands.request import Request
from bot.core.commands.targets.job_reference import JobById
from bot.core.commands.targets.message_jobs import MessageWords, jobs_in
from bot.core.commands.verbs.find import Find
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.errors import BadCommand, BotError, JobNotFound
from bot.core.job import VisualizationJob
from bot.core.project import Project
from bot.core.shared_link import job_of_link, unfurled_hosts
from bot.responder.job_answers import JobAnswers
from bot.responder.reads import Reads


class DialogOpener:
    """Opens dialogs and previews. All but `preview` read memory only: Slack waits 3 s for a
    dialog."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        reads: Reads,
        jobs: JobAnswers,
        slash_command: str,
        link_hosts: tuple[str, ...],
    ) -> None:
        self._catalog = catalog
        self._reads = reads
        self._jobs = jobs
        self._slash_command = slash_command
        self._link_hosts = link_hosts
        self._unfurled_hosts = unfurled_hosts(link_hosts)

    def search(self, team_id: str) -> Card:
        """Return a search box, and the jobs to pick from."""
        return find_card(self._known(team_id), command=Find())

    def watch(self, said: MessageWords | None, *, team_id: str, channel_id: str) -> Reply:
        """Return the subscribe form for the job of a message, or a question which job. `said` is
        None if the message cannot be read."""
        found = jobs_in(said, self._known(team_id), self._link_hosts) if said else ()
        if len(found) == 1:
            return _form_reply(found[0], channel_id)
        if found:
            return Reply(card=several_jobs_card(found), is_dialog=True)
        return Reply(card=no_job_card(is_gone=said is None), is_dialog=True)

    def chosen_form(self, sentence: str, *, team_id: str, channel_id: str) -> Form | None:
        """Return the form for the picked job; None if the sentence picks none."""
        try:
            command = parse(sentence, slash_command=self._slash_command)
        except BadCommand:
            return None
        if not isinstance(command, Subscribe) or not isinstance(command.job, JobById):
            return None
        job = self._catalog.last_known(self._catalog.project(team_id), command.job.id)
        return subscribe_form(last_job=job, filled_in=FilledIn(channel_id=channel_id))

    async def preview(self, url: str, request: Request) -> Card | None:
        """Return the public card of the job that a link leads to; None if it leads to no known
        job."""
        known = job_of_link(url, self._known(request.team_id), self._unfurled_hosts)
        if known is None:
            return None
        try:
            job = await self._reads.job(known.id, request)
        except JobNotFound:
            return None
        except BotError:
            job = known  # the card shows when it was read
        if job_of_link(url, [job], self._unfurled_hosts) is None:
            return None
        return await self._jobs.public_card(job, request, JobById(job.id))

    def project_of(self, team_id: str) -> Project:
        """Return the project that a workspace watches."""
        return self._catalog.project(team_id)

    def _known(self, team_id: str) -> tuple[VisualizationJob, ...]:
        return self._catalog.known(self._catalog.project(team_id))


def _form_reply(job: VisualizationJob, channel_id: str) -> Reply:
    form = subscribe_form(last_job=job, filled_in=FilledIn(channel_id=channel_id))
    return Reply(card=subscribe_form_card(last_job=job), form=form)
