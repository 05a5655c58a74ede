"""What a browser would send of a form, read from the page as the browser reads it."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    """A choice with nothing chosen sends its first; a box that is not ticked sends nothing."""

    def __init__(self):
        super().__init__()
        self.forms, self.select, self.area = [], None, None

    def handle_starttag(self, tag, attrs):
        field = dict(attrs)
        name, value = field.get("name"), field.get("value") or ""
        if tag == "form":
            self.forms.append({})
        elif tag == "input" and name and self.forms:
            if field.get("type") not in {"checkbox", "radio"} or "checked" in field:
                self.forms[-1][name] = value
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and self.forms:
            if "selected" in field or self.select not in self.forms[-1]:
                self.forms[-1][self.select] = value
        elif tag == "textarea" and self.forms:
            self.area, self.forms[-1][name] = name, ""

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.forms[-1][self.area] += data


def sent_from(page: str, *, having: str) -> dict[str, str]:
    """All that is sent, untouched, from the one form with a field of that name; without buttons."""
    reader = _Reader()
    reader.feed(page)
    (form,) = [form for form in reader.forms if having in form]
    return form
