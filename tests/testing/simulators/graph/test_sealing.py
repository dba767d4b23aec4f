"""Resource data are sealed so that only the subscriber's key opens them, each item with a key of its own."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from hamilton_sdk.testing.authority import Authority
from hamilton_sdk.testing.simulators.graph.sealing import read_certificate, seal
from tests.testing.simulators.graph.certificate import der, pair
from tests.testing.simulators.graph.endpoint import opened


def test_the_subscriber_reads_what_was_sealed():
    certificate = read_certificate(der())
    first, second = (seal({"subject": "é"}, certificate, "id") for _ in range(2))

    assert opened(first, pair()[0]) == {"subject": "é"}
    assert first["data"] != second["data"]


def test_what_is_no_certificate_with_an_rsa_key_is_refused(tmp_path):
    from cryptography.x509 import load_pem_x509_certificate

    identity = Authority(tmp_path).issue_client("x.example")
    curved = load_pem_x509_certificate(identity.certificate.read_bytes()).public_bytes(Encoding.DER)

    for text in ("***", "eA==", base64.b64encode(curved).decode()):
        with pytest.raises(ValueError, match=r".+"):
            read_certificate(text)
