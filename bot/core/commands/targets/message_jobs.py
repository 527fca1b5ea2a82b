"""Find the jobs that a message names by id, by name or by link."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.core.commands.targets.job_reference import JobById, parse_job
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import folded
from bot.core.errors import BadCommand
from bot.core.job import JobId, VisualizationJob
from bot.core.link import is_allowed_host
from bot.core.shared_link import job_of_link


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWords:
    """What a message says, without the markup of any chat platform."""

    texts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    #: The jobs of our own buttons in the message. If one is known, texts and links are ignored.
    own_ids: tuple[JobId, ...] = ()


# Characters that are searched: a longer message is a paste, and names its jobs at the top.
_LONGEST_TEXT = 20_000
_LINK = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
_NUMBER = re.compile(r"[0-9]{1,19}")
# What marks a number as part of a time, a decimal, a fraction or a price: `12:03`, `3.5`, `1/2`.
_PART_BEFORE = re.compile(r"[0-9][.:/]$|[$€¥£]$")
_UNITS = "%|h|hr|hrs|hours?|min|mins|minutes?|s|sec|secs|seconds?|ms|d|days?|weeks?|am|pm|[kmgt]i?b"
_PART_AFTER = re.compile(
    rf"[.:/][0-9]| ?(?:{_UNITS})(?![\w-])| ?(?:小时|分钟|秒|天)", re.IGNORECASE
)


def jobs_in(
    said: MessageWords, jobs: Sequence[VisualizationJob], link_hosts: Sequence[str]
) -> tuple[VisualizationJob, ...]:
    """Return the jobs that a message names, each once: first those in texts, then by links."""
    by_id = {job.id: job for job in jobs}
    if own := [by_id[job_id] for job_id in said.own_ids if job_id in by_id]:
        return tuple(dict.fromkeys(own))
    found: list[VisualizationJob] = []
    by_name: dict[str, list[VisualizationJob]] = {}
    for job in jobs:
        by_name.setdefault(job.name.casefold(), []).append(job)
    for text in said.texts:
        found += _named_in(text[:_LONGEST_TEXT], by_id, by_name)
    links = [*said.links, *(link for text in said.texts for link in _LINK.findall(text))]
    for link in links:
        found += _linked(link, jobs, by_id, link_hosts)
    return tuple(dict.fromkeys(found))


def _named_in(
    text: str,
    by_id: dict[JobId, VisualizationJob],
    by_name: dict[str, list[VisualizationJob]],
) -> Iterator[VisualizationJob]:
    text = _LINK.sub(" ", text)
    tokens = list(_tokens(folded(text)))
    ids = {JobId(int(token)) for token in tokens if _NUMBER.fullmatch(token)}
    for token in tokens:
        if _NUMBER.fullmatch(token) and int(token) in by_id:
            yield by_id[JobId(int(token))]
        named = by_name.get(token.casefold()) or by_name.get(token.strip("_-").casefold(), [])
        # `sweep (812)`: if several jobs have the name, an id in the text tells which one is meant.
        yield from [job for job in named if job.id in ids] or named
    for name, named in by_name.items():
        is_plain = not name or _TOKEN.fullmatch(name)
        if not is_plain and name in text.casefold():
            yield from named


def _tokens(text: str) -> Iterator[str]:
    """Yield the words of a text that may be ids or names; skip times, spans and amounts."""
    for token in _TOKEN.finditer(text):
        if token[0].isdecimal() and (
            _PART_BEFORE.search(text[max(0, token.start() - 2) : token.start()])
            or _PART_AFTER.match(text, token.end())
        ):
            continue
        yield token[0]


def _linked(
    url: str,
    jobs: Iterable[VisualizationJob],
    by_id: dict[JobId, VisualizationJob],
    link_hosts: Sequence[str],
) -> Iterator[VisualizationJob]:
    host = _host_of(url)
    if not host or not is_allowed_host(host, link_hosts):
        return
    if job := job_of_link(url, jobs, (host,)):
        yield job
        return
    with suppress(BadCommand):
        named = parse_job(Word(url, quoted=True))
        if isinstance(named, JobById) and named.id in by_id:
            yield by_id[named.id]


def _host_of(url: str) -> str:
    with suppress(ValueError):
        return (urlsplit(url).hostname or "").rstrip(".")
    return ""
