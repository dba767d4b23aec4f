"""A signed message as a command for curl, which a shell reads as it was meant."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from hamilton_sdk.cli.webhooks.curl import curl_command


@pytest.mark.parametrize(
    ("file", "data"), [(None, "@-"), (Path("-"), "@-"), (Path("it's a body.json"), "@it's a body.json")]
)
def test_headers_body_and_address_reach_curl_as_they_are(file: Path | None, data: str) -> None:
    url = "https://customer.example/hooks?a=1&b=$HOME"
    assert shlex.split(curl_command(url, {"webhook-signature": "v1,a/b+c="}, file)) == [
        "curl",
        "--header",
        "content-type: application/json",
        "--header",
        "webhook-signature: v1,a/b+c=",
        "--data-binary",
        data,
        url,
    ]
