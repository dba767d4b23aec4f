"""The site's own lists (templates, identifier types, reasons, units, free fields) and picking from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from hamilton_sdk.acs.aeos import messages
from hamilton_sdk.acs.aeos.site import refusal
from hamilton_sdk.acs.aeos.wire import both
from hamilton_sdk.acs.checks import nearest
from hamilton_sdk.acs.models import AccessProfile, CredentialType
from hamilton_sdk.errors import ConnectorError, Interrupted, Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Literal

    from hamilton_sdk.acs.aeos.records import BlockReason, IdentifierType, Template
    from hamilton_sdk.acs.aeos.site import Site
    from hamilton_sdk.acs.models import Credential
    from hamilton_sdk.flow import Flow

__all__ = ["Lists", "pick", "read_lists"]


class _Listed(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=_Listed)

_ENCODINGS: Final[Mapping[str, Literal["decimal", "hexadecimal", "bcd", "text"]]] = {
    "Number": "decimal",
    "Hexadecimal": "hexadecimal",
    "BCD": "bcd",
}


def pick(wanted: str, items: Iterable[T], what: str) -> T:
    """The one item of a name or id.

    Args:
        wanted: Its name, or its id as text.
        items: All there are.
        what: What they are called in an error.

    Raises:
        Invalid: None has it, with the nearest names; or several do, and only an id would tell them apart.
    """
    known = list(items)
    found = [each for each in known if _is_called(wanted, each)]
    if not found:
        message = f"unknown {what} {wanted!r}"
        raise refusal(Invalid, message, nearest(wanted, [each.name for each in known]))
    if len(found) > 1:
        ids = ", ".join(str(each.id) for each in found)
        message = f"several of {what} {wanted!r}"
        raise refusal(Invalid, message, f"give the id of the right one instead: {ids}; or rename one in AEOS")
    return found[0]


def _is_called(wanted: str, item: _Listed) -> bool:
    return wanted in (item.name, str(item.id))


@dataclass(frozen=True, slots=True)
class Lists:
    """What names stand for.

    Attributes:
        templates: Those that may be ordered.
        types: All identifier types.
    """

    templates: Sequence[Template]
    types: Sequence[IdentifierType]

    def template_name(self, template_id: int) -> str:
        """The name of a template; its id where it is not one that may be ordered."""
        return next((each.name for each in self.templates if each.id == template_id), str(template_id))

    def unknown_templates(self, names: Iterable[str]) -> list[str]:
        """Those of some names that no template has which may be ordered."""
        return [name for name in names if not any(_is_called(name, each) for each in self.templates)]

    def ordered_templates(self, names: Iterable[str]) -> list[Template]:
        """The templates that an order names, each once, by id."""
        found = {each.id: each for each in (pick(name, self.templates, "access profile") for name in names)}
        return [found[key] for key in sorted(found)]

    def type_of(self, credential: Credential, configured: str | None) -> IdentifierType:
        """The identifier type of a credential: its own, the configured one, or the only one there is.

        Raises:
            Invalid: It is unknown, or nothing says which it is.
        """
        wanted = credential.type or configured
        if wanted is not None:
            return pick(wanted, self.types, "credential type")
        if len(self.types) == 1:
            return self.types[0]
        names = ", ".join(repr(each.name) for each in self.types)
        message = "nothing says which credential type to use"
        raise refusal(
            Invalid, message, f"set identifier_type, or Credential.type, to one of {names or 'none'}"
        )


def credential_type(kind: IdentifierType) -> CredentialType:
    """An identifier type as a credential type."""
    return CredentialType(
        id=str(kind.id),
        name=kind.name,
        encoding=_ENCODINGS.get(kind.encoding or "", "text"),
        minimum=kind.minimum,
        maximum=kind.maximum,
    )


def profiles(site: Site) -> Flow[tuple[AccessProfile, ...]]:
    """See `AccessControlAdapter.profiles`."""
    templates = yield from read_templates(site)
    return tuple(
        AccessProfile(
            id=str(each.id),
            name=each.name,
            description=each.description,
            revocation="deferred" if each.offline else "immediate",
        )
        for each in sorted(templates, key=lambda each: (each.name, each.id))
    )


def credential_types(site: Site) -> Flow[tuple[CredentialType, ...]]:
    """See `AccessControlAdapter.credential_types`."""
    types = yield from read_types(site)
    return tuple(credential_type(each) for each in sorted(types, key=lambda each: (each.name, each.id)))


def read_lists(site: Site) -> Flow[Lists]:
    """Read templates and identifier types."""
    templates, types = yield from both(read_templates(site), read_types(site))
    return Lists(templates, types)


def read_templates(site: Site) -> Flow[list[Template]]:
    """Read the templates of online doors, and of offline ones where they may be ordered."""
    online = yield from _templates(site, "OnLine")
    if not site.settings.offline_profiles:
        return online
    return online + (yield from _templates(site, "OffLine"))


def _templates(site: Site, kind: str) -> Flow[list[Template]]:
    return site.wire.every(lambda offset, size: messages.find_templates(kind, offset, size))


def refuse_offline(site: Site, name: str) -> Flow[None]:
    """Explain an access profile that is unknown because only offline doors have it, and those are left out.

    Raises:
        Invalid: It is one.
    """
    try:
        offline = yield from _templates(site, "OffLine")
    except Interrupted:
        raise
    except ConnectorError:
        return  # that it is unknown is true in any case
    if any(_is_called(name, each) for each in offline):
        message = f"unknown access profile {name!r}: it is one of offline doors, which are left out here"
        way_out = "make the adapter with offline_profiles=True"
        if site.settings.strategy == "visit":
            way_out += " and strategy='profile'"
        raise refusal(Invalid, message, f"{way_out}; such doors hear of an end only later")


def read_types(site: Site) -> Flow[list[IdentifierType]]:
    """Read the identifier types."""
    return site.wire.call(messages.find_identifier_types())


def read_unit(site: Site) -> Flow[int | None]:
    """The id of the configured unit.

    Raises:
        Invalid: There is no such unit.
    """
    if site.settings.unit is None:
        return None
    units = yield from site.wire.call(messages.find_units())
    return pick(site.settings.unit, units, "unit").id


def read_free_field(site: Site) -> Flow[int | None]:
    """The id of the configured free field.

    Raises:
        Invalid: There is no such field; the account's role may lack it.
    """
    if site.settings.free_field is None:
        return None
    fields = yield from site.wire.call(messages.find_free_fields())
    return pick(site.settings.free_field, fields, "free field").id


def carrier_reason(site: Site, name: str | None) -> Flow[int]:
    """The id of a reason for blocking a carrier: the one named, the configured one, or the first.

    Raises:
        Invalid: There is no such reason, or none at all.
    """
    reasons = yield from site.wire.call(messages.find_block_reasons())
    suitable = [each for each in reasons if each.for_carriers]
    wanted = name or site.settings.block_reason
    if wanted is not None:
        return pick(wanted, suitable, "reason for blocking a carrier").id
    return _first(suitable, "reason for blocking a carrier")


def withdrawal_reason(site: Site, name: str | None) -> Flow[int | None]:
    """The id of a reason for withdrawing an identifier for good: the one named, else the first.

    A wrong name must not keep access alive, hence it is no error here. None where the site has no such
    reason.
    """
    reasons = yield from site.wire.call(messages.find_block_reasons())
    suitable: list[BlockReason] = [each for each in reasons if each.for_withdrawal]
    named = [each for each in suitable if name is not None and _is_called(name, each)]
    return next((each.id for each in named + suitable), None)


def _first(items: Sequence[BlockReason], what: str) -> int:
    if not items:
        message = f"the site has no {what}"
        raise refusal(Invalid, message, "create one in AEOS and let the account see it")
    return items[0].id
