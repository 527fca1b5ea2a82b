"""Route requests to calls, and check them in the cloud's order; no HTTP library."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from bot.demo.cloud import answers
from bot.demo.cloud.answers import Answer, gateway_no, iam_no, modelarts_no
from bot.demo.cloud.api import JobsApi
from bot.demo.cloud.auth import Gatekeeper
from bot.demo.cloud.iam import Iam
from bot.demo.cloud.signature import SentRequest

MOST_BODY = 12 * 1024 * 1024
MOST_PATH = 32 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """The routes of one project: gateway checks first, then IAM or ModelArts."""

    gate: Gatekeeper
    iam: Iam
    api: JobsApi
    project_id: str

    def answer(self, sent: SentRequest, origin: str, *, overlap: int = 0) -> Answer:
        """Answer a request, or raise `Refused`."""
        _check_frame(sent)
        query = dict(parse_qsl(sent.query, keep_blank_values=True))
        # Each piece is decoded by itself and never normalized: a dot or an escaped slash stays as
        # it is.
        match [unquote(piece) for piece in sent.path.split("/")[1:]]:
            case ["v3", *rest]:
                return self._answer_iam(sent, rest, query, origin)
            case ["v1", project_id, "visualization-jobs", *rest]:
                self._admit(sent, project_id)
                return self._answer_jobs(sent, rest, query, overlap)
            case ["v1", project_id, "job", "resource-specs"] if sent.method == "GET":
                self._admit(sent, project_id)
                return answers.flavors()
        raise answers.no_such_api()

    def _answer_iam(
        self, sent: SentRequest, rest: list[str], query: Mapping[str, str], origin: str
    ) -> Answer:
        match sent.method, rest:
            case "GET", [] | [""]:
                return self.iam.version(origin)
            case "POST", ["auth", "tokens"]:
                _check_content_type(sent)
                return self.iam.create_token(sent.body, query, origin)
            case "GET", ["projects"]:
                self.gate.admit(sent)
                return self.iam.projects(query)
        raise iam_no("0004", "The API does not exist.", status=404)

    def _answer_jobs(
        self, sent: SentRequest, rest: list[str], query: Mapping[str, str], overlap: int
    ) -> Answer:
        if sent.body:
            _check_content_type(sent)
        match sent.method, rest:
            case "GET", []:
                return self.api.list_jobs(query, overlap=overlap)
            case "POST", []:
                return self.api.create(sent.body)
            case _, [job_id, *action] if job_id:
                return self._answer_job(sent, job_id, action)
        raise answers.no_such_api()

    def _answer_job(self, sent: SentRequest, job_id: str, action: list[str]) -> Answer:
        match sent.method, action:
            case "GET", []:
                return self.api.show(job_id)
            case "PUT", []:
                return self.api.describe(job_id, sent.body)
            case "DELETE", []:
                return self.api.delete(job_id)
            case "POST", ["stop"]:
                return self.api.stop(job_id)
            case "POST", ["restart"]:
                return self.api.restart(job_id)
        raise answers.no_such_api()

    def _admit(self, sent: SentRequest, project_id: str) -> None:
        self.gate.admit(sent)
        if project_id != self.project_id:
            raise modelarts_no(
                "2786", "The project ID does not match the token's project.", status=404
            )


def _check_frame(sent: SentRequest) -> None:
    # https://support.huaweicloud.com/api-modelarts/modelarts_03_0006.html: POST and PUT need a
    # Content-Length, GET must have none.
    if sent.method in {"POST", "PUT"} and "content-length" not in sent.headers:
        raise gateway_no("0201", "Bad request: Content-Length is required", status=411)
    if sent.method == "GET" and "content-length" in sent.headers:
        raise gateway_no("0201", "Bad request: Content-Length is not allowed", status=400)
    if len(sent.body) > MOST_BODY:
        raise gateway_no("0201", "Bad request: the body exceeds 12 MB", status=413)
    if len(sent.path) + len(sent.query) > MOST_PATH:
        raise gateway_no("0201", "Bad request: the URI exceeds 32 KB", status=414)


def _check_content_type(sent: SentRequest) -> None:
    kind = sent.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise gateway_no("0201", f"Bad request: Content-Type {kind or 'is missing'}", status=415)
