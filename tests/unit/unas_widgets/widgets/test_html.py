"""HTML that cannot forget to escape, and the sinks that take nothing else."""

import ast
import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import traitlets
from markupsafe import Markup as SafeMarkup

from tests.support.hostile import CANARY, Elements
from unas_widgets.quantities.quantity import Quantity
from unas_widgets.report.report_html import Section, report_html
from unas_widgets.widgets.disclosure import Disclosure
from unas_widgets.widgets.html import Html, bar, extra, html_of, joined, lines, number, plotly_words, region, tag
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.panel import Panel

BUILDER = "unas_widgets/widgets/html.py"
ELEMENT = re.compile(r"</?[a-zA-Z!%{]|</$")


def test_words_are_escaped_and_html_is_not():
    assert tag("td", "<b>", tag("i", "&")) == "<td>&lt;b&gt;<i>&amp;</i></td>"
    assert joined("<", tag("b", 3), None, [tag("i"), (word for word in "<>")]) == "&lt;<b>3</b><i></i>&lt;&gt;"
    assert isinstance(joined("<"), SafeMarkup)


def test_what_is_made_by_hand_is_words_again():
    made = tag("b", "x")
    assert tag("p", f"{made}") == "<p>&lt;b&gt;x&lt;/b&gt;</p>"
    assert tag("p", f"{made}{made}") == "<p>&lt;b&gt;x&lt;/b&gt;&lt;b&gt;x&lt;/b&gt;</p>"
    assert made + "<i>" == "<b>x</b>&lt;i&gt;"
    assert "<i>" + made == "&lt;i&gt;<b>x</b>"


def test_attributes():
    made = tag(
        "td", class_="a", data_trial=3, aria_label='"<&', stroke_width=1.5, viewBox="0 0", aria_hidden=True, x=None
    )
    expected = (
        'class="a" data-trial="3" aria-label="&quot;&lt;&amp;" stroke-width="1.5" viewBox="0 0" aria-hidden="true"'
    )
    assert made == f"<td {expected}></td>"
    assert tag("p", title=tag("b", '"')) == '<p title="&lt;b&gt;&quot;&lt;/b&gt;"></p>'


def test_an_attribute_ends_where_it_ends():
    ((_tag, attributes),) = Elements(tag("p", title=CANARY, data_x=CANARY)).elements
    assert attributes == {"title": CANARY, "data-x": CANARY}


def test_elements_without_an_end():
    assert joined(tag("br"), tag("meta", charset="utf-8")) == '<br><meta charset="utf-8">'


@pytest.mark.parametrize("element", ["script", "iframe", "a", "b><script", "SCRIPT", ""])
def test_there_are_no_other_elements(element: str):
    with pytest.raises(ValueError, match="There is no element"):
        tag(element)


@pytest.mark.parametrize("name", ["onclick", "onerror", "srcdoc", "x y", "x><b", "x="])
def test_there_are_no_scripts_in_attributes(name: str):
    with pytest.raises(ValueError, match="There is no attribute"):
        tag("p", **{name: "1"})


@pytest.mark.parametrize(
    "place", ["javascript:alert(1)", " JaVaScript:x", "data:text/html,<b>", "data:image/svg+xml,x", "x"]
)
def test_addresses_are_those_of_pages_and_pictures(place: str):
    with pytest.raises(ValueError, match="no address"):
        tag("img", src=place)


def test_a_picture_holds_its_own_file():
    assert tag("img", src="data:image/png;base64,AA==") == '<img src="data:image/png;base64,AA==">'


@pytest.mark.parametrize("style", ["width:1%", "color:#0072B2;font-style:normal", "color:var(--unas-accent, #0072B2);"])
def test_plain_styles(style: str):
    assert tag("i", style=style) == f'<i style="{style}"></i>'


@pytest.mark.parametrize("style", ["", "x", "background:url(x)", "a:b}*{c:d", "a:'b'", "a:b\n", "a:b;<"])
def test_other_styles(style: str):
    with pytest.raises(ValueError, match="no plain style"):
        tag("i", style=style)


