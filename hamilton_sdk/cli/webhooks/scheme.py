"""How a message is signed: by Standard Webhooks, or by one of the presets that customers' gateways have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

from hamilton_sdk.cli.webhooks.options import FIVE_MINUTES, HeaderNames, Preset
from hamilton_sdk.cli.webhooks.secret import hook_of, tolerance
from hamilton_sdk.errors import Invalid
from hamilton_sdk.webhooks.presets import BodySignature, TimestampedSignature
from hamilton_sdk.webhooks.signing import Webhook

if TYPE_CHECKING:
    from datetime import timedelta

    from hamilton_sdk.webhooks.presets import Encoding

__all__ = ["Hook", "Scheme"]

Hook: TypeAlias = Webhook | TimestampedSignature | BodySignature
"""What signs and verifies."""

_ENCODINGS: Final[dict[Preset, Encoding]] = {Preset.BODY_HEX: "hex", Preset.BODY_BASE64: "base64"}


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a person said about it.

    Attributes:
        preset: None for Standard Webhooks.
        header_name: Of a preset's header.
        signature_prefix: What stands before a preset's signature.
        headers_begin: What the headers of Standard Webhooks begin with.
        is_text: Whether the key is the secret's text itself, as it always is for a preset.
    """

    preset: Preset | None = None
    header_name: str | None = None
    signature_prefix: str | None = None
    headers_begin: HeaderNames = HeaderNames.WEBHOOK
    is_text: bool = False

    def check(self, *, id: str | None = None, timed: dict[str, object] | None = None) -> None:  # noqa: A002
        """Refuse what does not fit together.

        Args:
            id: Of the message, if one is given.
            timed: Options about times that are given, by name; those that are None are not.

        Raises:
            Invalid: An option is missing, or has no place in this scheme.
        """
        if self.preset is None:
            self._check_standard()
            return
        self._check_preset(self.preset)
        if id is not None:
            _has_no_place("--id", f"--preset {self.preset} signs no id")
        for option, value in (timed or {}).items():
            if value is not None and self.preset in _ENCODINGS:
                _has_no_place(option, f"--preset {self.preset} signs no time")

    def _check_standard(self) -> None:
        given = {"--header-name": self.header_name, "--signature-prefix": self.signature_prefix}
        for option, value in given.items():
            if value is not None:
                message = f"{option} is given without --preset"
                raise Invalid(message, hint=f"say how it is signed: --preset {', '.join(Preset)}")

    def _check_preset(self, preset: Preset) -> None:
        if self.header_name is None:
            message = f"--preset {preset} needs the name of its header"
            hint = "give it as the peer documents it, such as --header-name X-Hub-Signature-256"
            raise Invalid(message, hint=hint)
        if self.headers_begin is not HeaderNames.WEBHOOK:
            _has_no_place("--headers-begin", f"--preset {preset} has one header, which --header-name names")
        if self.signature_prefix is not None and preset not in _ENCODINGS:
            _has_no_place("--signature-prefix", f"--preset {preset} is always written t=...,v1=...")

    def hook(self, secret: str, *, past: int | None = None, future: int | None = None) -> Hook:
        """What signs and verifies.

        Args:
            secret: One, or several, the newest first, as `hook_of` takes them; a preset's on lines of their
                own.
            past: Seconds a message may be old; five minutes if None.
            future: Seconds the sender's clock may be ahead; five minutes if None.

        Raises:
            ConfigurationError: A secret is of a wrong kind, or the header's name or the prefix is none.
            Invalid: Options do not fit together.
        """
        self.check()
        past, future = (FIVE_MINUTES if each is None else each for each in (past, future))
        if self.preset is not None:
            # No other white space parts them: it may belong to a text.
            secrets = secret.replace("\r\n", "\n").split("\n")
            return self._preset_hook(self.preset, secrets, tolerance(past), tolerance(future))
        return hook_of(
            secret, is_text=self.is_text, prefix=self.headers_begin.value, past=past, future=future
        )

    def _preset_hook(self, preset: Preset, secrets: list[str], past: timedelta, future: timedelta) -> Hook:
        header = self.header_name or ""
        encoding = _ENCODINGS.get(preset)
        if encoding is None:
            return TimestampedSignature(secrets, header=header, past_tolerance=past, future_tolerance=future)
        return BodySignature(secrets, header=header, encoding=encoding, prefix=self.signature_prefix or "")


def _has_no_place(option: str, why: str) -> NoReturn:
    message = f"{option} has no place here: {why}"
    raise Invalid(message, hint=f"leave {option} out")
