"""Fits a file that was made for another building to the simulated one. Pure.

A user's own file names access profiles and badge numbers that a simulated site has never heard of. The site's
own stand in for them, and that is told: a real site would refuse them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hamilton_sdk.acs.checks import check_number
from hamilton_sdk.acs.models import Credential
from hamilton_sdk.cli.wording import counted
from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from random import Random

    from hamilton_sdk.acs.models import AccessOrder, CredentialType
    from hamilton_sdk.cli.visits import Visit

__all__ = ["Building", "fit"]


@dataclass(frozen=True, slots=True)
class Building:
    """What the simulated site knows.

    Attributes:
        profiles: Names of access profiles.
        default_profile: Of them, what stands in for an unknown one.
        types: The type of number for each kind of credential.
    """

    profiles: Collection[str]
    default_profile: str
    types: Mapping[str, CredentialType]


def fit(
    visits: Sequence[Visit], building: Building, chance: Random
) -> tuple[tuple[Visit, ...], tuple[str, ...]]:
    """Give every visit profiles that the building has and a credential that its readers take.

    Args:
        visits: From the file.
        building: Where they are played.
        chance: Makes numbers. In earnest these come from a cryptographic source.

    Returns:
        The visits, and what was replaced, in words without anything personal.
    """
    tailor = _Tailor(building, chance, [visit.order.credential for visit in visits])
    fitted = tuple(replace(visit, order=tailor.fit(visit.order)) for visit in visits)
    return fitted, tailor.notes()


class _Tailor:
    def __init__(self, building: Building, chance: Random, taken: Sequence[Credential | None]) -> None:
        self._building = building
        self._chance = chance
        self._taken = {each.number for each in taken if each is not None}
        self._unknown: dict[str, None] = {}
        self._stand_ins: dict[Credential, Credential] = {}
        self._handed_out = 0

    def fit(self, order: AccessOrder) -> AccessOrder:
        profiles = tuple(self._profile(name) for name in order.profiles)
        credential = self._qr() if order.credential is None else self._credential(order.credential)
        return order.model_copy(update={"profiles": profiles, "credential": credential})

    def notes(self) -> tuple[str, ...]:
        default = self._building.default_profile
        found = [
            f"profile {name!r} is unknown to the simulated site; {default!r} stands in"
            for name in self._unknown
        ]
        if self._stand_ins:
            count = counted(len(self._stand_ins), "number was", "numbers were")
            found.append(f"{count} replaced: out of the simulated site's range")
        if self._handed_out:
            count = counted(self._handed_out, "visit has", "visits have")
            found.append(f"{count} no number; the reception prints a QR code")
        return tuple(found)

    def _profile(self, name: str) -> str:
        if name in self._building.profiles:
            return name
        self._unknown[name] = None
        return self._building.default_profile

    def _credential(self, credential: Credential) -> Credential:
        known = self._stand_ins.get(credential)
        if known is not None:
            return known
        try:
            check_number(credential.number, self._building.types[credential.kind])
        except Invalid:
            # The same number is the same badge: it stays one for all its visits.
            made = self._stand_ins[credential] = Credential(credential.kind, self._number())
            return made
        return credential

    def _qr(self) -> Credential:
        self._handed_out += 1
        return Credential("qr", self._number())

    def _number(self) -> str:
        """Eight digits, the first not 0: they fit every type of the site."""
        while (number := str(self._chance.randrange(10_000_000, 100_000_000))) in self._taken:
            pass
        self._taken.add(number)
        return number
