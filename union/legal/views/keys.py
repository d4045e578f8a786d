"""Letting others into the words of cases: who waits, and who keeps the keys. Shows no word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from union.infra.sealing import CASE_KEEPERS, WordsAskedError
from union.legal import services
from union.legal.forms import KeeperForm, PlainForm
from union.legal.queries import cases_to_let_into, is_keeper, lines_of
from union.legal.views.blueprint import blueprint
from union.web.current import acting, kit
from union.web.forms import sent
from union.web.opening import offered, opened
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.sealing import OwnKey
    from union.infra.work import Work


@blueprint.get("/keys")
def keys() -> ResponseReturnValue:
    """Cases for whose words somebody waits whom she can let in."""
    return _page(PlainForm(formdata=None), KeeperForm(formdata=None))


@blueprint.post("/keys/let-in")
def let_in() -> ResponseReturnValue:
    """Let them in, all of them."""
    form = PlainForm()
    done = sent(form, "let_into_cases", _let_in)
    if done is None:
        return _page(form, KeeperForm(formdata=None))
    many = done["cases"]
    flash(ngettext("%(num)s case was opened to them.", "%(num)s cases were opened to them.", many))
    return redirect(url_for("legal.keys"))


@blueprint.post("/keys/keeper")
def add_keeper() -> ResponseReturnValue:
    """Let another keep the keys of cases beside her."""
    form = KeeperForm()
    name = str(form.name.data)

    def do(work: Work) -> dict[str, int]:
        return {"person_id": services.add_keeper(work, name, _own(work))}

    if sent(form, "add_case_keeper", do) is None:
        return _page(PlainForm(formdata=None), form)
    flash(_("She keeps the keys of cases from now on."))
    return redirect(url_for("legal.keys"))


def _let_in(work: Work) -> dict[str, int]:
    return {"cases": services.let_others_in(work, _own(work))}


def _own(work: Work) -> OwnKey:
    """Her opened key; WordsAskedError if it shut meanwhile."""
    own = opened(work)
    if own is None:
        raise WordsAskedError(circle=CASE_KEEPERS)
    return own


def _page(form: PlainForm, keeper: KeeperForm) -> str:
    with acting() as work:
        own = opened(work)
        held = services.keepers(work)
        named = kit().name_people(work, held)
        return page(
            "legal/keys.html",
            waiting=lines_of(work, cases_to_let_into(work)),
            keeps=is_keeper(work),
            keepers=[named.get(one, "") for one in held],
            opening=offered(work, url_for("legal.keys"), own),
            form=form,
            keeper=keeper,
        )
