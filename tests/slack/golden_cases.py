"""The cards that are kept as golden files: every status, every error, every other answer."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from bot.core.cards.bot.health import status_card
from bot.core.cards.bot.help import help_card
from bot.core.cards.bot.problem import gone_card, problem_card, unknown_card
from bot.core.cards.card import Card
from bot.core.cards.home.home import home_sections
from bot.core.cards.home.home_page import HomeFacts, PersonalFacts
from bot.core.cards.jobs.details import details_card
from bot.core.cards.jobs.job_actions import Following
from bot.core.cards.jobs.job_answer import job_card
from bot.core.cards.jobs.job_choice import ambiguous_card, choices, find_card
from bot.core.cards.jobs.job_list import list_card
from bot.core.cards.subscriptions.subscribe_form import subscribe_form, subscribe_form_card
from bot.core.change import NO_JOB
from bot.core.commands.grammar import parse
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.verbs.find import Find
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.verbs.registry import VERBS
from bot.core.commands.verbs.show import Show
from bot.core.errors import (
    BadCommand,
    BotError,
    JobNotFound,
    LoginRefused,
    SourceRefused,
    SourceUnavailable,
    StoreUnavailable,
)
from bot.core.health import Check, SourceHealth, Verdict
from bot.core.job import JobId, JobStatus, Phase, VisualizationJob
from bot.core.link import live_link, why_no_link
from bot.core.runs import Run, runs
from bot.core.spending import Price
from bot.core.subscription import EventFilter, JobTarget, PatternTarget, SubscriptionState
from bot.core.timeline import timeline
from bot.slack.blocks import render
from bot.slack.controls import render_options
from bot.slack.views import form_view, home_view, loading_view, modal_view
from bot.watcher.quarantine import STRIKES, Quarantine
from tests.history_fakes import GAP, ago
from tests.make import HOSTILE_TEXTS, LINK_HOSTS, NOW, OURS, a_change, a_job
from tests.slack.acting_cases import ACTING
from tests.slack.care_cases import CARE
from tests.slack.dead_letter_cases import DEAD_LETTERS
from tests.slack.form_cases import FORM_CARDS, FORM_VIEWS, HELD
from tests.slack.history_cases import LIFE
from tests.slack.reach_cases import REACH, REACH_VIEWS
from tests.slack.subscription_cases import SUBSCRIPTIONS
from tests.watch_fakes import a_subscription

Json = dict[str, Any]

STATUSES = (*range(23), 37)
JOBS = (
    a_job(205),
    a_job(197, 7, name="apiTest-11", duration=timedelta(seconds=33)),
    a_job(193, 11, name="vit-satellite", duration=timedelta(minutes=41)),
    a_job(812, name="197", duration=timedelta(days=3, hours=2)),
    a_job(330, 37, name="", duration=None),
)
DOWN = SourceHealth(
    last_good_at=NOW - timedelta(hours=1),
    failing_since=NOW - timedelta(minutes=59),
    last_error="ModelArts did not answer within 10 s.",
)
WELL = SourceHealth(last_good_at=NOW)
ASKED = Show(JobNumber("205"))


def status_file(status: int) -> str:
    """`job-08-running`: the code first, so that the files stand in the vendor's order."""
    return f"job-{status:02}-{JobStatus(status).name.lower().replace(' ', '-')}"


def job_message(job: VisualizationJob, *, shared: bool = False) -> Json:
    """How one job is shown."""
    link = live_link(job, LINK_HOSTS)
    return render(job_card(job, link=link, ref=JobNumber(str(job.id)), shared=shared))


def _bad(typed: str) -> Json:
    try:
        parse(typed)
    except BadCommand as error:
        return render(problem_card(error))
    raise AssertionError(typed)


def _trouble(error: BotError, source: SourceHealth | None = None, **more: Any) -> Json:
    return render(problem_card(error, again=ASKED, source=source, **more))


def _help(command: Help) -> Json:
    return render(help_card(command, slash_command="/visjob"))


def _list(command: ListJobs, *jobs: VisualizationJob) -> Card:
    return list_card(jobs, command=command, read_at=NOW)


_NOT_FOUND = JobNotFound(
    "ModelArts knows no job 999.",
    hint="It may have been deleted.",
    code="ModelArts.0102",
    vendor_text="The job does not exist. job id: 999",
)
_LOCKED = LoginRefused(
    "ModelArts has locked this access key after too many failures.",
    hint="The bot does not try again before 14:22 UTC. Check MODELARTS_SECRET_KEY meanwhile.",
    code="APIG.0301",
    vendor_text="Incorrect IAM authentication information: AK access failed to reach the limit, "
    "forbidden: VISJOBDEMOACCESSKEY1",
)
_WELL = (
    Check(name="cloud", verdict=Verdict.OK, found="last good read 3 s ago, 5 jobs known"),
    Check(name="database", verdict=Verdict.OK, found="the SQLite file visjob.db"),
    Check(name="Slack token", verdict=Verdict.OK, found="accepted, workspace Vision Lab"),
)
_UNWELL = Check(
    name="schema", verdict=Verdict.FAILED, found="one revision is missing", cure="visjob migrate"
)

