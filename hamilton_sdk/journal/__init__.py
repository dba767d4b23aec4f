"""One structured record for every call outward, bridged to logging and OpenTelemetry."""
