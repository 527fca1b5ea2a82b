"""Report in the terminal and on the page what happens in the demo."""

import asyncio

from rich.console import Console
from rich.text import Text

from bot.core.cards.cleaning import shown
from bot.core.cards.wording import status_code_words, symbol
from bot.core.job import JobStatus
from bot.core.text import ENGLISH, Language, say
from bot.demo.cloud import JobView
from bot.demo.terminal_text import spoken
from bot.demo.world import World

_LONGEST_LINE = 200
_LOOK_SECONDS = 0.5


class Narrator:
    """Reports steps of jobs and messages of the workspace."""

    def __init__(self, world: World, console: Console, language: Language = ENGLISH) -> None:
        self._world = world
        self._workspace = world.workspace
        self._console = console
        self._language = language
        self._seen: dict[int, int] = {}

    async def watch_cloud(self) -> None:
        """Update the page's side panel, and report each step of a job, until cancelled."""
        while True:
            jobs = self._world.jobs()
            shown = [{**job, "word": JobStatus(job["status"]).word} for job in jobs]
            self._workspace.set_cloud(
                {
                    "clock": self._workspace.state.clock().isoformat(),
                    "zone": self._world.zone.key,
                    "moments": self._world.moments(),
                    "jobs": shown,
                    "can_push": self._world.cloud is not None,
                    "troubles": self._world.weather.troubles(),
                }
            )
            for job in jobs:
                self._tell_step(job)
            await asyncio.sleep(_LOOK_SECONDS)

    async def watch_workspace(self) -> None:
        """Print what people and the bot say, until the workspace closes."""
        async for event in self._workspace.subscribe():
            if event["kind"] in ("message", "ephemeral"):
                message = event["message"]
                channel = self._workspace.state.find_channel(event["channel"])
                where = f"#{channel.name}" if channel else ""
                person = self._workspace.state.people.get(message.get("user", ""))
                who = person.real_name if person else "Slackbot"
                words = spoken(message.get("text", ""), self._workspace.state)
                if event["kind"] == "ephemeral":
                    line = say(
                        "{place} {who} (only to you): {words}", place=where, who=who, words=words
                    )
                else:
                    line = say("{place} {who}: {words}", place=where, who=who, words=words)
                self._print("💬", self._language.plain(line))
            elif event["kind"] == "notice":
                self._print("⚠️", event["text"])

    def _tell_step(self, job: JobView) -> None:
        before = self._seen.get(job["job_id"])
        self._seen[job["job_id"]] = job["status"]
        if before is None or before == job["status"]:
            return
        was, now = JobStatus(before), JobStatus(job["status"])
        if was.phase is now.phase:
            codes = f"{status_code_words(was)} → {status_code_words(now)}"
            self._print(symbol(now), f"{job['job_name']}: {codes}")
            return
        sentence = f"{job['job_name']}: {was.word} → {now.word}"
        # The page shows only changes of phase, because its space is limited.
        step = {"job": job["job_name"], "before": was.word, "after": now.word}
        self._workspace.narrate(sentence, step=step)
        self._print(symbol(now), sentence)

    def _print(self, mark: str, sentence: str) -> None:
        clock = f"{self._workspace.state.clock().astimezone():%H:%M:%S}"
        line = Text(f"{clock}  ", "dim").append(f"{mark} ")
        self._console.print(line.append(shown(sentence, _LONGEST_LINE)))
