"""The answers to `keep`, `claim` and `disclaim`, each under the name of its golden file."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.core.cards.card import Card
from bot.core.cards.jobs.care import claimed_card, disclaimed_card, kept_card, no_longer_kept_card
from bot.core.care import Keep, KeepVerdict, OwnerChange
from tests.make import ANA, NOW, a_job

BEN = "U0BEN00001"
LATER = NOW + timedelta(hours=4)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def _kept(verdict: KeepVerdict, *, zone: ZoneInfo | None = None, reminds: bool = True) -> Card:
    return kept_card(a_job(), verdict, until=LATER, zone=zone, reminds=reminds)


def _owners(before: str, after: str) -> OwnerChange:
    return OwnerChange(before=before, after=after)


CARE: dict[str, Callable[[], Card]] = {
    "keep": lambda: _kept(KeepVerdict.KEPT),
    "keep-by-the-clock": lambda: _kept(KeepVerdict.KEPT, zone=SHANGHAI),
    "keep-without-guard": lambda: _kept(KeepVerdict.KEPT, reminds=False),
    "keep-not-running": lambda: _kept(KeepVerdict.NOT_RUNNING),
    "keep-not-followed": lambda: _kept(KeepVerdict.NOT_FOLLOWED),
    "keep-off": lambda: no_longer_kept_card(a_job(), Keep(until=LATER, by=ANA)),
    "keep-off-for-nothing": lambda: no_longer_kept_card(a_job(), None),
    "claim": lambda: claimed_card(a_job(), _owners("", ANA), user_id=ANA),
    "claim-again": lambda: claimed_card(a_job(), _owners(ANA, ANA), user_id=ANA),
    "claim-of-somebody-elses": lambda: claimed_card(a_job(), _owners(BEN, BEN), user_id=ANA),
    "claim-taken-over": lambda: claimed_card(a_job(), _owners(BEN, ANA), user_id=ANA),
    "disclaim": lambda: disclaimed_card(a_job(), _owners(ANA, ""), user_id=ANA),
    "disclaim-of-nobodys": lambda: disclaimed_card(a_job(), _owners("", ""), user_id=ANA),
    "disclaim-of-somebody-elses": lambda: disclaimed_card(a_job(), _owners(BEN, BEN), user_id=ANA),
    "disclaim-back-to-another": lambda: disclaimed_card(a_job(), _owners(ANA, BEN), user_id=ANA),
}