_WITH_DEAD_LETTERS = Check(
    name="outbox",
    verdict=Verdict.WARNING,
    found="2 messages to be told, the oldest for 33 s, 1 dead letter",
    cure="look at why, then send them again",
    more=("Dead letters", "status letters"),
)


def _quarantined() -> Check:
    quarantine = Quarantine()
    for number in (205, 231):
        for _ in range(STRIKES):
            quarantine.strike(OURS, JobId(number))
    check = quarantine.check(OURS)
    assert check is not None
    return check


_OWN = PersonalFacts(
    subscriptions=(
        a_subscription(),
        a_subscription(PatternTarget("flow*"), event_filter=EventFilter("failures")),
        a_subscription(JobTarget(JobId(193)), state=SubscriptionState.ENDED, ended_at=NOW),
    ),
    failures=(
        a_change(8, 11, job=a_job(193, 11, name="vit-satellite")),
        a_change(8, NO_JOB, job=a_job(231, name="gone")),
    ),
)


def _facts(
    jobs: Sequence[VisualizationJob],
    *,
    source: SourceHealth = WELL,
    personal: PersonalFacts | None = None,
) -> HomeFacts:
    return HomeFacts(
        jobs=jobs,
        source=source,
        personal=personal,
        now=NOW,
        slash_command="/visjob",
        link_hosts=LINK_HOSTS,
    )


def _drawn(card: Callable[[], Card]) -> Json:
    return render(card())


def _modal(card: Callable[[], Card]) -> Json:
    return modal_view(card())


def _details(job: VisualizationJob, runs: Sequence[Run] = ()) -> Json:
    ref = JobNumber(str(job.id))
    return render(details_card(job, no_link=why_no_link(job, LINK_HOSTS), ref=ref, runs=runs))


MESSAGES: dict[str, Callable[[], Json]] = {
    **SUBSCRIPTIONS,
    **DEAD_LETTERS,
    **{name: partial(_drawn, card) for name, card in {**ACTING, **CARE}.items()},
    **{name: partial(_drawn, card) for name, card in REACH.items()},
    **{
        status_file(status): partial(job_message, a_job(status=status)) for status in STATUSES
    },
    "details": lambda: _details(a_job()),
    "details-failed-again": lambda: _details(
        a_job(status=11), runs(timeline(LIFE, begin=ago(90), end=ago(4), gap=GAP))
    ),
    "details-failed": lambda: _details(a_job(status=11)),
    "details-link-too-long": lambda: _details(
        a_job(service_url="https://console.huaweicloud.com/".ljust(4000, "x"))
    ),
    "details-bare": lambda: _details(
        a_job(
            name="\u3164", description="", service_url="", train_url="", resource_id="",
            duration=None, created_at=None,
        )
    ),
    "details-hostile": lambda: _details(
        a_job(
            name=HOSTILE_TEXTS[0], description="x" * 2000, train_url=HOSTILE_TEXTS[6],
            resource_id=HOSTILE_TEXTS[1], service_url="https://evil.example/" + "y" * 1900,
        )
    ),
    "job-name-that-shows-nothing": lambda: job_message(a_job(name="\u3164\ufe0f\u2800")),
    "job-name-of-digits": lambda: job_message(a_job(812, name="197")),
    "job-shared-where-it-is-followed": lambda: render(
        job_card(
            a_job(), link="", ref=JobNumber("205"), shared=True, following=Following.YES
        )
    ),
    "job-shared": lambda: job_message(a_job(), shared=True),
    "job-bare": lambda: job_message(
        a_job(
            name="", description="", service_url="", train_url="", resource_id="",
            duration=None, created_at=None,
        )
    ),
    "job-link-not-offered": lambda: job_message(a_job(service_url="https://evil.example/205/")),
    "job-hostile": lambda: job_message(
        a_job(
            name=HOSTILE_TEXTS[0], description=HOSTILE_TEXTS[6],
            train_url=HOSTILE_TEXTS[5], resource_id=HOSTILE_TEXTS[1],
        )
    ),
    "list": lambda: render(_list(ListJobs(), *JOBS)),
    "list-running": lambda: render(_list(ListJobs(Phase.RUNNING), JOBS[0], JOBS[3])),
    "list-empty": lambda: render(_list(ListJobs(Phase.FINISHED, "flowers"))),
    "list-long": lambda: render(
        _list(ListJobs(), *(a_job(n, n % 23, name=f"job-{n}") for n in range(1, 141)))
    ),
    "find": lambda: render(find_card((), command=Find())),
    "find-text": lambda: render(find_card(JOBS[:2], command=Find("flowers"))),
    "ambiguous-id-or-name": lambda: render(
        ambiguous_card(
            "197", (JOBS[1], JOBS[3]), asked=ASKED,
            sentence="197 is a job id and also the name of job 812.",
        )
    ),
    "ambiguous-many": lambda: render(
        ambiguous_card(
            "v", JOBS, asked=Show(JobNumber("1"), share=True), sentence="5 jobs go by “v”."
        )
    ),
    "form-by-button": lambda: render(subscribe_form_card()),
    **FORM_CARDS,
    "form-by-button-after-a-job": lambda: render(subscribe_form_card(last_job=JOBS[0])),
    "unknown": lambda: render(unknown_card("statsu", [parse("status")])),
    "help": lambda: render(help_card(Help(), slash_command="/visjob")),
    **{
        f"help-{verb.name}": partial(_help, Help(verb.name)) for verb in VERBS
    },
    "status-dead-letters": lambda: render(status_card((*_WELL, _WITH_DEAD_LETTERS), at=NOW)),
    "bad-redeliver": lambda: _bad("redeliver 205"),
    "status-well": lambda: render(status_card(_WELL, at=NOW)),
    "status-unwell": lambda: render(status_card((*_WELL, _UNWELL), at=NOW)),
    "status-quarantine": lambda: render(status_card((_WELL[0], _quarantined()), at=NOW)),
    "bad-not-a-job": lambda: _bad("../"),
    "bad-not-a-number": lambda: _bad("-205"),
    "bad-other-digits": lambda: _bad("٢٠٥"),
    "bad-too-large": lambda: _bad("9" * 400),
    "bad-link": lambda: _bad("https://console.huaweicloud.com/"),
    "bad-open-quote": lambda: _bad('list "flowers'),
    "bad-verb": lambda: _bad("lst running"),
    "bad-unknown-verb": lambda: _bad("wacth 205"),
    "bad-too-many-words": lambda: _bad("status please"),
    "bad-too-long": lambda: _bad("x" * 2000),
    "trouble-not-found": lambda: render(gone_card(_NOT_FOUND, JOBS[:2], asked=ASKED)),
    "trouble-refused": lambda: _trouble(
        SourceRefused(
            "ModelArts refused the request.",
            hint="Shorten the text and try again.",
            code="ModelArts.0104",
            vendor_text="The length of search content should be in [0,100]",
        )
    ),
    "trouble-login-locked": lambda: _trouble(_LOCKED, DOWN, last_known=JOBS[0]),
    "trouble-unavailable": lambda: _trouble(
        SourceUnavailable("ModelArts did not answer within 10 s.", hint="It is tried again."),
        DOWN,
        last_known=JOBS[0],
    ),
    "trouble-store": lambda: _trouble(
        StoreUnavailable("The database does not answer.", hint="Check DATABASE_URL.")
    ),
}  # fmt: skip

