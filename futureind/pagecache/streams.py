"""Files that the page cache does not keep: sent as they are read, with a validator all the same."""

from hashlib import blake2b

from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_sequence

from futureind.pagecache.page_store import choose_coding
from futureind.publishing.models.content_version import ContentVersion

# What is compressed already.
PACKED = "application/vnd.openxmlformats-officedocument"


def validator(request, query):
    """Return the weak ETag of a file: of its address, the state of the content and the day.

    Not of its bytes, which nobody has before they are sent. The day is there because files say it,
    and so that one of an older code is asked for again tomorrow.
    """
    state = (request.path, query, ContentVersion.stamp(), timezone.localdate())
    return f'W/"{blake2b(repr(state).encode(), digest_size=12).hexdigest()}"'


def likes_gzip(accepted):
    return choose_coding(accepted, ("gzip",)) == "gzip"


def compressed(request, response):
    """Return a streamed response, compressed while it is sent where the client likes that."""
    accepted = request.headers.get("Accept-Encoding", "")
    patch_vary_headers(response, ["Accept-Encoding"])
    if response["Content-Type"].startswith(PACKED) or not likes_gzip(accepted):
        return response
    response.streaming_content = compress_sequence(response.streaming_content)
    response["Content-Encoding"] = "gzip"
    return response
