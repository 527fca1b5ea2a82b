"""Find variables that look like our settings and are none: most are typing mistakes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

from bot.config.env_lines import unusable
from bot.config.fields import is_secret, names_of
from bot.config.settings import Settings
from bot.core.text import Text, say

_PREFIXES = ("VISJOB_", "SLACK_", "MODELARTS_")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,80}")
# Kubernetes sets such variables in a container for each Service in its namespace, for example one
# called visjob.
_OF_A_SERVICE = re.compile(r"\w+_(SERVICE_(HOST|PORT(_\w+)?)|PORT_\d+_(TCP|UDP)(_\w+)?)")
_ADDRESS_OF_A_SERVICE = re.compile(r"(tcp|udp)://")
_AS_SIMILAR = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownSetting:
    """A variable that matches no setting, and the setting that was probably meant."""

    name: str
    #: Empty if no setting has a similar name.
    meant: str
    #: False if its value is empty.
    is_set: bool

    @property
    def found(self) -> Text:
        """The problem, as a sentence without its full stop."""
        if not self.meant:
            return say("{name} is none of my settings", name=self.name)
        return say(
            "{name} is none of my settings: did you mean {meant}?",
            name=self.name,
            meant=self.meant,
        )

    @property
    def cure(self) -> Text:
        """The cure, as a sentence without its full stop."""
        if not self.meant:
            return say(
                "see docs/settings.md for their names, or leave it if another program reads it"
            )
        return say(
            "rename it to {meant}, or leave it if another program reads it", meant=self.meant
        )


def unknown_settings() -> tuple[UnknownSetting, ...]:
    """Return the unknown variables of the environment and the `.env` file, without their values."""
    return tuple(
        UnknownSetting(name=name, meant=_nearest(name), is_set=bool(value))
        for name, value in sorted(_given().items())
        if _is_unknown(name, value)
    )


def slips() -> Mapping[str, str]:
    """Return for each setting the misspelled variable that was probably meant."""
    return {one.meant: one.name for one in unknown_settings() if one.meant and one.is_set}


def _given() -> dict[str, str]:
    found: Mapping[str, str | None] = {}
    if unusable() is None:  # a problem is reported elsewhere
        found = DotEnvSettingsSource(Settings).env_vars
    environment = EnvSettingsSource(Settings).env_vars
    return {name: (value or "").strip() for name, value in {**found, **environment}.items()}


def _is_unknown(name: str, value: str) -> bool:
    if name in _KNOWN or not _plain(name).startswith(_PREFIXES) or not _NAME.fullmatch(name):
        return False
    is_address = name.endswith("_PORT") and _ADDRESS_OF_A_SERVICE.match(value)
    return not (is_address or _OF_A_SERVICE.fullmatch(name))


def _nearest(name: str) -> str:
    plain = _plain(name)
    if plain in _KNOWN:
        return plain
    rest = _rest(plain)
    if rest in _KNOWN:
        return rest
    words = sorted(plain.split("_"))
    like = [one for one in _KNOWN if one.startswith(f"{plain}_") or sorted(one.split("_")) == words]
    if len(like) == 1:
        return like[0]
    near = get_close_matches(rest, {_rest(known) for known in _KNOWN}, n=1, cutoff=_AS_SIMILAR)
    of_that = [known for known in _KNOWN if near and _rest(known) == near[0]]
    of_its_kind = [known for known in of_that if known.startswith(plain.partition("_")[0])]
    return next(iter([*of_its_kind, *of_that]), "")


def _plain(name: str) -> str:
    return name.upper().replace("-", "_").replace(".", "_")


def _rest(name: str) -> str:
    return next((name.removeprefix(one) for one in _PREFIXES if name.startswith(one)), name)


def _names() -> Iterator[str]:
    for field in Settings.model_fields.values():
        if field.description:
            for name in names_of(field):
                yield name
                if is_secret(field):
                    yield f"{name}_FILE"


_KNOWN = tuple(_names())
