"""The registry: every verb of the grammar, in the order in which help lists them."""

from bot.core.commands.verbs.act import RESTART, STOP, Act
from bot.core.commands.verbs.audit import AUDIT, Audit
from bot.core.commands.verbs.claim import CLAIM, Claim
from bot.core.commands.verbs.copy import COPY, Copy
from bot.core.commands.verbs.cost import COST, Cost
from bot.core.commands.verbs.details import DETAILS, Details
from bot.core.commands.verbs.digest import DIGEST, SetDigest
from bot.core.commands.verbs.disclaim import DISCLAIM, Disclaim
from bot.core.commands.verbs.find import FIND, Find
from bot.core.commands.verbs.help import HELP, Help
from bot.core.commands.verbs.history import HISTORY, History
from bot.core.commands.verbs.keep_job import KEEP, KeepJob
from bot.core.commands.verbs.list_jobs import LIST, ListJobs
from bot.core.commands.verbs.quiet import QUIET, SetQuietHours
from bot.core.commands.verbs.redeliver import REDELIVER, Redeliver
from bot.core.commands.verbs.settings import SETTINGS, SetRules, SettingsForm
from bot.core.commands.verbs.show_digest import ShowDigest
from bot.core.commands.verbs.show_quiet import ShowQuietHours
from bot.core.commands.verbs.snooze import SNOOZE, Snooze
from bot.core.commands.verbs.status import STATUS, DeadLetters, Status
from bot.core.commands.verbs.subscribe import SUBSCRIBE, Subscribe, SubscribeForm, SubscribeSeveral
from bot.core.commands.verbs.subscriptions import SUBSCRIPTIONS, ListSubscriptions
from bot.core.commands.verbs.unsubscribe import UNSUBSCRIBE, Unsubscribe
from bot.core.commands.verbs.verb import Verb
from bot.core.commands.verbs.wake import WAKE, Wake
from bot.core.commands.verbs.why import WHY, Why

AboutSubscriptions = Subscribe | SubscribeSeveral | Unsubscribe | Copy | ListSubscriptions | Why

AboutCare = KeepJob | Claim | Disclaim

AboutSnoozes = Snooze | Wake

AboutRules = SetQuietHours | SetDigest

AboutSettings = SettingsForm | SetRules
AboutHolds = AboutSnoozes | AboutRules | ShowQuietHours | ShowDigest

AboutThePast = History | Cost

BotCommand = Status | DeadLetters | Redeliver | Audit | Help

#: The commands of sentences that begin with a verb.
VerbCommand = (
    Details
    | ListJobs
    | Find
    | SubscribeForm
    | AboutSubscriptions
    | AboutCare
    | AboutHolds
    | AboutSettings
    | AboutThePast
    | Act
    | BotCommand
)

VERBS: tuple[Verb[VerbCommand], ...] = (
    LIST,
    FIND,
    DETAILS,
    SUBSCRIBE,
    UNSUBSCRIBE,
    SUBSCRIPTIONS,
    COPY,
    WHY,
    SNOOZE,
    WAKE,
    QUIET,
    DIGEST,
    SETTINGS,
    HISTORY,
    COST,
    KEEP,
    CLAIM,
    DISCLAIM,
    STOP,
    RESTART,
    STATUS,
    REDELIVER,
    AUDIT,
    HELP,
)

#: The rules that parse the answers of a form, by the name of its verb.
FORMS = {verb.name: verb.answers for verb in VERBS if verb.answers}

#: Each name and alias of a verb, with the name of that verb.
VERB_NAMES = {word: verb.name for verb in VERBS for word in (verb.name, *verb.aliases)}
