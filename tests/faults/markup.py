# ruff: noqa: E501 - a table
"""A hundred strings that somebody's program takes for markup, a formula, a query, a path or a command."""

from __future__ import annotations

_TAGS = (
    "b", "i", "u", "h1", "p", "a href='http://evil.example'", "img src='file:///etc/passwd'", "br", "hr", "table",
    "font color=red", "span style='font-size:99px'", "script", "style", "iframe src='http://evil.example'", "svg",
    "object data='x'", "form action='x'", "input value='x'", "meta http-equiv=refresh", "base href='x'", "video",
    "link rel=stylesheet href='//evil.example/x'", "html", "body onload='x'", "qt", "center", "pre", "code", "li",
)  # fmt: skip
_OTHERS = (
    "&lt;b&gt;", "&amp;&copy;&#60;b&#62;", "<!-- x -->", "<![CDATA[<b>x</b>]]>", "<!DOCTYPE html><b>x",
    "<?xml version='1.0'?><b/>", "<b", "b>", "<>", "</b>", "<b/>x", "< b>x</ b>", "<B>X</B>", "<b\n>x</b\n>",
    "<img src=//evil.example/share/x.png>", "<img src='\\\\evil.example\\share\\x.png'>", "<a href='javascript:x'>x</a>",
    "<a href='mailto:x?bcc=y'>x</a>", "**fett**", "# Überschrift", "[Wort](http://evil.example)", "![x](file:///x)",
    "`x`", "| a | b |\n|---|---|", "- [x] a", "{0} {name} %s %n %1 %L1", "${x} $(x) `x`", "{{7*7}}", "<%= x %>",
    "=1+1", "=HYPERLINK(\"http://evil.example\")", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", " =1+1",
    "=cmd|' /C calc'!A0", "'=1+1", "\" OR 1=1 --", "'; DROP TABLE entry; --", "a* NEAR(b c) OR NOT", "^a", "text:\"x",
    "name:)(", "x' UNION SELECT 1 --", "%_%", "\\", "\x00nul", "\x1b[31mrot", "\x07", "\u202egnp.exe", "\u2066x\u2069",
    "\u200bx\u200b", "\ufeffx", "e\u0301" * 50, "Z\u0351\u0350\u034b" * 30, "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "../../../etc/passwd", "C:\\Windows\\System32\\cmd.exe", "CON", "NUL.pdf", "a/b", "a:b", "." * 300, "A" * 2000,
    "Zeile 1\nZeile 2\r\nZeile 3\u2028Zeile 4", "&Datei", "&&x", "file:///etc/passwd", "//evil.example/share",
)  # fmt: skip
STRINGS: tuple[str, ...] = tuple(f"<{tag}>x</{tag.split()[0]}>" for tag in _TAGS) + _OTHERS
