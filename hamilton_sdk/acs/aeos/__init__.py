"""Nedap AEOS: its SOAP web service, in both of its generations and both strategies."""

from hamilton_sdk.acs.aeos.adapter import Aeos

__all__ = ["Aeos"]
