"""Pages in memory: each in its compressed forms, all together bounded in bytes."""

import gzip
import threading
from collections import OrderedDict
from functools import lru_cache
from hashlib import blake2b

import brotli

# What a page takes beside its compressed forms: headers, keys and Python's own objects.
OVERHEAD = 4096
# The forms that are kept, smallest first; the plain one is unpacked when somebody asks for it.
CODINGS = ("br", "gzip")
IDENTITY = "identity"
# How long a thread waits for another that computes the same page before it does so itself.
PATIENCE = 10


class Page:
    """One successful response, kept compressed.

    Parameters: ``state``, what it was computed from, compared only for being equal; ``headers``, a
    list of pairs that hold for every form; ``body``, bytes.
    """

    def __init__(self, state, headers, body):
        self.state = state
        self.headers = headers
        self.digest = blake2b(body, digest_size=12).hexdigest()
        # One call each and no shared compressor: those may not be used by two threads at once.
        self.bodies = {
            "br": brotli.compress(body, mode=brotli.MODE_TEXT, quality=5),
            "gzip": gzip.compress(body, compresslevel=6, mtime=0),
        }
        self.size = OVERHEAD + sum(map(len, self.bodies.values()))

    def body(self, coding):
        if coding == IDENTITY:
            return gzip.decompress(self.bodies["gzip"])
        return self.bodies[coding]

    def etag(self, coding):
        """Return the strong validator of one form: forms differ in bytes, so in validators too."""
        return f'"{self.digest}-{coding}"'


class PageStore:
    """The most recently used pages by address, never more than ``limit`` bytes of them.

    An address has one page, the last that was stored: that of an older state stays for the time
    when no state can be read. Since only pages of the present state are used, those of older ones
    are the first to go.
    """

    def __init__(self, limit):
        self.limit = limit
        self.size = 0
        self.pages = OrderedDict()
        self.lock = threading.Lock()

    def __len__(self):
        return len(self.pages)

    def get(self, address, state):
        """Return the page of an address in a state, else None."""
        with self.lock:
            page = self.pages.get(address)
            if page is None or page.state != state:
                return None
            self.pages.move_to_end(address)
            return page

    def last_known(self, address):
        """Return the page of an address whatever its state, possibly stale, else None."""
        with self.lock:
            return self.pages.get(address)

    def put(self, address, page):
        with self.lock:
            self.remove(address)
            self.pages[address] = page
            self.size += cost(address, page)
            while self.size > self.limit:
                self.remove(next(iter(self.pages)))

    def remove(self, address):
        page = self.pages.pop(address, None)
        if page is not None:
            self.size -= cost(address, page)


def cost(address, page):
    return page.size + sum(map(len, address))


class Flights:
    """Request collapsing: of several threads that need the same page, one computes it."""

    def __init__(self):
        self.running = {}
        self.lock = threading.Lock()

    def join(self, key):
        """Return True to the first, who must ``land`` in any case; False to others, after it did.

        Nobody waits longer than ``PATIENCE``.
        """
        with self.lock:
            landed = self.running.get(key)
            if landed is None:
                self.running[key] = threading.Event()
                return True
        landed.wait(PATIENCE)
        return False

    def land(self, key):
        with self.lock:
            landed = self.running.pop(key)
        landed.set()


@lru_cache(maxsize=64)
def choose_coding(accepted, among=CODINGS):
    """Return the form to send, by the header Accept-Encoding: one of ``among``, or ``identity``.

    Of those that the client likes most the smallest wins. The plain form, unless named, is liked
    least. It is also the answer to a client that refuses everything: there is no better one.
    """
    weights = {}
    for part in accepted.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weights[name] = quality(parameters)
    liked = {coding: weights.get(coding, weights.get("*", 0)) for coding in among}
    liked[IDENTITY] = weights.get(IDENTITY, 0)
    best = max(liked.values())
    return next(coding for coding in liked if liked[coding] == best) if best > 0 else IDENTITY


def quality(parameters):
    """Return the weight among the parameters of one coding; 0 where it cannot be understood."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0
            return weight if 0 <= weight <= 1 else 0
    return 1


def matches(if_none_match, etag):
    """True where the header If-None-Match names an ETag, weakened by a proxy or not."""
    if not if_none_match:
        return False
    names = [name.strip().removeprefix("W/") for name in if_none_match.split(",")]
    return etag in names or names == ["*"]
