"""What the SDK needs of http-message-signatures, and no more: the only module that imports it.

The package makes and verifies one signature at a time here; which of several counts, how old it may be and
what it must cover is decided in `http_signatures`.
"""

# The package exports its names without saying so, and leaves the type of a message open.
# pyright: reportPrivateImportUsage=false, reportUnknownMemberType=false

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import http_sf
from http_message_signatures import (
    ContentDigest,
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ED25519, HMAC_SHA256

from hamilton_sdk.webhooks._keys import SecretKey, SymmetricKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from http_message_signatures import SigningKey, VerificationKey

    from hamilton_sdk.webhooks._keys import Key

__all__ = [
    "ALGORITHMS",
    "Candidate",
    "Message",
    "Pairs",
    "digest_matches",
    "is_genuine",
    "read",
    "sign",
    "trouble_with",
]

Parameters: TypeAlias = "Mapping[str, object]"

ALGORITHMS = {"v1": HMAC_SHA256.algorithm_id, "v1a": ED25519.algorithm_id}
"""What each kind of key signs with, by its version in Standard Webhooks."""

_SOME_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Headers that may hold a name several times."""

    pairs: tuple[tuple[str, str], ...]

    def items(self) -> Iterable[tuple[str, str]]:
        """Names and values, in their order."""
        return self.pairs


@dataclass(frozen=True, slots=True)
class Message:
    """A request as the package wants it."""

    method: str
    url: str
    headers: Pairs | dict[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One signature of a message, read but not verified.

    Attributes:
        label: What the two headers call it.
        covered: The components it covers, each with its parameters.
        parameters: Of the signature: ``created``, ``keyid`` and so on.
        signature_input: The label's part of the header Signature-Input.
        signature: The label's part of the header Signature.
    """

    label: str
    covered: tuple[tuple[object, Parameters], ...]
    parameters: Parameters
    signature_input: str
    signature: str


def read(signature_input: str, signature: str) -> list[Candidate]:
    """The signatures that two headers state.

    Raises:
        ValueError: The headers are not written by the rules, or do not belong together.
    """
    inputs, signatures = _dictionary(signature_input), _dictionary(signature)
    if inputs.keys() != signatures.keys():
        message = "the headers have different labels"
        raise ValueError(message)
    return [_candidate(label, member, signatures[label]) for label, member in inputs.items()]


def _dictionary(header: str) -> dict[str, tuple[object, Parameters]]:
    def refuse(key: str, context: str) -> None:
        if context == "dictionary":
            message = f"{key} is there twice"
            raise ValueError(message)

    parsed = http_sf.parse(header.encode(), tltype="dictionary", on_duplicate_key=refuse)
    return cast("dict[str, tuple[object, Parameters]]", parsed)


def _candidate(
    label: str, member: tuple[object, Parameters], signature: tuple[object, Parameters]
) -> Candidate:
    covered, parameters = member
    if not isinstance(covered, list) or not isinstance(signature[0], bytes):
        message = "a signature is no bytes, or does not state what it covers"
        raise ValueError(message)  # noqa: TRY004 (of the data, not of an argument)
    return Candidate(
        label,
        tuple(cast("list[tuple[object, Parameters]]", covered)),
        parameters,
        _written(label, member),
        _written(label, signature),
    )


def _written(label: str, member: tuple[object, Parameters]) -> str:
    return http_sf.ser(cast("Any", {label: member}))


def is_genuine(message: Message, candidate: Candidate, key: Key) -> bool:
    """Whether a signature is that of a message with a key, its times left aside."""
    rest = [
        pair for pair in message.headers.items() if pair[0].lower() not in {"signature", "signature-input"}
    ]
    alone = (("signature-input", candidate.signature_input), ("signature", candidate.signature))
    try:
        _Verifier(
            signature_algorithm=_algorithm(key),
            key_resolver=MappingKeyResolver(
                public_keys={str(candidate.parameters["keyid"]): _verifying(key)}, private_keys={}
            ),
        ).verify(Message(message.method, message.url, Pairs((*rest, *alone))), max_age=None)
    except HTTPMessageSignaturesException:
        return False
    return True


class _Verifier(HTTPMessageVerifier):
    """The times are judged elsewhere, by a clock of ours."""

    def validate_created_and_expires(self, sig_input: object, max_age: object = None) -> None:
        """Let every time pass."""


def digest_matches(header: str, body: bytes) -> bool:
    """Whether each digest in Content-Digest (RFC 9530) is that of the body, and there is one."""
    try:
        ContentDigest.verify(header, body)
    except HTTPMessageSignaturesException:
        return False
    return True


def sign(
    message: Message,
    keys: Mapping[str, SymmetricKey | SecretKey],
    components: Sequence[str],
    body: bytes,
    at: datetime,
) -> None:
    """Add the headers of a signature of each key to a message.

    Raises:
        HTTPMessageSignaturesException: A component is not in the message.
    """
    for number, (key_id, key) in enumerate(keys.items(), start=1):
        signer = HTTPMessageSigner(
            signature_algorithm=_algorithm(key),
            key_resolver=MappingKeyResolver(public_keys={}, private_keys={key_id: _signing(key)}),
        )
        signer.sign(
            message,
            key_id=key_id,
            created=at,
            label=f"sig{number}",
            covered_component_ids=(*components, "content-digest"),
            append_if_signature_exists=True,
            body=body,
            use_existing_digest=True,
        )


def trouble_with(method: str, url: str, derived: Sequence[str]) -> str | None:
    """What keeps derived components from being signed of a request; None if nothing does."""
    signer = HTTPMessageSigner(signature_algorithm=HMAC_SHA256)
    try:
        signer.prepare(Message(method, url, {}), key_id="", created=_SOME_TIME, covered_component_ids=derived)
    except (HTTPMessageSignaturesException, ValueError) as error:
        return str(error)
    except TypeError:  # as the package says it where it misses a parameter
        return "a component needs a parameter, and takes none here"
    return None


def _algorithm(key: Key) -> type[HMAC_SHA256 | ED25519]:
    return HMAC_SHA256 if isinstance(key, SymmetricKey) else ED25519


def _verifying(key: Key) -> VerificationKey:
    return key.material if isinstance(key, SymmetricKey) else key.public


def _signing(key: SymmetricKey | SecretKey) -> SigningKey:
    return key.private if isinstance(key, SecretKey) else key.material
