"""The pages keep to the house: one frame each, nothing the policy of the browser would refuse, nothing unescaped.

Papers (results, slips, the print frame) never meet a browser, so only the rules on escaping bind them.
"""

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
TEMPLATES = HOUSE / "templates"
STATIC = HOUSE / "static"

ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
FRAMES = [name for name in ALL if name.startswith("frame/")]
PRINTED = ("results/", "slips/", "overprint/", "lists/", "reports/")
PAPERS = [name for name in ALL if name.startswith(PRINTED) or name == "frame/print.html"]
SCREENS = [name for name in ALL if name not in PAPERS]
PAGES = [name for name in SCREENS if not name.startswith(("frame/", "part/", "chart/"))]

EXTENDS = re.compile(r"""{%\s*extends\s+["'](?P<frame>[^"']+)["']\s*%}""")
COMMENTS = re.compile(r"{#.*?#}|{%\s*comment\s*%}.*?{%\s*endcomment\s*%}", re.DOTALL)

REFUSED_ON_SCREENS = {
    "an inline style": re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE),
    "an inline handler": re.compile(r"""<[^>]*\son[a-z]+\s*=\s*["']""", re.IGNORECASE),
    "hx-on": re.compile(r"\b(data-)?hx-on\b", re.IGNORECASE),
    "a js: value": re.compile(r"""["'{\s](js|javascript):""", re.IGNORECASE),
    "a filter in hx-trigger": re.compile(r"""hx-trigger\s*=\s*(["'])[^"']*\[""", re.IGNORECASE),
    "an address of another house": re.compile(r"""(src|href|action)\s*=\s*["'](https?:)?//""", re.IGNORECASE),
}
REFUSED_EVERYWHERE = {
    "the safe filter": re.compile(r"\|\s*safe(seq)?\b"),
    "autoescape off": re.compile(r"{%\s*autoescape\s+off"),
}


def source(name: str) -> str:
    return COMMENTS.sub("", (TEMPLATES / name).read_text(encoding="utf-8"))


def test_there_are_pages_to_look_at() -> None:
    assert {"sign_in.html", "cases/desk.html", "cases/sign.html", "public/status.html", "500.html"} <= set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_extends_exactly_one_frame(name: str) -> None:
    frames = EXTENDS.findall(source(name))

    assert len(frames) == 1
    assert frames[0] in FRAMES


@pytest.mark.parametrize("name", [name for name in SCREENS if not name.startswith("frame/")])
def test_only_a_frame_loads_scripts(name: str) -> None:
    assert "<script" not in source(name)


@pytest.mark.parametrize("name", [name for name in FRAMES if name not in PAPERS])
def test_a_script_of_a_frame_is_a_file_of_ours_with_a_nonce(name: str) -> None:
    scripts = re.findall(r"<script\b[^>]*>.*?</script>", source(name), re.DOTALL)

    for script in scripts:
        assert re.fullmatch(
            r"""<script src="{% static '[^']+' %}" nonce="{{ request\.csp_nonce }}" defer></script>""", script
        )


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("what", REFUSED_ON_SCREENS)
def test_a_screen_holds_nothing_the_policy_refuses(name: str, what: str) -> None:
    assert REFUSED_ON_SCREENS[what].search(source(name)) is None


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("what", REFUSED_EVERYWHERE)
def test_nothing_is_left_unescaped(name: str, what: str) -> None:
    assert REFUSED_EVERYWHERE[what].search(source(name)) is None


# Only asks, and is sent from a page without a referrer, under which Django could not check a token's origin anyway
ASKS_ONLY = {"public/status.html", "public/check.html", "part/last_four.html"}
OF_MACHINES = {"kiosk/start.html", "kiosk/rate.html", "public/rate.html"}
"""Its address is its key, which no stranger's page knows; a press carries a key of its own (test_hall.py)."""


@pytest.mark.parametrize("name", [name for name in SCREENS if name not in ASKS_ONLY | OF_MACHINES])
def test_a_form_that_acts_carries_its_token(name: str) -> None:
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", source(name), re.DOTALL)

    assert all("{% csrf_token %}" in form for form in forms)


@pytest.mark.parametrize(
    "name", [name for name in SCREENS if not name.startswith("public/") and name not in ASKS_ONLY | OF_MACHINES]
)
def test_a_form_of_the_desks_is_answered_once(name: str) -> None:
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", source(name), re.DOTALL)

    assert all("{% form_key %}" in form for form in forms)


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_asks_only_for_files_that_exist(name: str) -> None:
    asked = re.findall(r"{%\s*static\s+'([^']+)'\s*%}", source(name))

    assert [path for path in asked if not (STATIC / path).is_file()] == []


def test_every_icon_that_is_drawn_is_in_the_sprite() -> None:
    drawn = {
        icon
        for name in SCREENS
        for icon in re.findall(r'part/icon\.html" with name="([^"]+)"|icons\.svg\' %}#([a-z0-9-]+)"', source(name))
        for icon in icon
        if icon
    }
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor" / "icons.svg").read_text(encoding="utf-8")))

    assert drawn
    assert drawn <= sprite


@pytest.mark.parametrize("name", ["tokens.css", "desk.css", "public.css"])
def test_vietnamese_type_is_left_as_it_is_written(name: str) -> None:
    """No capitals by CSS, no spaced letters: both break stacked marks (U-21)."""
    css = (STATIC / "css" / name).read_text(encoding="utf-8")

    assert re.search(r"text-transform\s*:\s*uppercase|letter-spacing|font-variant\s*:\s*small-caps", css) is None


@pytest.mark.parametrize("path", sorted((STATIC / "css").glob("*.css")), ids=lambda path: path.name)
def test_every_block_of_a_style_sheet_ends(path: Path) -> None:
    """A block left open swallows what follows; a browser says nothing."""
    rules = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    depth = [0]
    for brace in re.findall(r"[{}]", rules):
        depth.append(depth[-1] + (1 if brace == "{" else -1))

    assert (min(depth), depth[-1]) == (0, 0)
    assert max(depth) <= 4, "layer, media, rule and one within"


@pytest.mark.parametrize("path", sorted(STATIC.glob("js/*.js")), ids=lambda path: path.name)
def test_a_behaviour_runs_under_the_policy(path: Path) -> None:
    script = path.read_text(encoding="utf-8")

    assert (
        re.search(
            r"\beval\b|new Function|innerHTML|insertAdjacentHTML|document\.write|localStorage|sessionStorage", script
        )
        is None
    )
