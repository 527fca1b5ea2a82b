"""The meaning of each status of the vendor, and after a problem the cause and the next step."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.job import JobStatus, Phase, VisualizationJob
from bot.core.text import Text, say
from bot.core.timeline import Span, running_time

_EXPLAINED_PHASES = frozenset({Phase.FAILED, Phase.DELETE_FAILED, Phase.UNKNOWN})
# The cloud's duration includes some seconds of waiting, so a shorter one proves no run.
_SURELY_RAN = timedelta(minutes=1)


def job_meaning(job: VisualizationJob, last_run: Sequence[Span] = ()) -> Text:
    """Return what the status of a job means. For a job that has run, by the cloud's duration or by
    its `last_run`, the meaning names no cause that only prevents a start."""
    has_run = bool(running_time(last_run)) or (job.duration or timedelta()) >= _SURELY_RAN
    return meaning(job.status, has_run=has_run)


def meaning(status: JobStatus, *, has_run: bool) -> Text:
    """Return one or two sentences on a status; for an undocumented one they have its number."""
    if status.is_listed:
        after_a_run = _AFTER_A_RUN.get(status.value) if has_run else None
        return after_a_run or _MEANINGS[status.value]
    return say(
        "ModelArts' documents do not list status {code}. Look at the job in the ModelArts console.",
        code=status.value,
    )


def needs_explanation(status: JobStatus) -> bool:
    """Return True if people must learn the cause and the next step."""
    return status.phase in _EXPLAINED_PHASES


# support.huaweicloud.com/intl/en-us/api-modelarts/modelarts_03_0074.html; the sentences suggest a
# restart only where the vendor accepts one.
_MEANINGS = {
    0: say("ModelArts has lost sight of it. Look again in a few minutes, then in the console."),
    1: say("ModelArts is initializing it."),
    2: say("ModelArts is creating its image."),
    3: say("ModelArts could not create its image. Restart it; if that fails, ask your"
           " ModelArts administrator."),
    4: say("ModelArts is submitting it."),
    5: say("ModelArts could not submit it. Check the project's quota and permissions, then"
           " restart it."),
    6: say("It still exists, and it may still be billed. Delete it again in the console."),
    7: say("It is waiting for its turn in ModelArts."),
    8: say("It can be opened, and it is billed until someone stops it."),
    9: say("ModelArts is stopping it."),
    10: say("It ended by itself. Restart it to open TensorBoard again."),
    11: say("Its OBS path may be wrong or unreadable. Check the path, then restart the job."),
    12: say("It was stopped. Restart it to open TensorBoard again."),
    13: say("It was cancelled. Restart it to open TensorBoard again."),
    14: say("ModelArts lost it, most likely with the machine that it ran on. Restart it."),
    15: say("ModelArts is scaling it. It can be opened when that is done."),
    16: say("ModelArts could not submit its model, which a TensorBoard job should not have. Look"
            " at it in the console, and create it anew."),
    17: say("ModelArts could not deploy its service. Restart it; if that fails, ask your"
            " ModelArts administrator."),
    18: say("ModelArts is preparing to review it."),
    19: say("ModelArts is reviewing it."),
    20: say("ModelArts has reviewed it; it starts next."),
    21: say("ModelArts refused it in a review. See the reason in the console, and create it"
            " anew."),
    22: say("ModelArts could not mount its storage. Check its OBS path and the permissions on"
            " the bucket, then restart it."),
}  # fmt: skip

# The meaning of a failed status for a job that has run.
_AFTER_A_RUN = {
    3: say("It ran, and then ModelArts could not create its image. Restart it; if that fails,"
           " ask your ModelArts administrator."),
    5: say("It ran, and then ModelArts could not submit it again. Check the project's quota and"
           " permissions, then restart it."),
    11: say("It had started and ran before it failed; ModelArts does not say why. Look at the job"
            " in the ModelArts console, then restart it."),
    16: say("It ran, and then ModelArts could not submit its model. Look at it in the console,"
            " then restart it."),
    17: say("It ran, and then ModelArts could not deploy its service. Restart it; if that fails,"
            " ask your ModelArts administrator."),
    21: say("It ran, and then ModelArts refused it in a review. See the reason in the console,"
            " and create it anew."),
    22: say("It ran, and then ModelArts could not mount its storage. Check the permissions on"
            " the bucket of its OBS path, then restart it."),
}  # fmt: skip