VIEWS: dict[str, Callable[[], Json]] = {
    **{name: partial(_modal, card) for name, card in REACH_VIEWS.items()},
    "home": lambda: home_view(home_sections(_facts(JOBS))),
    "home-own": lambda: home_view(home_sections(_facts(JOBS, personal=_OWN))),
    "home-own-empty": lambda: home_view(
        home_sections(_facts((), personal=PersonalFacts(subscriptions=(), failures=())))
    ),
    "home-own-hostile": lambda: home_view(
        home_sections(
            _facts(
                [a_job(205, name=HOSTILE_TEXTS[0])],
                personal=PersonalFacts(
                    subscriptions=(a_subscription(),) * 40,
                    failures=(a_change(8, 11, job=a_job(205, 11, name=HOSTILE_TEXTS[0])),) * 40,
                ),
            )
        )
    ),
    "home-crowded": lambda: home_view(
        home_sections(_facts([a_job(n, name=f"job-{n}") for n in range(1, 141)]), page=3), page=3
    ),
    "home-billed": lambda: home_view(
        home_sections(
            replace(
                _facts(JOBS, personal=replace(_OWN, owned=frozenset({JobId(205)}), held=HELD)),
                price=Price(hourly=Decimal("2.50"), currency="EUR"),
            )
        )
    ),
    **FORM_VIEWS,
    "home-trouble": lambda: home_view(home_sections(_facts(JOBS, source=DOWN, personal=_OWN))),
    "modal": lambda: modal_view(job_card(JOBS[0], link="", ref=JobNumber("205"))),
    "modal-bug": lambda: modal_view(None),
    "modal-loading": loading_view,
    "form-subscribe": lambda: form_view(subscribe_form(last_job=None)),
    "form-subscribe-last": lambda: form_view(subscribe_form(last_job=JOBS[0])),
    "form-subscribe-hostile": lambda: form_view(
        subscribe_form(last_job=a_job(205, name=HOSTILE_TEXTS[0]))
    ),
}  # fmt: skip


def options_answer() -> Json:
    """The answer to a search box that finds everything."""
    return render_options(choices(JOBS))
