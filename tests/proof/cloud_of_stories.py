"""A cloud whose jobs follow stories that the test knows, and whose reads fail at a given rate."""

import asyncio
import random
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.change import NO_JOB
from bot.core.errors import BotError, JobNotFound, SourceRefused, SourceUnavailable
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.listing import Listing
from tests.proof.virtual_time import START

#: By status: the statuses that may follow it, and about how many seconds it lasts.
_PATHS: dict[int, tuple[tuple[int, ...], float]] = {
    1: ((7, 7, 8, 3), 60),
    7: ((8, 8, 8, 11, 37), 180),
    8: ((9, 10, 11, 14, 15, 8), 5000),
    15: ((8,), 400),
    37: ((8, 11), 900),
    9: ((12, 12, 11), 40),
    # From an end a job is restarted or deleted; 10 to 12 is a flap between two ends.
    3: ((1, NO_JOB), 5000),
    10: ((1, 7, 12, NO_JOB), 5000),
    11: ((1, 8, NO_JOB), 4000),
    12: ((7, 7, NO_JOB), 5000),
    14: ((8, NO_JOB), 2000),
    NO_JOB: ((1,), 6000),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A job's status from `at` on (NO_JOB: it does not exist), and when its run began; in
    seconds."""

    at: float
    status: int
    run_began: float


@dataclass(slots=True, kw_only=True)
class Story:
    """The true life of a job, as scenes."""

    id: JobId
    scenes: list[Scene]

    def at(self, moment: float) -> Scene:
        """Return the scene at a moment."""
        return self.scenes[bisect_right(self.scenes, moment, key=lambda scene: scene.at) - 1]

    def is_gone_between(self, begin: float, end: float) -> bool:
        """Return whether the job did not exist at some moment from begin to end."""
        return any(
            scene.status == NO_JOB and scene.at <= end and following > begin
            for scene, following in zip(
                self.scenes, [s.at for s in self.scenes[1:]] + [float("inf")], strict=True
            )
        )


def tell_story(id: JobId, dice: random.Random, *, begin: float, end: float) -> Story:
    """Make up a random story, in which nothing happens before `begin` or after `end`."""
    status = dice.choice((1, 7, 8, 8, 10, 12))
    scenes = [Scene(at=0, status=status, run_began=-1000)]
    moment = begin
    while True:
        choices, stay = _PATHS[scenes[-1].status]
        moment += stay * dice.uniform(0.02, 1.5)
        if moment >= end:
            return Story(id=id, scenes=scenes)
        status = dice.choice(choices)
        is_new_run = status in (1, scenes[-1].status)
        run_began = moment if is_new_run else scenes[-1].run_began
        scenes.append(Scene(at=moment, status=status, run_began=run_began))


@dataclass(slots=True, kw_only=True)
class CloudOfStories:
    """A JobSource whose reads fail: the share `rate` of them, and all during its outages."""

    stories: dict[JobId, Story]
    dice: random.Random
    rate: float
    outages: tuple[tuple[float, float], ...]
    project_id: str = "p1"
    _lied_of: set[JobId] = field(default_factory=set)

    async def get(self, job_id: JobId) -> VisualizationJob:
        """Return the job as it was when the call began; some calls raise a fault instead."""
        asked_at = asyncio.get_running_loop().time()
        await self._answer(asked_at)
        scene = self.stories[job_id].at(asked_at)
        if scene.status == NO_JOB or self._lies_of(job_id):
            raise JobNotFound("ModelArts knows no such job.", code="ModelArts.0102")
        self._lied_of.discard(job_id)
        return self._read(job_id, scene, asked_at)

    def is_fresh(self, job_id: JobId | None) -> bool:
        del job_id
        return False

    async def list_all(self) -> Listing:
        """Return all jobs that exist; now and then one is missing that `get` would return."""
        asked_at = asyncio.get_running_loop().time()
        await self._answer(asked_at)
        there = [
            self._read(id, scene, asked_at)
            for id, scene in ((id, story.at(asked_at)) for id, story in self.stories.items())
            if scene.status != NO_JOB
        ]
        shown = tuple(job for job in there if self.dice.random() >= self.rate / 4)
        return Listing(jobs=shown, read_at=moment_of(asked_at))

    async def _answer(self, asked_at: float) -> None:
        is_slow = self.dice.random() < self.rate / 4
        await asyncio.sleep(self.dice.uniform(8, 10) if is_slow else self.dice.uniform(0.02, 0.8))
        is_out = any(begin <= asked_at < end for begin, end in self.outages)
        if is_out or self.dice.random() < self.rate:
            raise self._fault()

    def _fault(self) -> BotError:
        return self.dice.choice(
            (
                SourceUnavailable("503"),
                SourceUnavailable("no answer in time"),
                SourceUnavailable("not JSON"),
                SourceUnavailable("too many calls", retry_after=self.dice.choice((None, 7, 60))),
                SourceUnavailable("another job's id"),
                SourceUnavailable("APIG.0101"),
                SourceRefused("401"),
                SourceRefused("403"),
            )
        )

    def _lies_of(self, job_id: JobId) -> bool:
        """Return whether to deny a job falsely. That never happens twice without a good answer
        between, because the bot may believe two denials."""
        if job_id in self._lied_of or self.dice.random() >= self.rate / 10:
            return False
        self._lied_of.add(job_id)
        return True

    def _read(self, job_id: JobId, scene: Scene, asked_at: float) -> VisualizationJob:
        ran = asked_at - scene.run_began
        is_poor = self.dice.random() < self.rate / 4
        return VisualizationJob(
            id=job_id,
            status=JobStatus(scene.status),
            read_at=moment_of(asked_at),
            name=f"job-{job_id}",
            duration=None if is_poor else timedelta(seconds=ran),
            created_at=None if is_poor else moment_of(scene.run_began),
        )


def moment_of(elapsed: float) -> datetime:
    """Return the wall-clock time after so many seconds."""
    return START + timedelta(seconds=elapsed)


def elapsed_at(moment: datetime) -> float:
    """Return the seconds from the beginning to a moment."""
    return (moment - START).total_seconds()
