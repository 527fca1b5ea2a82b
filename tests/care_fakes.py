"""In-memory fakes of the ports for claiming and keeping a job, and for pressed messages."""

from dataclasses import dataclass, field

from bot.catalog import Catalog
from bot.core.care import JobCare, Keep, KeepVerdict, OwnerChange, owner_of
from bot.core.delivery import MessageRef
from bot.core.job import JobId, VisualizationJob
from bot.core.outcome import Outcome
from bot.core.ports.store import Subscriptions
from bot.core.ports.time import Clock
from bot.core.project import Project
from bot.core.subscription import Place
from bot.responder.care_answers import CareAnswers
from bot.responder.job_finder import JobFinder
from tests.typing_fakes import FakePeople, some_zones
from tests.watch_fakes import FakeSubscriptions


@dataclass(slots=True)
class FakeCare:
    """A Care with the lease and the owner of each job."""

    verdict: KeepVerdict = KeepVerdict.KEPT
    leases: dict[JobId, Keep] = field(default_factory=dict)
    owners: dict[JobId, str] = field(default_factory=dict)
    #: The person who disclaimed each job whose description names them.
    disclaimed: str = ""

    async def care_of(self, project: Project, job: VisualizationJob) -> JobCare:
        del project
        owner = owner_of(
            job.description, claimed_by=self.owners.get(job.id), disclaimed_by=self.disclaimed
        )
        return JobCare(owner=owner, keep=self.leases.get(job.id))

    async def claimed_by(self, project: Project, user_id: str) -> tuple[JobId, ...]:
        del project
        return tuple(job_id for job_id, owner in self.owners.items() if owner == user_id)

    async def keep(
        self, project: Project, job_id: JobId, lease: Keep, *, request_key: str = ""
    ) -> KeepVerdict:
        del project, request_key
        if self.verdict is KeepVerdict.KEPT:
            self.leases[job_id] = lease
        return self.verdict

    async def stop_keeping(
        self, project: Project, job_id: JobId, *, request_key: str = ""
    ) -> Keep | None:
        del project, request_key
        return self.leases.pop(job_id, None)

    async def claim(
        self,
        project: Project,
        job: VisualizationJob,
        user_id: str,
        *,
        is_taken_over: bool,
        request_key: str = "",
    ) -> OwnerChange:
        del project, request_key
        before = self.owners.get(job.id, "")
        if not before or is_taken_over:
            self.owners[job.id] = user_id
        return OwnerChange(before=before, after=self.owners[job.id])

    async def disclaim(
        self,
        project: Project,
        job: VisualizationJob,
        user_id: str,
        *,
        back_to: str = "",
        request_key: str = "",
    ) -> OwnerChange:
        del project, request_key
        before = self.owners.get(job.id, "")
        if before == user_id:
            del self.owners[job.id]
            if back_to:
                self.owners[job.id] = back_to
        return OwnerChange(before=before, after=self.owners.get(job.id, ""))


@dataclass(slots=True)
class FakeAnsweredMessages:
    """An AnsweredMessages that records each amendment."""

    is_ours: bool = True
    amended: list[tuple[MessageRef, JobId | None, Outcome]] = field(default_factory=list)

    async def amend(
        self,
        place: Place,
        project: Project,
        job_id: JobId | None,
        outcome: Outcome,
        *,
        pressed_ts: str,
    ) -> bool:
        del project
        message = MessageRef(channel_id=place.channel_id, ts=pressed_ts)
        self.amended.append((message, job_id, outcome))
        return self.is_ours


def a_caretaker(
    catalog: Catalog,
    finder: JobFinder,
    clock: Clock,
    *,
    care: FakeCare | None = None,
    people: FakePeople | None = None,
    subscriptions: Subscriptions | None = None,
) -> CareAnswers:
    """Return a CareAnswers over fakes in memory."""
    return CareAnswers(
        catalog,
        finder,
        care or FakeCare(),
        subscriptions=subscriptions or FakeSubscriptions(),
        zones=some_zones(people),
        reminds=True,
        clock=clock,
    )
