"""`hamilton webhooks sign`, `verify`, `listen` and `send` as they are typed."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook as Peer
from typer.testing import CliRunner

from hamilton_sdk.cli.webhooks import listening, sending
from hamilton_sdk.cli.webhooks.app import webhooks
from hamilton_sdk.cli.webhooks.lines import Lines
from hamilton_sdk.errors import TimedOut
from hamilton_sdk.webhooks import Webhook
from tests.cli.webhooks.arrivals import EVENT

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = EVENT.to_bytes()
Begin = Callable[..., "tuple[subprocess.Popen[str], dict[str, str]]"]
_COMMAND = (sys.executable, "-W", "error", "-c", "from hamilton_sdk.cli import main; main()", "webhooks")


@pytest.fixture
def run() -> CliRunner:
    return CliRunner(env={"COLUMNS": "80", "HAMILTON_WEBHOOK_SECRET": SECRET})


@pytest.fixture
def body(tmp_path: Path) -> str:
    path = tmp_path / "body.json"
    path.write_bytes(BODY)
    return str(path)


def _headers(text: str) -> dict[str, str]:
    parts = [line.partition(": ") for line in text.splitlines()]
    return {name: value for name, _, value in parts}


class TestSign:
    def test_prints_the_headers_that_another_library_verifies(self, run: CliRunner, body: str) -> None:
        result = run.invoke(webhooks, ["sign", body])
        assert result.exit_code == 0
        headers = _headers(result.stdout)
        assert list(headers) == ["webhook-id", "webhook-timestamp", "webhook-signature"]
        assert headers["webhook-id"] == EVENT.id
        assert Peer(SECRET).verify(BODY, headers)["type"] == "visit.created"

    def test_id_and_timestamp_may_be_given_and_the_body_come_from_anywhere(self, run: CliRunner) -> None:
        options = ["--id", "msg_1", "--timestamp", "2026-03-27T08:45:00Z", "--json"]
        result = run.invoke(webhooks, ["sign", "-", *options], input=b"\xff\n")
        headers = json.loads(result.stdout)
        assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_1", "1774601100")
        again = run.invoke(webhooks, ["sign", *options], input=b"\xff\n")
        assert json.loads(again.stdout) == headers

    def test_a_command_for_curl(self, run: CliRunner, body: str) -> None:
        result = run.invoke(webhooks, ["sign", body, "--curl", "https://customer.example/hooks"])
        words = shlex.split(result.stdout)
        assert words[0] == "curl"
        assert words[-2:] == [f"@{body}", "https://customer.example/hooks"]
        assert f"webhook-id: {EVENT.id}" in words

    def test_secrets_of_other_makes(self, run: CliRunner, body: str, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_text("not base64 at all")
        options = ["--secret-file", str(secret), "--text-secret", "--headers-begin", "svix"]
        result = run.invoke(webhooks, ["sign", body, *options])
        headers = _headers(result.stdout)
        hook = Webhook.from_text("not base64 at all", header_prefix="svix")
        assert hook.verify(BODY, headers).id == EVENT.id

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["none.json"], "none.json cannot be read"),
            (["--id", "a.b"], "full stop"),
            (["--timestamp", "noon"], "--timestamp is no date"),
            (["--secret-file", "-"], "which is there once"),
            (["--secret-env", "NOT_THERE"], "NOT_THERE is not set"),
        ],
        ids=str,
    )
    def test_wrong_input_is_said_without_a_traceback(
        self, run: CliRunner, options: list[str], said: str
    ) -> None:
        result = run.invoke(webhooks, ["sign", *options], input=b"{}")
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in result.stderr
        assert isinstance(result.exception, SystemExit)

    def test_a_secret_of_a_wrong_kind_is_named_and_not_shown(self, run: CliRunner, body: str) -> None:
        secret = "v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        result = run.invoke(webhooks, ["sign", body], env={"HAMILTON_WEBHOOK_SECRET": secret})
        assert result.exit_code == 2
        assert "MfKQ9r8GKYqr" not in result.output


class TestVerify:
    def test_what_was_signed_is_genuine(self, run: CliRunner, body: str, tmp_path: Path) -> None:
        signed = run.invoke(webhooks, ["sign", body]).stdout
        headers = tmp_path / "headers"
        headers.write_text(signed)
        result = run.invoke(webhooks, ["verify", body, "--headers", str(headers)])
        assert result.exit_code == 0
        shown = _headers(result.stdout)
        assert (shown["id"], shown["type"]) == (EVENT.id, "visit.created")
        assert shown["timestamp"].endswith("+00:00")

    def test_headers_one_by_one_and_a_message_of_another_day(self, run: CliRunner, body: str) -> None:
        signed = run.invoke(webhooks, ["sign", body, "--timestamp", "1774601100"]).stdout
        given = [option for line in signed.splitlines() for option in ("-H", line)]
        result = run.invoke(webhooks, ["verify", body, *given, "--received-at", "1774601160", "--json"])
        assert json.loads(result.stdout) == {
            "genuine": True,
            "id": EVENT.id,
            "timestamp": "2026-03-27T08:45:00+00:00",
            "type": "visit.created",
            "object": "visit:HV-1",
            "problem": None,
        }
        late = ["--received-at", "1774601160", "--past-tolerance", "59"]
        result = run.invoke(webhooks, ["verify", body, *given, *late])
        assert result.exit_code == 1
        assert "Reason: too_old" in result.stderr

    def test_what_is_forged_is_refused_with_the_reason_and_what_to_do(
        self, run: CliRunner, body: str
    ) -> None:
        signed = run.invoke(webhooks, ["sign", body]).stdout
        given = [option for line in signed.splitlines() for option in ("-H", line)]
        result = run.invoke(webhooks, ["verify", *given], input=BODY + b"\n")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("Error: no signature")
        assert "Reason: no_match\n" in result.stderr
        assert "Hint: verify the body's bytes as they arrived" in result.stderr
        document = json.loads(run.invoke(webhooks, ["verify", *given, "--json"], input=b"{}").stdout)
        assert (document["genuine"], document["reason"]) == (False, "no_match")
        assert document["hint"]

    def test_what_is_genuine_and_no_event_is_genuine(self, run: CliRunner) -> None:
        signed = run.invoke(webhooks, ["sign"], input=b"hello").stdout
        given = [option for line in signed.splitlines() for option in ("-H", line)]
        result = run.invoke(webhooks, ["verify", *given], input=b"hello")
        assert result.exit_code == 0
        assert "type: none: " in result.stdout

    def test_without_headers_it_says_how_to_give_them(self, run: CliRunner, body: str) -> None:
        result = run.invoke(webhooks, ["verify", body])
        assert result.exit_code == 2
        assert "--headers FILE" in result.stderr


class TestPresets:
    @pytest.mark.parametrize(
        ("options", "beginning"),
        [
            (["--preset", "timestamped", "--header-name", "Stripe-Signature"], "Stripe-Signature: t="),
            (
                [
                    "--preset",
                    "body-hex",
                    "--header-name",
                    "X-Hub-Signature-256",
                    "--signature-prefix",
                    "sha256=",
                ],
                "X-Hub-Signature-256: sha256=",
            ),
            (["--preset", "body-base64", "--header-name", "X-Hmac"], "X-Hmac: "),
        ],
        ids=["timestamped", "body-hex", "body-base64"],
    )
    def test_what_was_signed_is_genuine(
        self, run: CliRunner, body: str, options: list[str], beginning: str
    ) -> None:
        signed = run.invoke(webhooks, ["sign", body, *options]).stdout
        assert signed.startswith(beginning)
        assert signed.count("\n") == 1
        result = run.invoke(webhooks, ["verify", body, *options, "-H", signed.rstrip("\n")])
        assert result.exit_code == 0
        assert "id: none is signed\n" in result.stdout
        assert "type: visit.created\n" in result.stdout
        forged = run.invoke(webhooks, ["verify", *options, "-H", signed.rstrip("\n")], input=b"{}")
        assert forged.exit_code == 1
        assert "Reason: no_match" in forged.stderr

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["sign", "--preset", "body-hex"], "needs the name of its header"),
            (["sign", "--header-name", "X-A"], "--header-name is given without --preset"),
            (["sign", "--preset", "timestamped", "--header-name", "X-A", "--id", "a"], "signs no id"),
            (["sign", "--preset", "body-hex", "--header-name", "X-A", "--timestamp", "1"], "signs no time"),
            (["sign", "--preset", "body-hex", "--header-name", "X A"], "not the name of an HTTP header"),
            (
                ["verify", "--preset", "body-hex", "--header-name", "X-A", "--received-at", "1"],
                "signs no time",
            ),
            (["verify", "--preset", "body-hex", "--header-name", "X-A", "--past-tolerance", "1"], "no time"),
        ],
        ids=str,
    )
    def test_options_that_do_not_fit_are_2(self, run: CliRunner, options: list[str], said: str) -> None:
        result = run.invoke(webhooks, options, input=b"{}")
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in result.stderr


@pytest.fixture
def listener() -> Iterator[Begin]:
    """Start `listen`, and read what it prints for a sender."""
    started: list[subprocess.Popen[str]] = []

    def begin(*options: str, last: str = "secret") -> tuple[subprocess.Popen[str], dict[str, str]]:
        environment = {name: value for name, value in os.environ.items() if name != "HAMILTON_WEBHOOK_SECRET"}
        process = subprocess.Popen(
            [*_COMMAND, "listen", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        started.append(process)
        assert process.stdout is not None
        needed: dict[str, str] = {}
        for line in process.stdout:
            name, _, value = line.rstrip("\n").partition(": ")
            needed[name] = value
            if name == last:
                break
        return process, needed

    yield begin
    for process in started:
        process.kill()
        process.communicate()


class TestListenAndSend:
    """The two as processes and over TLS, with nothing but what is printed."""

    def test_one_sends_what_the_other_verifies(self, run: CliRunner, body: str, listener: Begin) -> None:
        process, needed = listener()
        assert list(needed) == ["url", "ca", "allow", "secret"]
        options = [needed["url"], "--allow", needed["allow"], "--ca", needed["ca"]]
        secret = {"HAMILTON_WEBHOOK_SECRET": needed["secret"]}
        result = run.invoke(webhooks, ["send", *options, "--sample", "room.released"], env=secret)
        assert result.exit_code == 0
        assert "status: 204\n" in result.stdout
        assert " ms\n" in result.stdout
        for _ in range(2):
            sent = run.invoke(webhooks, ["send", *options[:1], body, *options[1:], "--json"], env=secret)
            assert json.loads(sent.stdout)["delivered"] is True
        forged = run.invoke(webhooks, ["send", *options, "--sample", "visit.created"])
        assert forged.exit_code == 1
        assert "status: 400\n" in forged.stdout
        assert "no_match" in forged.stdout
        process.send_signal(signal.SIGINT)
        told, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
        verdicts = [line.split()[1:3] for line in told.splitlines()[:3]]
        assert verdicts == [["new", "room.released"], ["new", "visit.created"], ["again", "visit.created"]]
        assert "refused   no signature" in told
        assert told.endswith("4 messages: 2 new, 1 again, 1 refused\n")
        assert not Path(needed["ca"]).exists()


class TestListen:
    def test_a_secret_that_was_given_is_not_shown(
        self, run: CliRunner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def listen(hook: Webhook, listener: object, **options: object) -> None:
            told.append((hook.verify(BODY, Webhook(SECRET).sign("a", BODY)).id, options))

        told: list[object] = []
        monkeypatch.setattr(listening, "listen", listen)
        assert run.invoke(webhooks, ["listen", "--no-tls", "--port", "8443"]).exit_code == 0
        needed = {"secret": "(the one that was given)"}
        assert told == [("a", {"needed": needed, "port": 8443, "tls": False, "count": None})]

    def test_machines_get_a_line_a_message(self, run: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
        def listen(hook: Webhook, listener: Lines, *, needed: dict[str, str], **options: object) -> None:
            listener.open(needed)

        monkeypatch.setattr(listening, "listen", listen)
        result = run.invoke(webhooks, ["listen", "--json"])
        assert json.loads(result.stdout)["allow"] == "127.0.0.0/8"

    def test_a_port_that_is_taken_is_named(self, run: CliRunner) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            result = run.invoke(webhooks, ["listen", "--port", str(port)])
        assert result.exit_code == 2
        assert f"port {port} cannot be used" in result.stderr

    def test_a_pipe_that_nobody_reads_ends_it_quietly(self) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            [*_COMMAND, "listen", "--no-tls"],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=300,
        )
        os.close(writer)
        assert (done.returncode, done.stderr) == (141, "")


class TestSend:
    def test_what_could_not_be_sent_is_1_with_what_to_do(self, run: CliRunner) -> None:
        options = ["https://127.0.0.1:9/", "--sample", "visit.created"]
        result = run.invoke(webhooks, ["send", *options])
        assert (result.exit_code, result.stdout) == (1, "")
        assert "loopback" in result.stderr
        assert "--allow" in result.stderr
        document = json.loads(run.invoke(webhooks, ["send", *options, "--json"]).stdout)
        assert document["delivered"] is False
        assert "--allow" in document["hint"]

    def test_an_error_without_a_hint_is_shown_without_one(
        self, run: CliRunner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sending, "send", lambda *_, **__: sending.Sent("a", 1, None, TimedOut("late")))
        result = run.invoke(webhooks, ["send", "https://x.example/", "--sample", "visit.created"])
        assert (result.exit_code, result.stderr) == (1, "Error: late\n")

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["http://customer.example/", "--sample", "visit.created"], "is not https"),
            (["https://customer.example/", "--sample", "visit.create"], "'visit.created'"),
            (["https://customer.example/", "body.json", "--sample", "visit.created"], "both given"),
            (["https://customer.example/", "--sample", "visit.created", "--allow", "x"], "--allow"),
            (["https://customer.example/", "--sample", "visit.created", "--ca", "none.pem"], "none.pem"),
            (["https://customer.example/", "none.json"], "none.json cannot be read"),
        ],
        ids=str,
    )
    def test_wrong_input_is_2(self, run: CliRunner, options: list[str], said: str) -> None:
        result = run.invoke(webhooks, ["send", *options])
        assert result.exit_code == 2
        assert said in result.stderr


def test_all_six_are_listed(run: CliRunner) -> None:
    output = run.invoke(webhooks, []).output
    commands = ("sign", "verify", "listen", "send", "deliveries", "replay")
    assert [command for command in commands if f"\n  {command} " not in output] == []


def test_the_commands_load_what_they_need_only_when_they_run() -> None:
    code = (
        "import hamilton_sdk.cli.app, sys;"
        "late = {'hamilton_sdk.testing', 'hamilton_sdk.webhooks.signing', 'sqlalchemy'};"
        "sys.exit(bool(late & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
