"""Physical access control: holders, credentials, access profiles and validity windows.

Names load on first use (PEP 562): who only converts credential numbers does not load pydantic.

Example:
    >>> with AccessControl(FakeAccessControl(profiles=["Visitors"])) as acs:
    ...     [profile.name for profile in acs.profiles()]
    ['Visitors']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk._lazy import lazy

if TYPE_CHECKING:
    from hamilton_sdk.acs.aeos import Aeos
    from hamilton_sdk.acs.connector import AccessControl, AsyncAccessControl
    from hamilton_sdk.acs.fake import FakeAccessControl
    from hamilton_sdk.acs.interface import AccessControlAdapter, Capabilities
    from hamilton_sdk.acs.models import (
        AccessGrant,
        AccessOrder,
        AccessProfile,
        Credential,
        CredentialType,
        Drift,
        Health,
        Holder,
    )

__all__ = [
    "AccessControl",
    "AccessControlAdapter",
    "AccessGrant",
    "AccessOrder",
    "AccessProfile",
    "Aeos",
    "AsyncAccessControl",
    "Capabilities",
    "Credential",
    "CredentialType",
    "Drift",
    "FakeAccessControl",
    "Health",
    "Holder",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "aeos": ("Aeos",),
            "connector": ("AccessControl", "AsyncAccessControl"),
            "fake": ("FakeAccessControl",),
            "interface": ("AccessControlAdapter", "Capabilities"),
            "models": (
                "AccessGrant",
                "AccessOrder",
                "AccessProfile",
                "Credential",
                "CredentialType",
                "Drift",
                "Health",
                "Holder",
            ),
        },
    )
