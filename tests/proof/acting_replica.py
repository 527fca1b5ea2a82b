"""A process that presses one button and may kill itself on the way.

`python -m tests.proof.acting_replica DATABASE CLOUD ID POINT` prints the decision and the number of
points that it passed; at POINT (0 for none) it kills itself.
"""

import asyncio
import json
import sys
from datetime import timedelta

from bot.core.acting import Attempt, JobAction
from bot.core.job import JobId
from bot.core.project import Project
from bot.demo.cloud import PROJECT_ID
from bot.demo.cloud.auth import CloudCredentials
from bot.modelarts.auth import KeySigning
from bot.modelarts.client import ModelArts
from bot.modelarts.transport import open_client
from bot.responder.performing import Performer
from bot.serve.clock import monotonic, utc_now
from bot.store import SqlStore, open_store
from tests.proof.points import Points

PROJECT = Project(team_id="T1", project_id=PROJECT_ID)
DEADLINE = timedelta(seconds=5)


def an_attempt(
    id: str, job_id: int = 205, who: str = "U1", action: JobAction = JobAction.STOP
) -> Attempt:
    """Make the attempt that a press on Stop… or Restart… stands for."""
    return Attempt(
        project=PROJECT,
        job_id=JobId(job_id),
        action=action,
        action_id=id,
        who=who,
        channel_id="C1",
    )


def a_cloud(client: object, url: str, *, timeout: float = 5) -> ModelArts:
    """Make a client of the stand-in cloud."""
    keys = CloudCredentials()
    login = KeySigning(
        access_key=keys.access_key,
        secret_key=keys.secret_key,
        project_id=PROJECT_ID,
        clock=utc_now,
    )
    return ModelArts(
        client=client,  # type: ignore[arg-type]  # httpx is the business of modelarts
        endpoint=url,
        project_id=PROJECT_ID,
        login=login,
        clock=utc_now,
        monotonic=monotonic,
        timeout=timeout,
    )


def a_performer(cloud: ModelArts, store: SqlStore) -> Performer:
    """Make a performer, which carries out a press."""
    return Performer(
        cloud, log=store.actions, clock=utc_now, monotonic=monotonic, call_deadline=DEADLINE
    )


async def _press(database: str, url: str, id: str, fatal: int) -> None:
    points = Points(fatal or None)
    store = open_store(database, clock=utc_now)
    points.of_engine(store._database.engine)
    async with open_client() as client:
        cloud = points.of_port("cloud", a_cloud(client, url))
        deed = await a_performer(cloud, store).perform(an_attempt(id))
    await store.close()
    sys.stdout.write(json.dumps({"decision": deed.decision.value, "points": len(points.passed)}))


if __name__ == "__main__":
    asyncio.run(_press(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
