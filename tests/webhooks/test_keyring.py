"""Deliveries are signed with what is kept encrypted, in memory alone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.secrets import SecretBox, StaticSecret
from hamilton_sdk.webhooks import Webhook
from hamilton_sdk.webhooks import _keyring as module
from hamilton_sdk.webhooks._keyring import Keyring
from hamilton_sdk.webhooks._sealing import KeptSecret, Seal
from hamilton_sdk.webhooks._time import moment
from tests.webhooks.boxes import KEY
from tests.webhooks.claimed import AT, SECOND, claimed, target

_NOW = moment(AT)


class _Counting(Seal):
    """Counts what it opens."""

    opened = 0

    def kept_secrets(self, sealed):
        self.opened += 1
        return super().kept_secrets(sealed)


@pytest.fixture
def seal():
    return _Counting(KEY)


def _claimed(seal, *secrets, headers=None, **more):
    kept = seal.secrets(
        [each if isinstance(each, KeptSecret) else KeptSecret(each, None) for each in secrets]
    )
    return claimed(target=target(secrets=kept, headers=seal.headers(headers or {})), **more)


def test_the_receiver_verifies_what_was_signed(seal):
    secret = Webhook.generate_secret()
    of = _claimed(seal, secret, headers={"Authorization": "Bearer x"})
    headers = Keyring(seal).sign(of, _NOW)
    assert headers["Authorization"] == "Bearer x"
    message = Webhook(secret).verify(of.body, headers, received_at=_NOW)
    assert (message.id, message.timestamp, message.body) == ("e1", _NOW, of.body)


def test_each_attempt_is_signed_for_its_own_time(seal):
    of, keyring = _claimed(seal, Webhook.generate_secret()), Keyring(seal)
    first, second = (keyring.sign(of, _NOW + timedelta(seconds=each)) for each in (0, 60))
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    assert first["webhook-signature"] != second["webhook-signature"]


def test_an_old_secret_signs_along_until_its_overlap_is_over(seal):
    old, new = Webhook.generate_secret(), Webhook.generate_secret()
    of = _claimed(seal, new, KeptSecret(old, AT + SECOND))
    keyring = Keyring(seal)
    for at, signatures in ((AT, 2), (AT + SECOND - 1, 2), (AT + SECOND, 1)):
        headers = keyring.sign(of, moment(at))
        assert len(headers["webhook-signature"].split(" ")) == signatures
        Webhook(new).verify(of.body, headers, received_at=moment(at))


def test_an_endpoint_is_decrypted_once(seal):
    of, keyring = _claimed(seal, Webhook.generate_secret()), Keyring(seal)
    for _ in range(5):
        keyring.sign(of, _NOW)
    assert seal.opened == 1


def test_a_rotation_is_noticed_at_once(seal):
    old, new = Webhook.generate_secret(), Webhook.generate_secret()
    keyring = Keyring(seal)
    keyring.sign(_claimed(seal, old), _NOW)
    of = _claimed(seal, new)
    Webhook(new).verify(of.body, keyring.sign(of, _NOW), received_at=_NOW)


def test_only_the_endpoints_last_delivered_to_stay_in_memory(seal, monkeypatch):
    monkeypatch.setattr(module, "_MOST", 2)
    keyring = Keyring(seal)
    first, second, third = (_claimed(seal, Webhook.generate_secret()) for _ in range(3))
    for each in (first, second, first, third):
        keyring.sign(each, _NOW)
    assert seal.opened == 3
    keyring.sign(first, _NOW)
    assert seal.opened == 3
    keyring.sign(second, _NOW)
    assert seal.opened == 4


def test_without_the_key_it_says_so(seal):
    of = _claimed(seal, Webhook.generate_secret())
    with pytest.raises(ConfigurationError, match="cannot be decrypted"):
        Keyring(Seal(StaticSecret(SecretBox.new_key()))).sign(of, _NOW)
    with pytest.raises(ConfigurationError, match="no key"):
        Keyring(Seal(None)).sign(of, _NOW)


def test_no_secret_stands_in_a_repr(seal):
    secret = Webhook.generate_secret()
    opened = Keyring(seal)._open(_claimed(seal, secret).target, AT)
    assert secret.removeprefix("whsec_") not in repr(opened) + json.dumps(repr(opened.hook))
