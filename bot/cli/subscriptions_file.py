"""Read the YAML file of subscriptions and rules; every scalar becomes text."""

from pathlib import Path
from typing import Any

import yaml

from bot.config.pipes import SilentPipe, read_file
from bot.core.file_shapes import BadFile, Mistake
from bot.core.foreign_words import quoted, system_words
from bot.core.text import say

# This is many times the size of ten thousand subscriptions.
_LARGEST = 4 * 1024 * 1024
# A subscription is nested five deep. The reader's time grows with the square of the depth.
_DEEPEST = 20


class _Loader(yaml.BaseLoader):
    """A YAML loader that returns each scalar as text, and refuses aliases and repeated keys."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        is_alias = self.check_event(yaml.AliasEvent)
        if is_alias or self._depth == _DEEPEST:
            problem = "aliases are not read" if is_alias else "lists and keys are nested too deep"
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, problem, event.start_mark)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key is a word", key.start_mark
                )
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} stands here twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> object:
    """Return the content of the file. Raises BadFile, also if the file cannot be read."""
    try:
        content = read_file(path, at_most=_LARGEST + 1)
    except SilentPipe as error:
        words = say("This is a pipe into which nobody writes.")
        raise BadFile([Mistake(str(path), words)]) from error
    except OSError as error:
        words = say("The file cannot be read: {reason}.", reason=system_words(error))
        raise BadFile([Mistake(str(path), words)]) from error
    if len(content) > _LARGEST:
        raise BadFile([Mistake(str(path), say("The file is larger than 4 MiB."))])
    try:
        # The C loader would not call our checks while it builds nodes.
        return yaml.load(content.decode("utf-8-sig"), _Loader)  # noqa: S506 - it makes text only
    except UnicodeDecodeError as error:
        words = say("The file is not UTF-8.")
        raise BadFile([Mistake(str(path), words)]) from error
    except yaml.MarkedYAMLError as error:
        raise BadFile([_mistake(path, error)]) from error
    except yaml.YAMLError as error:
        words = say("This is not YAML: {reason}.", reason=quoted(error))
        raise BadFile([Mistake(str(path), words)]) from error


def _mistake(path: Path, error: yaml.MarkedYAMLError) -> Mistake:
    mark = error.problem_mark
    where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
    reason = quoted(error.problem or error.context or "")
    is_tab = "'\\t'" in reason
    hint = say("YAML takes no tabs: indent with spaces.") if is_tab else ""
    return Mistake(where, say("This is not YAML: {reason}.", reason=reason), hint)
