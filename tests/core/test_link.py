"""Which TensorBoard links are offered, and several hundred that are not."""

from itertools import product

import pytest

from bot.core.link import LONGEST_URL, NoLink, live_link, why_no_link
from tests.make import LINK_HOSTS, a_job

HOST = "console.huaweicloud.com"
GOOD = (
    f"https://{HOST}/tensorboard/p/205/",
    f"https://{HOST}",
    f"https://{HOST}/",
    f"https://{HOST}:443/x",
    f"https://{HOST.upper()}/x",
    f"https://{HOST}./x",
    f"https://{HOST}/a%20b/~c/(d)/@e",
    "https://tb.vision.example/205/",
    "https://a.b.vision.example/205/",
)
SCHEMES = (
    "javascript:alert(1)//", "JavaScript:", "data:text/html,", "http://", "ftp://", "//", "https:/",
    "https:\\\\", "https:", "vbscript:", "file://", "blob:https://", "view-source:https://",
    " https://", "\thttps://", "\x00https://", "\u202ehttps://", "https:///", "https://https://",
    "https://\\", "hxxps://", "ＨＴＴＰＳ://", "https：//", "slack://", "mailto:",
)  # fmt: skip
HOSTS = (
    f"{HOST}.evil.example", f"evil.example/{HOST}", f"{HOST}@evil.example", f"ana:x@{HOST}",
    f"ana@{HOST}", f"@{HOST}", f"{HOST}:8443", f"{HOST}:80", f"{HOST}:0443", f"{HOST}:",
    f"{HOST}:443:443", f"evil{HOST}", f"{HOST}\\.evil.example", f"{HOST}%2eevil.example",
    f"{HOST}%00.evil.example", f"evil.example#{HOST}", f"evil.example?{HOST}", f"{HOST}\n",
    f"{HOST}\r\n.evil.example", f"evil-{HOST}", "huaweicloud.com", "console.huaweicloud.co",
    "console-huaweicloud.com", "xn--console-huaweicloud-1nb.com", "cоnsole.huaweicloud.com",
    "console。huaweicloud。com", "ｃonsole.huaweicloud.com", "console.huaweicloud.com。evil.ex",
    "vision.example", "evilvision.example", "tb.vision.example.evil.example", "127.0.0.1", "[::1]",
    "2130706433", "localhost", "", ".", "..", f"..{HOST}", f"[{HOST}]", f"{HOST} ", f" {HOST}",
    f"{HOST}\u200b", f"{HOST}\u00ad", "con\u200dsole.huaweicloud.com", "console.huaweicloud..com",
)  # fmt: skip
PATHS = ("", "/", "/tensorboard/p/205/", "/x?next=1", "/x#y", "/\\evil.example", "/é", "/a b")
TAILS = (
    "?token=secret",
    "#/a",
    "\\",
    "/\x00",
    "/\n",
    "/<script>",
    '/"',
    "/|x>",
    "/`",
    "/{x}",
    "/é",
)

BAD = (
    *(f"{scheme}{HOST}{path}" for scheme, path in product(SCHEMES, PATHS)),
    *(f"https://{host}{path}" for host, path in product(HOSTS, PATHS)),
    *(f"{url}{tail}" for url, tail in product(GOOD[:3], TAILS)),
    f"https://{HOST}/{'x' * 3000}",
)


def test_there_are_hundreds_of_bad_links() -> None:
    assert len(set(BAD)) > 500


@pytest.mark.parametrize("url", GOOD)
def test_a_plain_link_to_an_allowed_host_is_offered_as_it_is(url: str) -> None:
    assert live_link(a_job(service_url=url), LINK_HOSTS) == url


def test_no_bad_link_is_offered() -> None:
    offered = [url for url in BAD if live_link(a_job(service_url=url), LINK_HOSTS)]

    assert offered == []


@pytest.mark.parametrize("status", [*range(8), *range(9, 23), 37])
def test_no_other_status_offers_a_link(status: int) -> None:
    assert live_link(a_job(status=status), LINK_HOSTS) == ""


def test_the_longest_link_that_slack_takes_is_offered() -> None:
    url = f"https://{HOST}/"
    url += "x" * (3000 - len(url))

    assert live_link(a_job(service_url=url), LINK_HOSTS) == url
    assert live_link(a_job(service_url=f"{url}x"), LINK_HOSTS) == ""


def test_without_allowed_hosts_nothing_is_offered() -> None:
    assert live_link(a_job(service_url=GOOD[0]), ()) == ""
    assert live_link(a_job(service_url=GOOD[0]), ("", ".")) == ""


LONG = f"https://{HOST}/"
REASONS = {
    "a link of the largest size is offered": (8, LONG.ljust(LONGEST_URL, "x"), None),
    "one letter more, and Slack would refuse the message": (
        8, LONG.ljust(LONGEST_URL + 1, "x"), NoLink.TOO_LONG,
    ),
    "4,000 letters": (8, LONG.ljust(4000, "x"), NoLink.TOO_LONG),
    "no link at all": (8, "", NoLink.MISSING),
    "not encrypted": (8, f"http://{HOST}/205/", NoLink.UNSAFE),
    "with a user in it": (8, f"https://ana@{HOST}/205/", NoLink.UNSAFE),
    "a credential in the query": (8, f"https://{HOST}/205/?token=secret", NoLink.UNSAFE),
    "another host": (8, "https://evil.example/205/", NoLink.FOREIGN_HOST),
    "a good link of a job that waits": (7, f"https://{HOST}/205/", NoLink.NOT_RUNNING),
    "a good link of a job that is being scaled": (15, f"https://{HOST}/205/", NoLink.NOT_RUNNING),
}  # fmt: skip


@pytest.mark.parametrize("case", REASONS)
def test_why_a_link_is_not_offered(case: str) -> None:
    status, url, reason = REASONS[case]

    assert why_no_link(a_job(status=status, service_url=url), LINK_HOSTS) is reason
