"""Words that people say to a bot beside what they want of it."""

from collections.abc import Sequence

from bot.core.commands.tokens import Word
from bot.core.commands.typed import bare


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_THANKS = _words(
    "thanks thank thx thanx ty tysm tyvm cheers danke merci gracias obrigado grazie arigato "
    "谢谢 谢谢你 多谢 感谢 谢啦 辛苦了"
)
_REQUESTS = _words("please pls plz plse kindly bitte 请 麻烦")
_PRAISE = _words(
    "good great nice cool awesome amazing excellent perfect brilliant fantastic wonderful lovely "
    "love well done super sweet neat wow yay congrats kudos best better welcome bye goodbye lol "
    "haha helpful useful works work worked appreciated appreciate 厉害 好的 真棒"
)
_NODS = _words(
    "ok okay okey kk cc bcc fyi via noted got understood understand sure yes yep yup yeah no "
    "nope np ack roger agreed exactly right +1 -1 好 行 嗯 收到 明白 了解 知道了 可以 没问题 "
    "ок да нет"
)
# Beside a nod they add nothing: "got it", "ok that".
_WITH_A_NOD = _words("it that this so all to and you u we i from")
_GREETINGS = _words("hey hi hello hallo hola yo dear morning evening afternoon 你好 您好")
_FILLERS = _words(
    "a an and any anyone are at be been bot by can could did do does doing for from get give "
    "going had has have how how's i i'd i'm in is it it's job jobs just know let like look looking "
    "lot many may me more much my need now of on one our out quick quickly really right "
    "see so some state still tell that that's the their them there these they thing this to today "
    "us very want was we were what what's whats when where which while who will with would you "
    "your you're u ur asap again also about check find show everyone everybody 一下 吗 的"
)
# A sentence behind any other word is told about rather than asked for: "I had to unsubscribe 205".
_ASKING = _words(
    "can could would will you u i i'd we want like to need let us me just now ok okay so and also "
    "then must should may give get bot"
)
# Words without which a sentence means the same; none of them is a word of the grammar.
_ARTICLES = _words("a an the")
_DISPENSABLE = _words(
    "a an are i is it job jobs just kindly me my now our pls plz please that the this us you your"
)
_CLOSING = _THANKS | _REQUESTS | _words("you u a lot so very much again all guys bot")


def is_thanks(word: Word) -> bool:
    """True for thanks and praise."""
    return _plain(word) in _THANKS | _PRAISE


def says_thanks(words: Sequence[Word]) -> bool:
    """True for thanks alone: praise wants no answer."""
    return any(_plain(word) in _THANKS for word in words)


def is_nod(words: Sequence[Word]) -> bool:
    """True if words only say that somebody has understood, or shall know, too."""
    plain = [_plain(word) for word in words if not (is_greeting(word) or is_thanks(word))]
    return bool(_NODS.intersection(plain)) and set(plain) <= _NODS | _WITH_A_NOD


def is_article(word: Word) -> bool:
    """True for a word that only leads to the next one."""
    return _plain(word) in _ARTICLES


def is_greeting(word: Word) -> bool:
    """True for a hello, a please, and the name by which we are called."""
    return _plain(word) in _GREETINGS | _REQUESTS or word.typed.startswith("@")


def is_asking(word: Word) -> bool:
    """True for a word that may stand before a sentence that is meant to be done."""
    return _plain(word) in _ASKING | _THANKS or is_greeting(word)


def is_beside_the_point(word: Word) -> bool:
    """True for a word that neither names a job nor asks for something."""
    return is_thanks(word) or is_greeting(word) or _plain(word) in _FILLERS | _NODS


def is_dispensable(word: Word) -> bool:
    """True for a word without which a sentence means the same."""
    return _plain(word) in _DISPENSABLE


def without_closing(words: Sequence[Word]) -> list[Word]:
    """Words without the thanks and the please at their end."""
    end = len(words)
    while end and _plain(words[end - 1]) in _CLOSING:
        end -= 1
    polite = (at for at in range(end, len(words)) if _plain(words[at]) in _THANKS | _REQUESTS)
    return list(words[: next(polite, len(words))])


def _plain(word: Word) -> str:
    return "" if word.quoted else bare(word.text.replace("’", "'")).lower()
