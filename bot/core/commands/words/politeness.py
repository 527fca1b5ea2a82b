"""Recognize polite words and fillers, which people type around a request."""

from collections.abc import Sequence

from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import word_set

_THANKS = word_set(
    "thanks thank thx thanx ty tysm tyvm cheers danke merci gracias obrigado grazie arigato "
    "ありがとう ありがとうございます 谢谢 谢谢你 多谢 感谢 谢啦 辛苦了"
)
_REQUESTS = word_set("please pls plz plse kindly bitte 请 麻烦")
_PRAISE = word_set(
    "good great nice cool awesome amazing excellent perfect brilliant fantastic wonderful lovely "
    "love well done super sweet neat wow yay congrats kudos best better welcome bye goodbye lol "
    "haha helpful useful works work worked appreciated appreciate 厉害 好的 真棒"
)
_NODS = word_set(
    "ok okay okey kk cc bcc fyi via noted got understood understand sure yes yep yup yeah no "
    "nope np ack roger agreed exactly right sorry oops nevermind nvm forget later wait hm hmm oh "
    "ah ugh wtf damn omg lgtm fixed resolved closed checking checked worry +1 -1 "
    "好 行 嗯 收到 明白 了解 知道了 可以 没问题 "
    "ок да нет"
)
_NEGATIONS = word_set("don't dont not never 不要 别")
# Words that add nothing to a nod: "got it", "ok that".
_WITH_A_NOD = word_set(
    "it it's that this so all to and you u we i from now not never mind on know don't dont idea"
)
_GREETINGS = word_set(
    "hey hi hello hallo hola bonjour salut moin yo dear morning evening afternoon 你好 您好 "
    "こんにちは"
)
_FILLERS = word_set(
    "a an and any anyone are at be been bot by can could did do does doing for from get give "
    "else going had has have how how's i i'd i'm in is it it's job jobs just know let like look "
    "looking "
    "into lot many may me more much my need now of on one our out quick quickly really right "
    "see so some state still tell that that's the their them there these they thing this thread to "
    "someone somebody today tonight overnight visjob yesterday yet lately recently "
    "us very want was we were what what's whats when where which while who will with would you "
    "your you're u ur asap again also about check find show everyone everybody 一下 吗 的 "
    "ist sind war wie wann noch schon der die das ein eine es"
)
# Words that may precede a request. A sentence after any other word is a report, not a request:
# "I had to unsubscribe 205".
_ASKING = word_set(
    "can could would will you u i i'd we want like to need let us me just now ok okay so and also "
    "then must should may give get bot set daily"
)
# Words without which a sentence means the same. Only `me` can also be a target, as in `snooze me`.
_ARTICLES = word_set("a an the")
_DISPENSABLE = word_set(
    "a an are i is it job jobs just kindly me my now our pls plz please that the this thread us "
    "you your immediately asap quickly"
)
_CLOSING = _THANKS | _REQUESTS | word_set("you u a lot so very much again all guys bot")


def is_thanks(word: Word) -> bool:
    """Return whether a word is thanks or praise."""
    return word.plain in _THANKS | _PRAISE


def says_thanks(words: Sequence[Word]) -> bool:
    """Return whether any word is thanks. Praise does not count, because it needs no answer."""
    return any(word.plain in _THANKS for word in words)


def is_thanks_for_something(words: Sequence[Word]) -> bool:
    """Return whether words are thanks for something, as in `thanks for the update`."""
    return len(words) > 1 and words[0].plain in _THANKS and words[1].plain == "for"


def is_nod(words: Sequence[Word]) -> bool:
    """Return whether words only acknowledge something, or inform more people (`cc`, `fyi`)."""
    plain = [word.plain for word in words if not (is_greeting(word) or is_thanks(word))]
    return bool(_NODS.intersection(plain)) and set(plain) <= _NODS | _WITH_A_NOD


def is_negation(word: Word) -> bool:
    """Return whether a word at the beginning turns a request into its opposite."""
    return word.plain in _NEGATIONS


def says_no_need(words: Sequence[Word]) -> bool:
    """Return whether words say that something is not needed: `no need to stop it`."""
    return {"no", "need"} <= {word.plain for word in words}


def is_article(word: Word) -> bool:
    return word.plain in _ARTICLES


def is_greeting(word: Word) -> bool:
    """Return whether a word is a greeting, a `please`, or a mention such as `@visjob`."""
    return word.plain in _GREETINGS | _REQUESTS or word.typed.startswith("@")


def is_asking(word: Word) -> bool:
    """Return whether a word may precede a request."""
    return word.plain in _ASKING | _THANKS or is_greeting(word)


def is_beside_the_point(word: Word) -> bool:
    """Return whether a word is polite or a filler: it neither names a job nor requests anything."""
    return is_thanks(word) or is_greeting(word) or word.plain in _FILLERS | _NODS


def is_dispensable(word: Word) -> bool:
    """Return whether a sentence means the same without this word."""
    return word.plain in _DISPENSABLE


def without_closing(words: Sequence[Word]) -> list[Word]:
    """Return the words without the thanks and the `please` at their end."""
    end = len(words)
    while end and words[end - 1].plain in _CLOSING:
        end -= 1
    polite = (at for at in range(end, len(words)) if words[at].plain in _THANKS | _REQUESTS)
    return list(words[: next(polite, len(words))])
