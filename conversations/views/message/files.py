"""The files of messages; each request, also for a part of a file, checks again that the reader may see it."""

import re
from collections.abc import Iterator

from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from conversations.models import Attachment
from conversations.models.attachment.attachment import FileFilter
from conversations.models.attachment.stored_file import path_of
from conversations.text import file_types
from conversations.text.file_types import MAX_NAME_CHARACTERS
from conversations.views.finding import find_conversation, find_message, parse_id

CHUNK_BYTES = 64 * 1024
PAGE_FILES = 40
# The kinds of files that browsers may show by themselves, and the types to send them with.
OPENED = {"text": "text/plain; charset=utf-8", "pdf": "application/pdf"}
# Browsers show no PDF document in a sandbox; they run its scripts, if at all, apart from ours.
WITHOUT_SANDBOX = "default-src 'none'; frame-ancestors 'none'"
ONE_RANGE = re.compile(r"bytes=(?P<start>[0-9]{0,18})-(?P<end>[0-9]{0,18})")
HEADERS = {
    # Cached, but revalidated each time: people who have left must no longer see it.
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Accept-Ranges": "bytes",
}


class FileResponse(StreamingHttpResponse):
    """A part of a stored file. Our server sends it from `on_disk` (path, start, end), other servers iterate over it."""

    def __init__(self, name: str, start: int, end: int, **options: object) -> None:
        super().__init__(chunks(name, start, end), **options)
        self.headers["Content-Length"] = str(end - start)
        path = path_of(name)
        self.on_disk = (path, start, end) if path else None


@require_safe
def file(request, pk, name):
    """Send a file: pictures, and with `?open` texts and PDF documents, to be shown, and others to be stored."""
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk, name=name)
    if attachment.is_picture:
        return send(request, attachment, attachment.content_type)
    if "open" in request.GET and attachment.kind in OPENED:
        response = send(request, attachment, OPENED[attachment.kind])
        if attachment.kind == "pdf":
            response["Content-Security-Policy"] = WITHOUT_SANDBOX
        return response
    response = send(request, attachment, file_types.served_as(attachment.content_type))
    response["Content-Disposition"] = content_disposition_header(True, attachment.name)
    return response


@require_safe
def show(request, pk):
    """Show a picture between the one before it and the one after it in its conversation."""
    picture = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk, width__isnull=False)
    message = find_message(request, picture.message_id)
    conversation = find_conversation(request, message.conversation_id)
    seen = Attachment.objects.visible_to(request.user)
    before, after = seen.pictures_before(picture, conversation.pk), seen.pictures_after(picture, conversation.pk)
    neighbours = {"before": before.first(), "after": after.first()}
    context = {"conversation": conversation, "message": message, "picture": picture, **neighbours}
    return render(request, "message/picture.html", context)


@require_safe
def of_conversation(request, pk):
    """List the files of a conversation: `?kind=` of one kind, `?q=` with a part of their names."""
    conversation = find_conversation(request, pk)
    name = request.GET.get("q", "").replace("\0", "").strip()[:MAX_NAME_CHARACTERS]
    kind = request.GET.get("kind", "")
    shown = FileFilter(kind) if kind in FileFilter.values else FileFilter.ALL
    found = Attachment.objects.visible_to(request.user).in_conversation(pk, shown, name)
    page = found.with_senders().page(parse_id(request.GET.get("earlier", "")), PAGE_FILES)
    context = {"conversation": conversation, "shown": shown, "filters": FileFilter, "name": name}
    context |= {"files": page.rows, "earlier": page.next}
    return render(request, "conversation/files.html", context)


@require_safe
def thumbnail(request, pk, size):
    found = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk, width__isnull=False)
    return send(request, found, "image/webp", size)


def send(request: HttpRequest, attachment: Attachment, content_type: str, size: str = "") -> HttpResponseBase:
    """Send a file, or the requested part of it, or 304 if the browser has it."""
    name, tag = attachment.stored_as(size), f'"{attachment.pk}-{attachment.key[-8:]}{size}"'
    headers = HEADERS | {"ETag": tag}
    known = get_conditional_response(request, etag=tag, response=HttpResponse(headers=headers))
    if known and known.status_code != 200:
        return known
    try:
        length = storages["files"].size(name)
    except FileNotFoundError as error:
        raise Http404 from error
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type, headers=headers | {"Content-Length": str(length)})
    part = part_of(request, length, tag)
    if part is None:
        return FileResponse(name, 0, length, content_type=content_type, headers=headers)
    start, end = part
    if start >= end:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{length}"})
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{length}"
    return FileResponse(name, start, end, status=206, content_type=content_type, headers=headers)


def part_of(request: HttpRequest, length: int, tag: str) -> tuple[int, int] | None:
    """Read the requested bytes as (start, end), `end` excluded; None for the whole file, and for unknown ranges.

    An empty range means that there are no such bytes.
    """
    wanted = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if not wanted or request.headers.get("If-Range", tag) != tag:
        return None
    match wanted["start"], wanted["end"]:
        case "", "":
            return None
        case "", last:
            return max(0, length - int(last)), length
        case start, "":
            return int(start), length
        case start, end:
            return (int(start), min(int(end) + 1, length)) if int(start) <= int(end) else None


def chunks(name: str, start: int, end: int) -> Iterator[bytes]:
    with storages["files"].open(name) as stored:
        stored.seek(start)
        while chunk := stored.read(min(CHUNK_BYTES, end - start)):
            start += len(chunk)
            yield chunk
