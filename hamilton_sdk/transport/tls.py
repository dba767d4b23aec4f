"""The TLS policy: 1.2 is the floor, verification is always on, and files are checked before any call."""

from __future__ import annotations

import ssl
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr

    from hamilton_sdk.transport.base import Http

__all__ = ["check_files", "client_context", "proxy_context"]

_PEM_ENDINGS: Final = (".pem", ".crt", ".cer")
_DER_SEQUENCE: Final = b"\x30"  # X.690: how every certificate and PKCS #12 file in binary form begins


def client_context(http: Http, public: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """The context of connections to peers.

    Args:
        http: The settings.
        public: Makes a context that trusts the usual public authorities.

    Raises:
        ConfigurationError: A file of the settings cannot be used; it is named, with what is wrong.
    """
    if http.client_certificate is None:
        return proxy_context(http, public)
    context = public() if http.ca is None else _private(Path(http.ca))
    _load_client_certificate(context, *http.client_certificate, http.client_key_password)
    return _with_floor(context)


def proxy_context(http: Http, public: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """The same for connections to a proxy, which gets no client certificate."""
    return _shared(public) if http.ca is None else _with_floor(_private(Path(http.ca)))


@cache
def _shared(public: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """One for all, where nothing of the site's own is added: reading all public authorities takes 40 ms."""
    return _with_floor(public())


def _with_floor(context: ssl.SSLContext) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def check_files(http: Http) -> None:
    """Read the files that the settings name.

    Raises:
        ConfigurationError: One of them cannot be used; it is named, with what is wrong.
    """
    client_context(http, _bare_context)


def _bare_context() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _private(place: Path) -> ssl.SSLContext:
    """A context that trusts the authorities of a file, or of a folder's files, and no other."""
    context = _bare_context()
    # What a site trusts need not be a root: an intermediate or the server's own certificate will do.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    files = [place]
    if place.is_dir():
        files = sorted(path for path in place.iterdir() if path.suffix.lower() in _PEM_ENDINGS)
        if not files:
            message = f"Http.ca: the folder {place} holds no certificate"
            raise ConfigurationError(message, hint="put PEM files there, ending in .pem, .crt or .cer")
    for file in files:
        _check_pem(file, "Http.ca", "CERTIFICATE")
        try:
            context.load_verify_locations(cafile=file)
        except ssl.SSLError as error:
            message = f"Http.ca: a certificate in {file} is damaged"
            hint = f"look at it with: openssl x509 -noout -text -in {file.name}"
            raise ConfigurationError(message, hint=hint) from error
    return context


def _load_client_certificate(
    context: ssl.SSLContext,
    certificate_file: Path | str,
    key_file: Path | str,
    given_password: SecretStr | str | None,
) -> None:
    certificate, key = Path(certificate_file), Path(key_file)
    _check_pem(certificate, "Http.client_certificate", "CERTIFICATE")
    _check_pem(key, "Http.client_certificate", "PRIVATE KEY")
    password = _Password(given_password)
    try:
        context.load_cert_chain(certificate, key, password=password)
    except ssl.SSLError as error:
        raise _unusable(certificate, key, password, error) from error


class _Password:
    """Gives OpenSSL the password of the key; without it OpenSSL would stop and ask on the terminal."""

    def __init__(self, given: SecretStr | str | None) -> None:
        self._text = given if given is None or isinstance(given, str) else given.get_secret_value()
        self.given = given is not None
        self.asked = False

    def __call__(self) -> str:
        self.asked = True
        return self._text or ""


def _check_pem(file: Path, setting: str, label: str) -> None:
    try:
        content = file.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = f"{setting}: {file} cannot be read: {reason.lower()}"
        raise ConfigurationError(
            message, hint="check the path, and that this process's user may read it"
        ) from error
    if f"{label}-----".encode() in content:
        return
    if content.startswith(_DER_SEQUENCE):
        hint = (
            f"it is in binary form: openssl x509 -inform der -in {file.name}, or openssl pkcs12, converts it"
        )
    else:
        hint = f"a PEM file has a line -----BEGIN {label}-----"
    message = f"{setting}: {file} holds no {label.lower()} in PEM"
    raise ConfigurationError(message, hint=hint)


def _unusable(certificate: Path, key: Path, password: _Password, error: ssl.SSLError) -> ConfigurationError:
    setting = "Http.client_certificate"
    if error.reason == "KEY_VALUES_MISMATCH":
        message = f"{setting}: the key in {key} does not belong to the certificate in {certificate}"
        return ConfigurationError(message, hint="give the key that the certificate was asked for with")
    if password.asked:
        what = "is not opened by client_key_password" if password.given else "is encrypted"
        message = f"{setting}: the key in {key} {what}"
        return ConfigurationError(message, hint="give its password as client_key_password")
    message = f"{setting}: {certificate} and {key} are no usable pair: {error.reason or 'damaged'}"
    return ConfigurationError(
        message, hint="look at them with: openssl x509 and openssl pkey, with -noout -text"
    )
