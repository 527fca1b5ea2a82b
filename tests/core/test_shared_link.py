"""Which job a pasted link leads to, and which hosts' links are looked at."""

import pytest

from bot.core.shared_link import job_of_link, unfurled_hosts
from tests.make import a_job

PATH = "/modelarts/tensorboard/p/205/"
LINK = f"https://console.example.com{PATH}"
HOSTS = ("console.example.com",)

#: What is said of a link, the link, and whether it leads to the job.
LINKS: list[tuple[str, str, bool]] = [
    ("just as it is", LINK, True),
    ("the host in capitals", LINK.replace("console", "CONSOLE"), True),
    ("the usual port, written out", LINK.replace(".com", ".com:443"), True),
    ("with the tab that TensorBoard shows", f"{LINK}#scalars&run=1", True),
    ("with a query", f"{LINK}?tag=loss", True),
    ("without the slash at the end", LINK.rstrip("/"), False),
    ("with more path", f"{LINK}data", False),
    ("another job's", LINK.replace("205", "206"), False),
    ("the path in capitals", LINK.replace("tensorboard", "TensorBoard"), False),
    ("without encryption", LINK.replace("https", "http"), False),
    ("with a user", LINK.replace("https://", "https://ana@"), False),
    ("with a user and a password", LINK.replace("https://", "https://a:b@"), False),
    ("another port", LINK.replace(".com", ".com:8443"), False),
    ("a host below", LINK.replace("console", "a.console"), False),
    ("a host that only begins so", LINK.replace(".com", ".com.evil.example"), False),
    ("a host of others", LINK.replace("console.example.com", "evil.example"), False),
    ("the host in another's path", f"https://evil.example/{LINK}", False),
    ("with a backslash", LINK.replace("/p/", "/p\\/"), False),
    ("with a blank", f"{LINK} x", False),
    ("a path that is spelt otherwise", LINK.replace("205", "20%35"), False),
    ("a path with dots", LINK.replace("/p/", "/q/../p/"), False),
    ("no link", "205", False),
    ("nothing", "", False),
]


@pytest.mark.parametrize(("sentence", "url", "leads"), LINKS, ids=[row[0] for row in LINKS])
def test_a_link_leads_to_the_job_of_its_host_and_path(sentence: str, url: str, leads: bool) -> None:
    job = a_job(205, service_url=LINK)
    others = [a_job(1, service_url=""), a_job(2, service_url="https://console.example.com/")]

    found = job_of_link(url, [*others, job], HOSTS)

    assert found == (job if leads else None), sentence


def test_a_job_whose_own_link_is_odd_has_none() -> None:
    for odd in (LINK.replace("https", "http"), LINK.replace("//", "//ana@"), f"{LINK} "):
        assert job_of_link(LINK, [a_job(205, service_url=odd)], HOSTS) is None


def test_a_host_that_is_not_named_leads_nowhere() -> None:
    assert job_of_link(LINK, [a_job(205, service_url=LINK)], ("example.com",)) is None


def test_of_several_jobs_with_one_link_it_is_the_running_one_else_the_latest() -> None:
    old, new = a_job(7, 12, service_url=LINK), a_job(9, 12, service_url=LINK)

    assert job_of_link(LINK, [old, new], HOSTS) == new
    running = a_job(8, 8, service_url=LINK)
    assert job_of_link(LINK, [old, running, new], HOSTS) == running


def test_a_domain_alone_is_the_page_at_its_root() -> None:
    job = a_job(205, service_url="https://console.example.com")

    assert job_of_link("https://console.example.com/", [job], HOSTS) == job


@pytest.mark.parametrize(
    ("allowed", "hosts"),
    [
        ((), ()),
        (("console.example.com", ".example.org"), ("console.example.com",)),
        (("Console.Example.com", "console.example.com."), ("console.example.com",)),
        (("127.0.0.1", "localhost", "[::1]", "b.example"), ("b.example",)),
        (tuple(f"h{n}.example" for n in range(9)), tuple(f"h{n}.example" for n in range(5))),
    ],
)
def test_the_first_five_hosts_that_are_named_in_full_get_cards(
    allowed: tuple[str, ...], hosts: tuple[str, ...]
) -> None:
    assert unfurled_hosts(allowed) == hosts
