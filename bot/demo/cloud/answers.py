"""The answers of the stand-in cloud: bodies as in the vendor's samples, and refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.demo.cloud.jobs import CloudJob, state_at

Json = dict[str, object]

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer before encoding; a fault may still change it."""

    status: int = 200
    data: Json
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A refusal by the cloud; `answer` is what the cloud sends."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.data)
        self.answer = answer


def modelarts_no(code: str, text: str, *, status: int = 400) -> Refused:
    """Return a refusal by ModelArts; `code` is the number alone, as in `0104`."""
    return Refused(
        Answer(
            status=status,
            data={
                "is_success": False,
                "error_message": text,
                "error_code": f"ModelArts.{code}",
            },
        )
    )


def gateway_no(code: str, text: str, *, status: int) -> Refused:
    """Return a refusal by the API gateway; the server adds the request id later."""
    return Refused(Answer(status=status, data={"error_msg": text, "error_code": f"APIG.{code}"}))


def iam_no(code: str, text: str, *, status: int) -> Refused:
    """Return a refusal by IAM in its own shape."""
    return Refused(Answer(status=status, data={"error_msg": text, "error_code": f"IAM.{code}"}))


def keystone_no(text: str, *, status: int, title: str) -> Refused:
    """Return a refusal by IAM in the shape of Keystone, as seen on Open Telekom Cloud."""
    return Refused(
        Answer(status=status, data={"error": {"code": status, "message": text, "title": title}})
    )


def no_such_api() -> Refused:
    """Return the refusal of a path or method that the gateway does not know."""
    text = "The API does not exist or has not been published in the environment"
    return gateway_no("0101", text, status=404)


def no_such_job(job_id: str) -> Refused:
    """Return the refusal of an unknown job, with a code of the older generation, which fits."""
    return modelarts_no("0102", f"The job does not exist. job id: {job_id}", status=404)


def done() -> Answer:
    """Return the answer to update, delete, stop and restart, which says no more than success."""
    return Answer(data={"is_success": True})


def created(job: CloudJob, now: datetime, speed: float) -> Answer:
    """Return the answer for a new job; as in the vendor's sample, its numbers are strings."""
    return Answer(
        data={
            "is_success": True,
            "job_id": str(job.job_id),
            "job_name": job.name,
            "status": str(state_at(job, now, speed).status),
            "create_time": str(_milliseconds(job.created)),
        }
    )


def detail(job: CloudJob, now: datetime, speed: float) -> Answer:
    """Return the answer with one job, with the keys of the detail call's sample."""
    state = state_at(job, now, speed)
    return Answer(
        data={
            "duration": state.ran // _MILLISECOND,
            "service_url": job.service_url,
            "job_name": job.name,
            "create_time": _milliseconds(job.created),
            "train_url": job.train_url,
            "job_id": job.job_id,
            "job_desc": job.description,
            "resource_id": job.resource_id,
            "remaining_duration": None,
            "is_success": True,
            "status": state.status,
        }
    )


def listed(job: CloudJob, now: datetime, speed: float) -> Json:
    """Return one job of a list, with the keys of the list call's sample."""
    state = state_at(job, now, speed)
    return {
        "job_id": job.job_id,
        "job_name": job.name,
        "status": state.status,
        "create_time": _milliseconds(job.created),
        "resource_id": job.resource_id,
        "duration": state.ran // _MILLISECOND,
        "job_desc": job.description,
        "service_url": job.service_url,
        "train_url": job.train_url,
    }


def page_of_jobs(jobs: list[Json], *, total: int, quotas: int, left: int) -> Answer:
    """Return a page of the list; `left` is how many more jobs may be created."""
    return Answer(
        data={
            "quotas": quotas,
            "is_success": True,
            "job_total_count": total,
            "job_count_limit": left,
            "jobs": jobs,
        }
    )


def flavors() -> Answer:
    """Return two flavors: one with processors only, one with a graphics card."""
    specs = [
        _flavor(1, "modelarts.vm.cpu.2u", core="2", cpu="8", gpus=0, gpu_type=""),
        _flavor(2, "modelarts.p3.large.public", core="8", cpu="64", gpus=1, gpu_type="nvidia-v100"),
    ]
    return Answer(data={"specs": specs, "is_success": True, "spec_total_count": len(specs)})


def _flavor(spec_id: int, code: str, *, core: str, cpu: str, gpus: int, gpu_type: str) -> Json:
    return {
        "spec_id": spec_id,
        "core": core,
        "cpu": cpu,
        "gpu_num": gpus,
        "gpu_type": gpu_type,
        "spec_code": code,
        "max_num": 1,
        "unit_num": 1,
        "storage": "",
        "interface_type": 1,
        "no_resource": False,
    }


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