def test_small_pieces():
    assert number(Quantity("1 <", "exact >", 1), "RAM") == '<span class="unas-num" title="exact &gt;">RAM 1 &lt;</span>'
    assert 'style="width:100.0%"' in bar(1.7)
    assert region("log", "<", label="Log").startswith('<div class="unas-scroll" data-scroll="log" tabindex="0"')
    assert lines("<", tag("b", "x")) == "&lt;<br><b>x</b>"
    assert plotly_words("<b>%{x}") == "&lt;b&gt;%&#123;x}"
    assert plotly_words(tag("b", "x")) == "<b>x</b>"
    assert extra("<") == "<extra>&lt;</extra>"


@pytest.mark.parametrize("widget", [Markup, lambda: Disclosure("Code")])
def test_widgets_take_nothing_but_html(widget):
    shown = widget()
    shown.html = tag("b", "x")
    with pytest.raises(traitlets.TraitError, match="expected HTML made by `tag` and `joined`, not the str 'x'"):
        shown.html = "x"
    assert shown.html == "<b>x</b>"
    assert json.dumps(shown.get_state("html")) == '{"html": "<b>x</b>"}'


def test_a_page_cannot_change_what_python_shows():
    shown = Markup(html=tag("b", "x"))
    with contextlib.suppress(traitlets.TraitError):
        shown.set_state({"html": "<img src=x onerror=x>"})
    assert shown.html == "<b>x</b>"


class Forgetful(Panel):
    """A panel whose face was made by joining strings."""

    def static_html(self):
        return f"<p>{CANARY}</p>"


def test_faces_and_reports_take_nothing_but_html():
    with pytest.raises(TypeError, match="A page takes HTML"):
        Forgetful().still_bundle()
    with pytest.raises(TypeError, match="A page takes HTML"):
        report_html("t", "a", [Section("s", "<p>")])
    with pytest.raises(TypeError, match="not int"):
        html_of(3)


def strings_with_elements(source: str) -> Iterator[int]:
    """Lines of strings that hold the begin of an element, and are neither documentation nor alone within `Html(…)`."""
    tree = ast.parse(source)
    fine = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Html":
            fine |= {id(argument) for argument in node.args if isinstance(argument, ast.Constant)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in fine else None
        if isinstance(text, str) and ELEMENT.search(text):
            yield node.lineno


def html_around_more_than_literals(source: str) -> Iterator[int]:
    """Lines of `Html(…)` around anything but a literal."""
    for node in ast.walk(ast.parse(source)):
        of_html = isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] == "Html"
        if of_html and not all(isinstance(argument, ast.Constant) for argument in node.args):
            yield node.lineno


def test_html_is_made_in_one_place(project_root: Path):
    found = []
    for file in sorted((project_root / "unas_widgets").rglob("*.py")):
        path, source = file.relative_to(project_root).as_posix(), file.read_text(encoding="utf-8")
        if path != BUILDER:
            found += [f"{path}:{line}: an element in a string" for line in strings_with_elements(source)]
            found += [f"{path}:{line}: Html of a value" for line in html_around_more_than_literals(source)]
    assert found == [], "make HTML by `tag` and `joined`:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "source", ['f"<b>{name}</b>"', '"<td>" + name', '"".join(["<tr>", x])', "'<br>'.join(x)", '"</%s>" % x']
)
def test_the_walk_sees_elements_in_strings(source: str):
    assert set(strings_with_elements(f"x = {source}")) == {1}


def test_the_walk_lets_pass_literals_and_words():
    assert not list(strings_with_elements('"""<b>"""\nx = Html("<b>" "<i>")\ny = f"{a} < {b}"\nz = "a <= b"'))
    assert list(html_around_more_than_literals("Html(x)\nhtml.Html(f'{x}')\nHtml('<b>')")) == [1, 2]


def test_scripts_show_html_of_python_only(project_root: Path):
    """Everything else that scripts write is text, attributes and elements of their own."""
    ways = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|DOMParser")
    found = {}
    for file in sorted((project_root / "unas_widgets" / "assets").glob("*.js")):
        lines_ = [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if ways.search(line)]
        if lines_:
            found[file.name] = lines_
    assert found == {
        "disclosure.js": ['body.innerHTML = model.get("html");'],
        "markup.js": ["el.innerHTML = html;"],
    }
    assert isinstance(Markup().html, Html)
