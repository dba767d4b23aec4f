"""What is kept of an endpoint's secrets and headers cannot be read without the key, and ends in time."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.secrets import SecretBox, StaticSecret
from hamilton_sdk.webhooks._sealing import KeptSecret, Seal, rotated
from tests.webhooks.boxes import KEY

SEAL = Seal(KEY)


def test_secrets_come_back_and_cannot_be_read() -> None:
    kept = [KeptSecret("whsec_new", None), KeptSecret("whsec_old", 100)]
    sealed = SEAL.secrets(kept)
    assert b"whsec_new" not in sealed
    assert SEAL.kept_secrets(sealed) == kept
    with pytest.raises(ConfigurationError, match="cannot be decrypted"):
        Seal(StaticSecret(SecretBox.new_key())).open_secrets(sealed, 0)


def test_a_secret_signs_until_its_end() -> None:
    sealed = SEAL.secrets([KeptSecret("new", None), KeptSecret("old", 100)])
    assert SEAL.open_secrets(sealed, 99) == ["new", "old"]
    assert SEAL.open_secrets(sealed, 100) == ["new"]


def test_headers_come_back_and_cannot_be_read() -> None:
    sealed = SEAL.headers({"Authorization": "Bearer s3cret"})
    assert "s3cret" not in sealed
    assert SEAL.open_headers(sealed) == {"Authorization": "Bearer s3cret"}


class TestKeys:
    OLD, NEW = SecretBox.new_key(), SecretBox.new_key()

    def test_whether_a_key_opens_an_endpoint_is_told(self) -> None:
        sealed = Seal(StaticSecret(self.OLD)).secrets([KeptSecret("s3cret", None)])
        assert Seal(StaticSecret(self.OLD)).opens(sealed)
        assert Seal(StaticSecret(f"{self.NEW} {self.OLD}")).opens(sealed)
        assert not Seal(StaticSecret(self.NEW)).opens(sealed)
        assert not Seal(None).opens(sealed)

    @pytest.mark.parametrize("headers", [{}, {"X-Token": "t0ken"}])
    def test_what_is_kept_is_encrypted_anew_with_the_newest_key(self, headers: dict[str, str]) -> None:
        """Then the old one may be dropped."""
        old, both, new = (Seal(StaticSecret(each)) for each in (self.OLD, f"{self.NEW} {self.OLD}", self.NEW))
        kept = [KeptSecret("s3cret", None), KeptSecret("older", 100)]
        secrets, sealed_headers = both.anew(old.secrets(kept), old.headers(headers))
        assert new.kept_secrets(secrets) == kept
        assert new.open_headers(sealed_headers) == headers
        assert not old.opens(secrets)

    def test_what_no_key_opens_is_not_encrypted_anew(self) -> None:
        sealed = Seal(StaticSecret(self.OLD)).secrets([KeptSecret("s3cret", None)])
        with pytest.raises(ConfigurationError):
            Seal(StaticSecret(self.NEW)).anew(sealed, "")


def test_no_headers_need_no_key() -> None:
    assert Seal(None).open_headers(Seal(None).headers({})) == {}


def test_without_a_key_nothing_is_kept() -> None:
    for use in (
        lambda seal: seal.secrets([]),
        lambda seal: seal.headers({"X": "y"}),
        lambda seal: seal.open_secrets(b"x", 0),
        lambda seal: seal.open_headers("x"),
    ):
        with pytest.raises(ConfigurationError, match="has no key") as caught:
            use(Seal(None))
        assert "key=" in str(caught.value.hint)


class TestRotation:
    def test_what_was_current_signs_until_the_overlap_ends(self) -> None:
        kept = rotated([KeptSecret("old", None)], "new", now=10, until=50)
        assert kept == [KeptSecret("new", None), KeptSecret("old", 50)]

    def test_what_was_ending_ends_no_later(self) -> None:
        kept = [KeptSecret("b", None), KeptSecret("a", 20), KeptSecret("z", 90)]
        assert [each.until for each in rotated(kept, "c", now=10, until=50)] == [None, 50, 20, 50]

    def test_what_has_ended_goes(self) -> None:
        kept = [KeptSecret("b", None), KeptSecret("a", 10)]
        assert [each.secret for each in rotated(kept, "c", now=10, until=50)] == ["c", "b"]

    def test_without_overlap_only_the_new_one_signs(self) -> None:
        kept = rotated([KeptSecret("old", None)], "new", now=10, until=10)
        assert SEAL.open_secrets(SEAL.secrets(kept), 10) == ["new"]

    def test_the_same_secret_is_no_rotation(self) -> None:
        with pytest.raises(ConfigurationError, match="one that this endpoint has") as caught:
            rotated([KeptSecret("s3cret", None)], "s3cret", now=10, until=50)
        assert "s3cret" not in str(caught.value)

    def test_they_have_a_limit(self) -> None:
        """Each is one more signature in a header."""
        kept = [KeptSecret("0", None)]
        for number in range(1, 10):
            kept = rotated(kept, f"{number}", now=10, until=50)
        with pytest.raises(ConfigurationError, match="10 secrets"):
            rotated(kept, "11", now=10, until=50)


def test_a_secret_does_not_show_itself() -> None:
    assert "s3cret" not in repr(KeptSecret("s3cret", 5))
