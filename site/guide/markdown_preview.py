"""What a Markdown block will look like, while it is written."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from wagtail.permissions import page_permission_policy

from guide.markdown import faults_of, to_html

LONGEST = 200_000


@require_POST
def preview_markdown(request: HttpRequest) -> HttpResponse:
    """The cleaned HTML of the text, and what the cleaning took away. Nothing is kept.

    Below /cms/, where Wagtail lets in only those who may enter the editor; here only those who may write pages.
    """
    if not page_permission_policy.user_has_any_permission(request.user, ["add", "change"]):
        raise Http404
    text = request.POST.get("text", "")[:LONGEST]
    on_line = gettext("Line {line}: {what}")
    faults = [
        {"line": fault.line, "sentence": on_line.format(line=fault.line, what=fault.sentence)}
        for fault in faults_of(text)
    ]
    return JsonResponse({"html": to_html(text), "faults": faults})
