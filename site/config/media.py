"""Uploaded pictures, served so that nothing in them can run.

On one machine the web process serves them; past one machine the proxy or the object storage does, with the same
headers (docs/running.md). Documents never come this way: Wagtail hands them out, after asking who may have them.
"""

from pathlib import PurePosixPath

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

# Made by us from what was uploaded: renditions in the right size. Originals stay where they are.
FOLDERS = {"images"}
PICTURES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    name = PurePosixPath(path)
    kind = PICTURES.get(name.suffix.lower())
    if kind is None or len(name.parts) != 2 or name.parts[0] not in FOLDERS:
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    # The name holds the size and focal point: a changed picture has another name.
    response["Cache-Control"] = "public, max-age=2592000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if isinstance(response, FileResponse):
        response["Content-Type"] = kind
        response["Content-Disposition"] = "inline"
    return response
