"""Quotes words of a driver, a system, a cloud or Slack at the end of one of our sentences."""

_LONGEST = 300
_ENDS = " .?!;:,…。？！；"


def quoted(words: object) -> str:
    """Return the words on one line, shortened, without a final full stop, because our sentence
    has one."""
    return " ".join(str(words).split())[:_LONGEST].rstrip(_ENDS)


def system_words(error: OSError) -> str:
    """Return the words of an OSError in the same way."""
    return quoted(error.strerror or error)


def foreign_sentence(words: str, code: str) -> str:
    """Return the other side's words, with its code, as a sentence; empty if it sent none."""
    said = quoted(words)
    both = f"{said} ({code})" if said and code else said or code
    return f"{both}." if both else ""
