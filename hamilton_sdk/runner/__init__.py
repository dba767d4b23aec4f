"""Runners: the only modules that block or await. They perform what flows yield."""

from hamilton_sdk.runner.awaiting import AsyncRunner
from hamilton_sdk.runner.blocking import Runner

__all__ = ["AsyncRunner", "Runner"]
