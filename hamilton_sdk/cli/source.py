"""Where a pre-registration file comes from: the user's own, or the sample that the package brings."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SAMPLE", "content_of"]

SAMPLE: Final = "visits.csv"
"""The sample's name; it is also in the repository, under examples/."""
_LARGEST: Final = 16 * 1024 * 1024


def content_of(path: Path | None) -> bytes:
    """Read a file; the sample if None.

    Raises:
        Invalid: There is no such file, it cannot be read, or it is larger than 16 MiB.
    """
    if path is None:
        return resources.files("hamilton_sdk.cli").joinpath("data", SAMPLE).read_bytes()
    if path.is_dir():
        message = f"{path} is a folder"
        raise Invalid(message, hint="name the CSV file in it")
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise Invalid(message, hint="check the path and your rights to read it") from None
    if len(content) > _LARGEST:
        message = f"{path} is larger than {_LARGEST // 2**20} MiB"
        raise Invalid(message, hint="give the list of visits alone, or split it by day")
    return content
