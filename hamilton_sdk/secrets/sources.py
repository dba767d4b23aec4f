"""Sources of secrets: given, from the environment, from a file. None shows what it gives."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from pydantic import SecretStr

__all__ = ["EnvironmentSecret", "FileSecret", "SecretSource", "StaticSecret"]


@runtime_checkable
class SecretSource(Protocol):
    """Gives a secret whenever one is needed, so that one that changes need not be given anew."""

    def get(self) -> SecretStr:
        """The secret as it is now.

        Raises:
            ConfigurationError: There is none.
        """
        ...


class StaticSecret:
    """A secret that the application already has.

    Args:
        value: Its text.

    Raises:
        ConfigurationError: It is empty.
        TypeError: It is no text.

    Example:
        >>> StaticSecret("gAbc")
        StaticSecret(...)
    """

    def __init__(self, value: str | SecretStr) -> None:
        from pydantic import SecretStr

        self._secret = value if isinstance(value, SecretStr) else _secret("the secret", value)

    def __repr__(self) -> str:
        return "StaticSecret(...)"

    def get(self) -> SecretStr:
        """The secret."""
        return self._secret


class EnvironmentSecret:
    """A secret in an environment variable, read each time it is needed.

    Args:
        name: Of the variable.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"EnvironmentSecret({self._name!r})"

    def get(self) -> SecretStr:
        """The secret as it is now.

        Raises:
            ConfigurationError: The variable is not set, or empty.
        """
        value = os.environ.get(self._name)
        if value is None:
            message = f"the environment variable {self._name} is not set"
            raise ConfigurationError(message, hint="set it where this process is started")
        return _secret(f"the environment variable {self._name}", value)


class FileSecret:
    """A secret in a file of its own, as Docker and Kubernetes mount them; read each time it is needed.

    Args:
        path: Of the file, in UTF-8; white space around the secret does not belong to it.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)

    def __repr__(self) -> str:
        return f"FileSecret({str(self._path)!r})"

    def get(self) -> SecretStr:
        """The secret as it is now.

        Raises:
            ConfigurationError: The file cannot be read, or is empty.
        """
        try:
            value = self._path.read_text(encoding="utf-8")
        except OSError as error:
            message = f"the secret's file {self._path} cannot be read: {error.strerror}"
            raise ConfigurationError(message, hint="check its path and who may read it") from None
        except UnicodeDecodeError:  # it holds the file's content
            message = f"the secret's file {self._path} is no text in UTF-8"
            raise ConfigurationError(message, hint="write a key as text, such as base64") from None
        return _secret(f"the secret's file {self._path}", value)


def _secret(what: str, value: object) -> SecretStr:
    from pydantic import SecretStr

    if not isinstance(value, str):
        message = f"{what} must be str, not {type(value).__name__}"
        raise TypeError(message)
    text = value.strip()
    if not text:
        message = f"{what} is empty"
        raise ConfigurationError(message, hint="an unset variable is a usual reason")
    return SecretStr(text)
