"""The commands of `hamilton webhooks`. Their work lies beside this module, and loads when one runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from hamilton_sdk.cli.ending import BROKEN, ended_by_errors, print_json
from hamilton_sdk.cli.webhooks.options import (
    AsJson,
    Authority,
    Body,
    FutureTolerance,
    Header,
    HeaderBeginning,
    HeaderFile,
    HeaderName,
    HeaderNames,
    IsText,
    MessageId,
    Networks,
    PastTolerance,
    Port,
    SampleType,
    SecretEnv,
    SecretFile,
    SignaturePrefix,
    SignedBy,
)
from hamilton_sdk.cli.webhooks.stored_commands import deliveries, replay
from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from pathlib import Path

    from hamilton_sdk.cli.webhooks.sending import Sent

__all__ = ["webhooks"]

_ALLOW: Final = "127.0.0.0/8"

webhooks: typer.Typer = typer.Typer(
    help="Sign, verify, receive and send webhooks, and look after what an outbox holds.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@webhooks.command()
def sign(
    file: Body = None,
    *,
    id: MessageId = None,  # noqa: A002 (the option's name)
    timestamp: Annotated[
        str | None,
        typer.Option(show_default=False, help="Of this attempt, ISO 8601 or seconds; now if not given."),
    ] = None,
    curl: Annotated[
        str | None,
        typer.Option(
            metavar="URL", show_default=False, help="Print a curl command that posts to this address."
        ),
    ] = None,
    secret_env: SecretEnv = None,
    secret_file: SecretFile = None,
    text_secret: IsText = False,
    headers_begin: HeaderBeginning = HeaderNames.WEBHOOK,
    preset: SignedBy = None,
    header_name: HeaderName = None,
    signature_prefix: SignaturePrefix = None,
    as_json: AsJson = False,
) -> None:
    """Sign a body; prints the headers to post with it, as lines of "name: value".

    The body is signed byte for byte: an editor that adds a line break at its end changes it.
    """
    from hamilton_sdk.cli.webhooks.given import body_of, moment_of
    from hamilton_sdk.cli.webhooks.scheme import Scheme
    from hamilton_sdk.cli.webhooks.secret import check_streams, secret_of
    from hamilton_sdk.cli.webhooks.sending import id_of

    with ended_by_errors(as_json=as_json):
        scheme = Scheme(preset, header_name, signature_prefix, headers_begin, text_secret)
        scheme.check(id=id, timed={"--timestamp": timestamp})
        check_streams(file, secret_file)
        hook = scheme.hook(secret_of(secret_env, secret_file))
        body = body_of(file)
        headers = hook.sign(id or id_of(body), body, moment_of(timestamp, "--timestamp"))
        if curl is not None:
            from hamilton_sdk.cli.webhooks.curl import curl_command

            typer.echo(curl_command(curl, headers, file))
        elif as_json:
            print_json({**headers})
        else:
            for name, value in headers.items():
                typer.echo(f"{name}: {value}")


@webhooks.command()
def verify(
    file: Body = None,
    *,
    header: Header = None,
    headers: HeaderFile = None,
    received_at: Annotated[
        str | None,
        typer.Option(show_default=False, help="When it arrived, ISO 8601 or seconds; now if not given."),
    ] = None,
    past_tolerance: PastTolerance = None,
    future_tolerance: FutureTolerance = None,
    secret_env: SecretEnv = None,
    secret_file: SecretFile = None,
    text_secret: IsText = False,
    headers_begin: HeaderBeginning = HeaderNames.WEBHOOK,
    preset: SignedBy = None,
    header_name: HeaderName = None,
    signature_prefix: SignaturePrefix = None,
    as_json: AsJson = False,
) -> None:
    """Verify a message: its body, and the headers that came with it.

    Prints id, timestamp and type of the event. Exit codes: 0 it is genuine, 1 it is not, 2 wrong input.
    """
    from hamilton_sdk.cli.webhooks.given import body_of, headers_of, moment_of
    from hamilton_sdk.cli.webhooks.scheme import Scheme
    from hamilton_sdk.cli.webhooks.secret import check_streams, secret_of
    from hamilton_sdk.cli.webhooks.verifying import verify as tell

    times = {"--past-tolerance": past_tolerance, "--future-tolerance": future_tolerance}
    with ended_by_errors(as_json=as_json):
        scheme = Scheme(preset, header_name, signature_prefix, headers_begin, text_secret)
        scheme.check(timed={"--received-at": received_at, **times})
        check_streams(file, secret_file, headers)
        hook = scheme.hook(secret_of(secret_env, secret_file), past=past_tolerance, future=future_tolerance)
        given, moment = headers_of(header or (), headers), moment_of(received_at, "--received-at")
        tell(hook, body_of(file), given, moment, as_json=as_json)


@webhooks.command()
def listen(
    *,
    port: Port = 0,
    tls: Annotated[
        bool, typer.Option(help="Serve HTTPS, with a throw-away authority, or plain HTTP.")
    ] = True,
    count: Annotated[
        int | None, typer.Option(min=1, show_default=False, help="End after so many messages.")
    ] = None,
    secret_env: SecretEnv = None,
    secret_file: SecretFile = None,
    text_secret: IsText = False,
    headers_begin: HeaderBeginning = HeaderNames.WEBHOOK,
    as_json: AsJson = False,
) -> None:
    """Receive webhooks on this machine, and say of each whether it is genuine, until interrupted.

    Prints what a sender needs as lines of "name: value", the url first; without a secret it makes one up.
    Then a line a message: new, again (its id came before), no event (genuine, but answered 422), or refused.
    With --json each line is a document.
    """
    from hamilton_sdk.cli.screen import Output
    from hamilton_sdk.cli.webhooks.lines import Lines
    from hamilton_sdk.cli.webhooks.listening import listen as receive
    from hamilton_sdk.cli.webhooks.secret import hook_of, secret_source
    from hamilton_sdk.cli.webhooks.showing import Watcher

    with ended_by_errors(as_json=as_json):
        source = secret_source(secret_env, secret_file)
        if source is None:
            secret = shown = _new_secret()
        else:
            secret, shown = source.get().get_secret_value(), "(the one that was given)"
        hook = hook_of(secret, is_text=text_secret, prefix=headers_begin.value)
        needed = {**({"allow": _ALLOW} if tls else {}), "secret": shown}
        listener = Lines() if as_json else Watcher(Output())
        try:
            receive(hook, listener, needed=needed, port=port, tls=tls, count=count)
        except BrokenPipeError:
            raise
        except OSError as error:
            hint = "choose another with --port, or 0 for any"
            message = f"port {port} cannot be used: {error.strerror}"
            raise Invalid(message, hint=hint) from None


def _new_secret() -> str:
    from hamilton_sdk.webhooks.signing import Webhook

    return Webhook.generate_secret()


@webhooks.command()
def send(
    url: Annotated[str, typer.Argument(help="Where, by https.", show_default=False)],
    file: Body = None,
    *,
    sample: SampleType = None,
    id: MessageId = None,  # noqa: A002 (the option's name)
    allow: Networks = None,
    ca: Authority = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for all.")] = 30.0,
    secret_env: SecretEnv = None,
    secret_file: SecretFile = None,
    text_secret: IsText = False,
    headers_begin: HeaderBeginning = HeaderNames.WEBHOOK,
    as_json: AsJson = False,
) -> None:
    """Sign one event and post it once, as deliveries are: to public addresses, unless others are allowed.

    Prints status and duration. Exit codes: 0 it was taken (2xx), 1 it was not, 2 wrong input.
    """
    from hamilton_sdk.cli.webhooks.secret import check_streams, hook_of, secret_of
    from hamilton_sdk.cli.webhooks.sending import id_of
    from hamilton_sdk.cli.webhooks.sending import send as post
    from hamilton_sdk.transport import Http, Timeouts

    with ended_by_errors(as_json=as_json):
        if sample is None:
            check_streams(file, secret_file)
        secret = secret_of(secret_env, secret_file)
        hook = hook_of(secret, is_text=text_secret, prefix=headers_begin.value)
        body = _event(file, sample)
        http = Http(ca=ca, timeouts=Timeouts(total=timeout))
        sent = post(hook, url, body, id or id_of(body), http=http, networks=allow or ())
        _tell_sent(sent, as_json=as_json)
    raise typer.Exit(0 if sent.is_delivered else BROKEN)


def _tell_sent(sent: Sent, *, as_json: bool) -> None:
    if as_json:
        from hamilton_sdk.cli.webhooks.documents import sent_document

        print_json(sent_document(sent))
    elif sent.error is not None:
        typer.echo(f"Error: {sent.error.message}", err=True)
        if sent.hint:
            typer.echo(f"Hint: {sent.hint}", err=True)
    else:
        from hamilton_sdk.cli.screen import Output
        from hamilton_sdk.cli.webhooks.showing import show_sent

        show_sent(Output(), sent)


def _event(file: Path | None, kind: str | None) -> bytes:
    from hamilton_sdk.cli.webhooks.given import body_of

    if kind is None:
        return body_of(file)
    if file is not None:
        message = "a FILE and --sample are both given"
        raise Invalid(message, hint="give one of them")
    from hamilton_sdk.cli.webhooks.samples import sample
    from hamilton_sdk.clock import SystemClock

    return sample(kind, SystemClock().now()).to_bytes()


webhooks.command()(deliveries)
webhooks.command()(replay)
