"""Physical access control: holders, credentials, access profiles and validity windows.

Example:
    >>> with AccessControl(FakeAccessControl(profiles=["Visitors"])) as acs:
    ...     [profile.name for profile in acs.profiles()]
    ['Visitors']
"""

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
