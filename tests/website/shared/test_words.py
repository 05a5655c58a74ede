"""The editor's HTML as plain data."""

import pytest

from shared.words import blocks_of, plain_blocks


def p(*runs):
    return {"kind": "p", "runs": [{"t": run} if isinstance(run, str) else run for run in runs]}


def test_words_keep_their_weight_and_links_to_other_sites():
    html = "<p>Skriv <b>tyst</b> och <i>var <b>för</b> sig</i>, se "
    html += '<a href="https://a.example/">A</a> eller <a href="/b/">B</a>.</p>'
    assert blocks_of(html) == [
        p("Skriv ", {"t": "tyst", "b": True}, " och ", {"t": "var ", "i": True}, {"t": "för", "b": True, "i": True},
          {"t": " sig", "i": True}, ", se ", {"t": "A", "to": "https://a.example/"}, " eller ", "B", ".")
    ]  # fmt: skip


def test_lists_stand_in_lists():
    html = "<ul><li>ett<ol><li>a</li><li>b</li></ol></li><li><p>två</p></li></ul>"
    inner = {"kind": "ol", "items": [[p("a")], [p("b")]]}
    assert blocks_of(html) == [{"kind": "ul", "items": [[p("ett"), inner], [p("två")]]}]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("", []),
        ("<p>  </p>\n<p>ett\n två</p>", [p("ett två")]),
        ("<h2>R</h2>t", [{"kind": "h", "runs": [{"t": "R"}]}, p("t")]),
        ("<script>x</script><style>y</style>t", [p("t")]),
        ("</ul></li></b><li>t", [p("t")]),
        ('<a href="javascript:x">t</a>', [p("t")]),
        ("<blockquote>t</blockquote>", [{"kind": "quote", "blocks": [p("t")]}]),
        ("1 &lt; 2 &amp; <br>3", [p("1 < 2 & ", "3")]),
    ],
)
def test_whatever_the_html_its_text_is_read(html, blocks):
    assert blocks_of(html) == blocks


def test_an_empty_line_begins_a_new_paragraph():
    assert plain_blocks("ett\ntvå\n\n  tre ") == [p("ett två"), p("tre")]
