"""What each status of the vendor means: where something went wrong, the cause and the next step."""

from bot.core.job import JobStatus, Phase
from bot.core.text import Text, say

_EXPLAINED_PHASES = frozenset({Phase.FAILED, Phase.DELETE_FAILED, Phase.UNKNOWN})


def meaning(status: JobStatus) -> Text:
    """One sentence on a status, or two; a code that the vendor does not document keeps its
    number."""
    if status.is_listed:
        return _MEANINGS[status.value]
    return say(
        "ModelArts' documents do not list status {code}. Look at the job in the ModelArts console.",
        code=status.value,
    )


def needs_explanation(status: JobStatus) -> bool:
    """True if people must learn the cause and what to do next."""
    return status.phase in _EXPLAINED_PHASES


# support.huaweicloud.com/intl/en-us/api-modelarts/modelarts_03_0074.html; restart is offered where
# the vendor takes it.
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
    11: say("Often its OBS path is wrong or cannot be read. Check the path, then restart the job."),
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
