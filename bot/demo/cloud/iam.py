"""The three IAM calls that clients need before ModelArts: version, token, project; no HTTP."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.demo.cloud.answers import Answer, Json, Refused, iam_no, keystone_no
from bot.demo.cloud.auth import CloudCredentials, Gatekeeper, Token, iso_time

REGION = "eu-de"


@dataclass(frozen=True, slots=True, kw_only=True)
class Iam:
    """IAM for one user and one project. https://docs.otc.t-systems.com/identity-access-management/"""

    gate: Gatekeeper
    credentials: CloudCredentials
    project_id: str

    def version(self, origin: str) -> Answer:
        """Return the document by which Keystone clients find the API."""
        links = [{"rel": "self", "href": f"{origin}/v3/"}]
        version: Json = {"id": "v3.6", "status": "stable", "links": links}
        return Answer(data={"version": {**version, "updated": "2016-04-04T00:00:00Z"}})

    def create_token(self, body: bytes, query: Mapping[str, str], origin: str) -> Answer:
        """Log in by password; the token is only in a header. `nocatalog` leaves the catalog out."""
        username, password, domain, scope = _read_login(body)
        project_id = self._scoped_project(scope)
        token = self.gate.log_in(username, password, domain, project_id)
        data = self._token_data(token)
        if not query.get("nocatalog"):
            data["catalog"] = self._catalog(origin)
        headers = {"X-Subject-Token": token.text}
        return Answer(status=201, data={"token": data}, headers=headers)

    def projects(self, query: Mapping[str, str]) -> Answer:
        """Return the projects with this name; there is one, named like its region."""
        project: Json = {
            "domain_id": self._domain()["id"],
            "is_domain": False,
            "parent_id": self._domain()["id"],
            "name": REGION,
            "description": "",
            "id": self.project_id,
            "enabled": True,
        }
        found = [project] if query.get("name", REGION) == REGION else []
        return Answer(data={"links": {"next": None, "previous": None}, "projects": found})

    def _scoped_project(self, scope: Mapping[str, object]) -> str | None:
        match scope:
            case {"project": {"id": wanted}}:
                known = wanted == self.project_id
            case {"project": {"name": wanted}}:
                known = wanted == REGION
            case _:
                return None
        if not known:
            raise keystone_no(f"Could not find project: {wanted}.", status=404, title="Not Found")
        return self.project_id

    def _token_data(self, token: Token) -> Json:
        domain = self._domain()
        data: Json = {
            "expires_at": iso_time(token.expires),
            "methods": ["password"],
            "issued_at": iso_time(token.issued),
            "roles": [{"name": "te_admin", "id": "0"}],
            "user": {
                "domain": domain,
                "name": self.credentials.username,
                "password_expires_at": "",
                "id": "9a3e6c1b0d5f4e7c8b2a1d0f3e5c7b9a",
            },
        }
        if token.project_id is None:
            return {**data, "domain": domain}
        return {**data, "project": {"domain": domain, "name": REGION, "id": token.project_id}}

    def _catalog(self, origin: str) -> list[Json]:
        return [
            _service("modelarts", "modelartsv1", f"{origin}/v1/{self.project_id}"),
            _service("iam", "identity", f"{origin}/v3"),
        ]

    def _domain(self) -> Json:
        return {"name": self.credentials.domain, "id": "d78cbac186b744899480f25bd022f468"}


def _read_login(body: bytes) -> tuple[str, str, str, Mapping[str, object]]:
    match _read_json(body):
        case {
            "auth": {
                "identity": {
                    "methods": ["password"],
                    "password": {
                        "user": {
                            "name": str(username),
                            "password": str(password),
                            "domain": {"name": str(domain)},
                        }
                    },
                }
            } as auth
        }:
            scope = auth.get("scope")
            return username, password, domain, scope if isinstance(scope, dict) else {}
    raise _invalid()


def _read_json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise _invalid() from None


def _invalid() -> Refused:
    return iam_no("0011", "Request body is invalid.", status=400)


def _service(name: str, kind: str, url: str) -> Json:
    endpoint = {
        "id": f"{name}-public",
        "interface": "public",
        "region": REGION,
        "region_id": REGION,
        "url": url,
    }
    return {"id": name, "name": name, "type": kind, "endpoints": [endpoint]}
