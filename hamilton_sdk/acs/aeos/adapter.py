"""The adapter for Nedap AEOS: what it is made with, and one line per method over the flows beside it.

The flows load on first use: with their thirty records they cost half as much as all the rest of the family.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self

from pydantic import SecretStr

from hamilton_sdk.acs.aeos import settings
from hamilton_sdk.acs.aeos.settings import PAGE_CAP, Settings, Strategy
from hamilton_sdk.acs.interface import AccessControlAdapter, Capabilities

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hamilton_sdk.acs.aeos.site import Site
    from hamilton_sdk.acs.models import (
        AccessGrant,
        AccessOrder,
        AccessProfile,
        Credential,
        CredentialType,
        Drift,
        Health,
    )
    from hamilton_sdk.flow import Flow, Page
    from hamilton_sdk.model import TimeWindow

__all__ = ["Aeos"]

_LARGEST_ANSWER: Final = 64 * 2**20
_RESOLUTION: Final = timedelta(seconds=1)


class Aeos(AccessControlAdapter):
    """Nedap AEOS by its SOAP web service. Immutable and shareable.

    A holder is a visitor whose PersonnelNo is `reference_prefix` and the reference; nobody else is ever
    changed. A grant is a visit with its rights (`strategy` ``"visit"``), or rights in the visitor's own
    profile (``"profile"``). A credential is an identifier; it has no dates of its own in AEOS, hence rights
    always get an end, and the visitor's arrival and leave dates are set as a further lock. Of a person, last
    and first name, company and language are sent, and nothing else unless asked for.

    Preparing the server: the web service must be installed and licensed, and the account's role needs
    *Administration > Integrations > AEOS WebService > External calls* and the *Search* function of visitors
    and employees. Give each application a system user of its own.

    Args:
        url: The web service, ``https://<server>:8443/aeosws``; ``http`` is accepted for this machine alone.
        username: The system user.
        password: That user's password.
        timezone: The server's time zone, such as ``"Europe/Paris"``: AEOS speaks local time without saying
            which.
        strategy: ``"visit"`` where visit management is licensed, else ``"profile"``.
        identifier_type: Name or id of the identifier type of credentials that do not name one; a mapping
            gives one per kind, such as ``{"badge": "Badge 8 digits", "qr": "QR code"}``, and also tells which
            kind an identifier is that is read back (otherwise a type whose name says "QR", "UID" or "mobile"
            is of that kind, and any other is a badge).
        unit: Name or id of the unit that visitors and identifiers belong to.
        default_host: Personnel number of the host of visits whose order names none.
        reference_prefix: The mark: what the PersonnelNo of each of our visitors begins with, and nobody
            else's.
        free_field: Name or id of a free field that gets the same text, where the site has one for it.
        one_shot_kinds: Kinds whose numbers are blocked for good when they are taken away, so that they never
            come back to life. Others can be given again.
        block_reason: Name or id of the reason for suspending; the site's first one if None.
        exempt_from_verification: Whether holders pass doors that ask for a PIN or a finger besides the badge.
        offline_profiles: Whether templates of offline doors may be ordered, which hear of an end only later;
            with `strategy` ``"profile"``.
        send_email: Whether e-mail addresses are sent.
        send_phone: Whether telephone numbers are sent.
        page_size: Records asked for at once, 1 to 1000.
        largest_answer: Bytes of an answer before it is refused.

    Raises:
        ConfigurationError: A setting is wrong.

    Example:
        >>> url = "https://aeos.example.org:8443/aeosws"
        >>> Aeos(url, username="hv", password="...", timezone="Europe/Paris")
        Aeos('https://aeos.example.org:8443/aeosws', username='hv', timezone='Europe/Paris', strategy='visit')
    """

    __slots__ = ("_site",)

    def __init__(
        self,
        url: str,
        *,
        # Who we are
        username: str,
        password: str | SecretStr,
        # The server
        timezone: str,
        strategy: Strategy = "visit",
        identifier_type: str | Mapping[str, str] | None = None,
        unit: str | None = None,
        default_host: str | None = None,
        # Our mark
        reference_prefix: str = "HV-",
        free_field: str | None = None,
        # What happens to people and badges
        one_shot_kinds: Iterable[str] = frozenset({"qr"}),
        block_reason: str | None = None,
        exempt_from_verification: bool = False,
        offline_profiles: bool = False,
        send_email: bool = False,
        send_phone: bool = False,
        # Limits
        page_size: int = PAGE_CAP,
        largest_answer: int = _LARGEST_ANSWER,
    ) -> None:
        from hamilton_sdk.acs.aeos.localtime import LocalTime
        from hamilton_sdk.acs.aeos.site import Site
        from hamilton_sdk.acs.aeos.wire import Wire, basic

        single = None if isinstance(identifier_type, Mapping) else identifier_type
        by_kind: Mapping[str, str] = identifier_type if isinstance(identifier_type, Mapping) else {}
        secret = password if isinstance(password, SecretStr) else SecretStr(password)
        checked = Settings(
            url=url,
            username=username,
            password=secret,
            zone=settings.zone(timezone),
            strategy=strategy,
            identifier_type=single,
            types_by_kind=settings.types_by_kind(by_kind),
            unit=unit,
            default_host=default_host,
            reference_prefix=reference_prefix,
            free_field=free_field,
            one_shot_kinds=settings.kinds(one_shot_kinds),
            block_reason=block_reason,
            exempt_from_verification=exempt_from_verification,
            offline_profiles=offline_profiles,
            send_email=send_email,
            send_phone=send_phone,
            page_size=page_size,
            largest_answer=largest_answer,
        )
        wire = Wire(url, basic(username, secret.get_secret_value()), largest_answer, page_size)
        object.__setattr__(self, "_site", Site(checked, LocalTime(checked.zone), wire))

    _site: Site

    @classmethod
    def from_env(cls, prefix: str = "HAMILTON_AEOS_") -> Self:
        """Make one from environment variables: the prefix and each parameter's name in upper case.

        ``HAMILTON_AEOS_URL``, ``_USERNAME``, ``_PASSWORD`` and ``_TIMEZONE`` are needed. Truths are ``true``
        or ``false``, kinds are separated by commas, and an identifier type per kind is ``badge=Badge,qr=QR
        code``. An empty variable is one that is not set.

        Args:
            prefix: Before each name. A variable that begins with it and is no parameter is refused: it may be
                misspelt.

        Raises:
            ConfigurationError: A variable is missing, wrong or unknown.
        """
        # Each value was read for the parameter of its name.
        arguments: dict[str, Any] = settings.from_environment(os.environ, prefix)
        return cls(**arguments)

    def __setattr__(self, name: str, value: object) -> None:
        message = f"Aeos is immutable: {name} cannot be set"
        raise AttributeError(message)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        message = (
            "an Aeos holds a password and is not pickled: make it anew in the process that needs it, with "
            "Aeos.from_env() or from its settings"
        )
        raise TypeError(message)

    def __repr__(self) -> str:
        known = self._site.settings
        return (
            f"Aeos({known.url!r}, username={known.username!r}, timezone={known.zone.key!r}, "
            f"strategy={known.strategy!r})"
        )

    @property
    def name(self) -> str:
        """``"acs.aeos"``."""
        return "acs.aeos"

    @property
    def capabilities(self) -> Capabilities:
        """What AEOS can do with these settings."""
        known = self._site.settings
        visits = known.strategy == "visit"
        return Capabilities(
            window_lives_in="visit" if visits else "grant",
            native_visits=visits,
            needs_host=visits and known.default_host is None,
            immediate_revocation=not known.offline_profiles,
            resolution=_RESOLUTION,
            exact_search=False,
            page_cap=PAGE_CAP,
        )

    def check(self) -> Flow[Health]:
        """See `AccessControlAdapter.check`."""
        from hamilton_sdk.acs.aeos import reading

        return reading.check(self._site)

    def profiles(self) -> Flow[tuple[AccessProfile, ...]]:
        """See `AccessControlAdapter.profiles`."""
        from hamilton_sdk.acs.aeos import lists

        return lists.profiles(self._site)

    def credential_types(self) -> Flow[tuple[CredentialType, ...]]:
        """See `AccessControlAdapter.credential_types`."""
        from hamilton_sdk.acs.aeos import lists

        return lists.credential_types(self._site)

    def reserve(self, order: AccessOrder) -> Flow[AccessGrant]:
        """See `AccessControlAdapter.reserve`."""
        from hamilton_sdk.acs.aeos import admissions

        return admissions.reserve(self._site, order)

    def activate(self, order: AccessOrder) -> Flow[AccessGrant]:
        """See `AccessControlAdapter.activate`."""
        from hamilton_sdk.acs.aeos import admissions

        return admissions.activate(self._site, order)

    def extend(self, reference: str, window: TimeWindow) -> Flow[AccessGrant]:
        """See `AccessControlAdapter.extend`."""
        from hamilton_sdk.acs.aeos import changes

        return changes.extend(self._site, reference, window)

    def suspend(self, reference: str, reason: str | None = None) -> Flow[AccessGrant]:
        """See `AccessControlAdapter.suspend`."""
        from hamilton_sdk.acs.aeos import changes

        return changes.suspend(self._site, reference, reason)

    def resume(self, reference: str) -> Flow[AccessGrant]:
        """See `AccessControlAdapter.resume`."""
        from hamilton_sdk.acs.aeos import changes

        return changes.resume(self._site, reference)

    def revoke(self, reference: str, reason: str | None = None) -> Flow[AccessGrant]:
        """See `AccessControlAdapter.revoke`."""
        from hamilton_sdk.acs.aeos import endings

        return endings.revoke(self._site, reference, reason)

    def find(self, reference: str) -> Flow[AccessGrant | None]:
        """See `AccessControlAdapter.find`."""
        from hamilton_sdk.acs.aeos import reading

        return reading.find(self._site, reference)

    def find_by_credential(self, credential: Credential) -> Flow[AccessGrant | None]:
        """See `AccessControlAdapter.find_by_credential`."""
        from hamilton_sdk.acs.aeos import reading

        return reading.find_by_credential(self._site, credential)

    def grants_page(self, token: str | None = None) -> Flow[Page[AccessGrant]]:
        """See `AccessControlAdapter.grants_page`."""
        from hamilton_sdk.acs.aeos import reading

        return reading.grants_page(self._site, token)

    def reconcile(self, expected: Sequence[AccessOrder]) -> Flow[tuple[Drift, ...]]:
        """See `AccessControlAdapter.reconcile`."""
        from hamilton_sdk.acs.aeos import reading

        return reading.reconcile(self._site, expected, _RESOLUTION)

    def purge(self, ended_before: datetime) -> Flow[tuple[str, ...]]:
        """See `AccessControlAdapter.purge`."""
        from hamilton_sdk.acs.aeos import endings

        return endings.purge(self._site, ended_before)
