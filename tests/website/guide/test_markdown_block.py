"""A Markdown block: no script, style or event handler survives, and the editor sees what will."""

import html
import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from guide.blocks import MarkdownBlock
from guide.markdown import TAGS, faults_of, to_html

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.se/x.js></SCRIPT>",
    "<script\n>alert(1)</script\n>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<body onload=alert(1)>",
    "<b onmouseover=alert(1)>x</b>",
    "<p style=\"background:url(javascript:alert(1))\">x</p>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//x.se/x.css>",
    "<base href=//x.se/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=data:text/html;base64,PHNjcmlwdD4=></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<template><script>alert(1)</script></template>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<a href=\" javascript:alert(1)\">x</a>",
    "<a href=\"java\nscript:alert(1)\">x</a>",
    "<a href='x' onclick='alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](<java&#9;script:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](\x01javascript:alert(1))",
    "[x][y]\n\n[y]: javascript:alert(1) 'title'",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x\" onerror=\"alert(1)](x)",
    "[x](https://x.se \"t\" onclick=alert(1))",
    "> <script>alert(1)</script>",
    "- <script>alert(1)</script>",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "**<script>alert(1)</script>**",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo '<script>alert(1)</script>' ?>",
    "<div\tonclick=alert(1)>x</div>",
    "<p class=\"x\" id=\"y\" data-controller=\"w-action\">x</p>",
]  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^>]*)>")


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_runs_survives(attack):
    shown = to_html(f"Före\n\n{attack}\n\nefter")
    for _slash, name, rest in _TAG.findall(shown):
        assert name in TAGS, shown
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', rest))
        assert set(attributes) <= ({"href", "rel"} if name == "a" else set()), shown
        assert re.match(r"https?:|mailto:|tel:|[^:]*$", attributes.get("href", "")), shown
    assert "javascript:" not in re.sub(r">[^<]*<", "><", shown).lower()
    assert "Före" in shown


@pytest.mark.parametrize(
    "attack",
    [each for each in ATTACKS if re.match(r"<(s|i|b|a)[^/]*$|<(script|style|iframe)\b|\[x\]\(j", each, re.DOTALL)],
)
def test_the_editor_is_told_instead_of_losing_words(attack):
    faults = faults_of(f"Första raden\n\n{attack}")
    assert faults
    assert faults[0].line in {3, 4, 5}
    with pytest.raises(ValidationError, match=r"(Rad|Line) \d"):
        MarkdownBlock().clean(f"x\n\n{attack}")


@pytest.mark.parametrize(
    "text",
    ["**fet** [länk](https://x.se) `<script>`", "```\n<script>x</script>\n```", "1 < 2 & 3 > 2", "<https://x.se>",
     "| a | b |\n|---|---|\n| <b>1</b> | 2 |", "rad<br>rad", "[sida](/guiden/), [här](#del), [brev](mailto:a@x.se)"],
)  # fmt: skip
def test_ordinary_markdown_has_no_faults(text):
    assert faults_of(text) == []
    assert MarkdownBlock().clean(text) == text


def test_headings_begin_at_the_second_level_and_tables_stand():
    shown = to_html("# Stor\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert "<h1" not in shown
    assert "<h2>Stor</h2>" in shown
    assert "<td>1</td>" in shown


def test_an_editor_sees_the_cleaned_text_and_what_was_taken_away(client, guide, cast):
    client.force_login(cast.editor)
    answer = client.post(reverse("guide_markdown_preview"), {"text": "Hej **du**\n\n<script>alert(1)</script>"})
    assert answer.status_code == 200
    told = answer.json()
    assert "<strong>du</strong>" in told["html"]
    assert "script" not in told["html"]
    assert told["faults"][0]["line"] == 3


@pytest.mark.parametrize("role", ["employee", "outsider", "manager", "hr", "facilitator"])
def test_others_get_no_preview(client, guide, cast, role):
    client.force_login(getattr(cast, role))
    answer = client.post(reverse("guide_markdown_preview"), {"text": "**x**"})
    assert answer.status_code in {302, 404}
    assert b"strong" not in answer.content


def test_the_preview_answers_post_alone(client, guide, cast):
    client.force_login(cast.editor)
    assert client.get(reverse("guide_markdown_preview")).status_code == 405


def test_a_block_that_holds_html_is_refused_at_its_field(client, guide, cast):
    from guide.models import FrontPage

    front = FrontPage.objects.get(locale__language_code="sv")
    client.force_login(cast.editor)
    answer = client.post(
        reverse("wagtailadmin_pages:add", args=["guide", "articlepage", front.pk]),
        {
            "title": "Nytt", "slug": "nytt", "lead": "En kort text.", "minutes_to_read": "",
            "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "markdown",
            "body-0-id": "", "body-0-value": "Hej\n\n<script>x()</script>", "action-publish": "1",
            "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
            "comments-MIN_NUM_FORMS": "0", "comments-MAX_NUM_FORMS": "",
        },
    )  # fmt: skip
    assert answer.status_code == 200
    assert "Rad 3: HTML tas inte emot här" in json.loads(f'"{_told(answer)}"')


def _told(answer):
    return re.search(r'Rad 3: [^"]*', html.unescape(answer.content.decode()))[0]
