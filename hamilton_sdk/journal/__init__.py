"""One structured record for every attempt at a call outward, bridged to logging and OpenTelemetry.

Records go to ``logging.getLogger("hamilton_sdk.acs")`` and its kin, by family, which stay silent until the
application sets logging up. A record never holds a body, a header, a credential number or a person's data;
see `Record`.
"""

from hamilton_sdk.journal.correlation import correlation, current_correlation
from hamilton_sdk.journal.record import Journal, Record

__all__ = ["Journal", "Record", "correlation", "current_correlation"]
