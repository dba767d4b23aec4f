"""Physical access control: holders, credentials, access profiles and validity windows."""

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
    "AccessControlAdapter",
    "AccessGrant",
    "AccessOrder",
    "AccessProfile",
    "Capabilities",
    "Credential",
    "CredentialType",
    "Drift",
    "Health",
    "Holder",
]
