"""``union restore``: a backup brought in beside the living union, proved, and put in its place."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click

from union.cli.restored import prove, put_to_rest, take_away_again
from union.cli.running import say
from union.infra.embedded import StartError, find_place, parts
from union.infra.embedded.bringing import Bringing, Chosen
from union.infra.embedded.journal import QUIET, STAGES, SWAPPING, Journal
from union.infra.logs import configure
from union.infra.sealed_files import opener
from union.infra.signing import fingerprint

OTHERS_READ_IT = "{file} can be read by others: only its owner may (chmod 600)."
DONE = (
    "The union is back as of {as_of}. What was done after that is not in it: before anything is"
    " paid or sent, look through what the bank, the card company and the telephones say of it.\n"
    "{held} messages that were waiting then are held and not sent; {sessions} sign-ins have ended;"
    " {destroyed} keys that were destroyed since are destroyed again.\n"
    "The former databases are called {old} now; --drop-old removes them.\n"
    "Change the machine's key next: union keys rotate."
)
ALREADY = (
    "This union came back from this backup already, and what was done since would be gone: nothing"
    " was changed. Say --again if that is wanted; with --drop-old what was living before goes."
)
REMOVED = "{old} are removed."

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("manifest", type=_FILE)
@click.argument("keys_manifest", type=_FILE)
@click.option("--open-with", "opens", type=_FILE, required=True, help="The half that opens.")
@click.option("--erasures", multiple=True, type=_FILE, help="A newer list of destroyed keys.")
@click.option("--former-key", "former_keys", multiple=True, help="Believe this key's lists.")
@click.option("--no-erasure-log", "without_log", is_flag=True, help="There never was one.")
@click.option("--drop-old", is_flag=True, help="Remove what was living before.")
@click.option("--again", is_flag=True, help="Though it came back from this backup before.")
def restore(
    manifest: Path,
    keys_manifest: Path,
    opens: Path,
    erasures: tuple[Path, ...],
    former_keys: tuple[str, ...],
    **how: bool,
) -> None:
    """Bring back the union of MANIFEST with the keys of KEYS_MANIFEST, which may be later ones.

    Until the last step the living union is only read. After a kill or a failure, call the same
    command again: it goes on where it was. After the end, --drop-old removes what it left aside.
    """
    configure("command")
    if opens.stat().st_mode & 0o077:
        raise StartError(OTHERS_READ_IT.format(file=opens))
    secret = opener(opens.read_text())
    chosen = Chosen(
        manifest,
        keys_manifest,
        erasures,
        without_log=how["without_log"],
        former_keys=former_keys,
    )
    with parts(say=say, restoring=True) as endpoints:
        bringing = Bringing(endpoints, find_place(os.environ), chosen, secret, say)
        journal = bringing.journal()
        if not journal.has(STAGES[0]) and not how["again"] and bringing.is_done():
            _after_the_end(bringing, drop_old=how["drop_old"])
            return
        _bring_in(bringing, journal)
        _put_in_place(bringing, journal, drop_old=how["drop_old"])


def _after_the_end(bringing: Bringing, *, drop_old: bool) -> None:
    """Only remove what was put aside then: a second restore would take what was done since."""
    former = bringing.former()
    if not drop_old or not former:
        raise StartError(ALREADY)
    for old_ones in former:
        _drop(bringing, old_ones)


def _drop(bringing: Bringing, old_ones: list[str]) -> None:
    bringing.drop(old_ones)
    click.echo(REMOVED.format(old=" and ".join(old_ones)))


def _bring_in(bringing: Bringing, journal: Journal) -> None:
    """Every stage beside the living union, each done once."""
    main, _ = bringing.manifests()
    say(f"The backup is signed by the key {fingerprint(main.public_key)}: compare that")

    def stage(name: str, what: str, do: Callable[[], dict[str, int]]) -> None:
        if not journal.has(name):
            say(what)
            journal.reach(name, **do())

    def silently(do: Callable[[], None]) -> Callable[[], dict[str, int]]:
        def done() -> dict[str, int]:
            do()
            return {}

        return done

    stage("checked", "Looking whether everything is there", silently(bringing.check))
    stage("main", "Bringing in the union, beside the living one", silently(bringing.fill_main))
    stage("keys", "Bringing in its keys", silently(bringing.fill_keys))
    stage(
        "erased",
        "Destroying again what was destroyed since",
        lambda: {"destroyed": bringing.destroy_again(), "erased": take_away_again(bringing)},
    )
    stage("proved", "Proving it", silently(lambda: prove(bringing, say)))


def _put_in_place(bringing: Bringing, journal: Journal, *, drop_old: bool) -> None:
    main, _ = bringing.manifests()
    if not journal.has(SWAPPING):
        bringing.refuse_users()
        # Each time anew: until now the living one may have destroyed a key, or sent what was due.
        destroyed = journal.told("destroyed") + bringing.destroy_again()
        take_away_again(bringing)
        say("Putting to rest what was waiting")
        woken = put_to_rest(bringing, destroyed)
        told_now = {"held": woken.messages, "sessions": woken.sessions, "destroyed": destroyed}
        journal.reach(QUIET, **told_now)
    told = {name: journal.told(name) for name in ("held", "sessions", "destroyed")}
    say("Changing places" if not journal.has(SWAPPING) else "Ending the change of places")
    old_ones = bringing.swap(journal)
    as_of = f"{main.main.as_of:%Y-%m-%d %H:%M} UTC"
    click.echo(DONE.format(as_of=as_of, old=" and ".join(old_ones), **told))
    if drop_old:
        _drop(bringing, old_ones)
