"""Requests that no reader sends: odd paths, parameters, headers, encodings, methods and bodies.

They are bytes as they come over the wire. Addresses come from the URL configuration, parameters
from the FilterSets and forms behind them, so that a new page or parameter is tried without being
named here.
"""

import re
from urllib.parse import quote, quote_from_bytes

from django import forms
from django.urls import URLResolver, get_resolver
from django.utils.translation import override

from futureind.browse.filters import NarrowFilterSet
from futureind.publishing.models.slugged import Slugged
from tests.chance import dice

LANGUAGES = ("en", "zh-hans")
OURS = ("catalog.", "regions.", "futureind.")
KNOWN_SLUGS = 5

# Parts of addresses and values, as bytes that are still to be encoded.
TEXTS = [
    b"",
    b"\x00",
    b"a\x00b",
    b"\xff\xfe",
    b"\xc0\xaf",
    b"\xe0\x80\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xe9\x87",
    "量子".encode(),
    "人形机器人".encode() * 30,
    "\u202e\u2028\u0085\ufeff\u200b".encode(),
    "é".encode("latin-1"),
    "💥".encode() * 60,
    b"5" * 5000,
    b"-1",
    b"0",
    b"1e9",
    b"9" * 19,
    b"99999999999999999999999",
    b"NaN",
    b"Infinity",
    b"0x10",
    "²".encode(),
    "٣".encode(),
    b"a" * 3000,
    b" ",
    b"\t\n\r",
    b"x\r\nSet-Cookie: a=b",
    b"../../../../etc/passwd",
    b"..%2f..%2f",
    b"' OR 1=1 --",
    b'"; DROP TABLE x; --',
    b"%",
    b"_",
    b"*",
    b"\\",
    b"(a|b)+$",
    b"NEAR/5 AND OR NOT",
    b'"' * 99,
    b"<script>alert(1)</script>",
    b"{{ 7*7 }}{% debug %}",
    b"${jndi:ldap://x}",
    b"=cmd|' /C calc'!A0",
    b"a," * 500,
    b"q " * 90,
    b"0000-00-00",
    b"0000-01-01",
    b"0001-01-01",
    b"9999-12-31",
    b"10000-01-01",
    b"2025-02-30",
    b"2025-13-01",
    b"2025-1-1",
    b"2025-01-01T00:00:00Z",
    "２０２５-01-01".encode(),
    b"-2025-01-01",
    b"true",
    b"None",
    b"[]",
    b"__proto__",
    "工信部联科〔2024〕12号".encode(),
    "〔〕号".encode(),
]
# Names of headers that the site, or what it is built on, looks at.
HEADERS = {
    b"Host": [
        b"",
        b"evil.example",
        b"localhost:99999999",
        b"[::1",
        b"[::1]",
        b"a b",
        b"\xff",
        b"localhost, x",
    ],
    b"Accept-Language": [
        b"*",
        b"zh-" + b"a-" * 900,
        b"en;q=" + b"9" * 600,
        b",,;;==",
        b"zh-Hant-TW",
        b"\x80",
    ],
    b"Accept-Encoding": [b"br;q=nan", b"gzip;q=-1", b";", b"*;q=0", b"," * 2000, b"identity;q=0"],
    b"Accept": [b"", b"*/*;q=x", b"application/json", b"\xfe/\xfe", b"," * 500],
    b"If-Modified-Since": [
        b"",
        b"yesterday",
        b"Mon, 01 Jan 0000 00:00:00 GMT",
        b"Sun, 06 Nov 99999 08:49:37 GMT",
    ],
    b"If-Unmodified-Since": [b"x", b"Mon, 31 Feb 2025 00:00:00 GMT"],
    b"If-None-Match": [b"*", b'"' * 400, b"W/", b'"a", ' * 400, b"\xff"],
    b"If-Match": [b"*", b'"x"'],
    b"If-Range": [b'"x"', b"yesterday"],
    b"Range": [
        b"bytes=0-",
        b"bytes=-1",
        b"bytes=9-1",
        b"bytes=" + b"0-0," * 900,
        b"lines=1-2",
        b"bytes=" + b"9" * 99 + b"-",
    ],
    b"Cookie": [
        b"sessionid=x",
        b"sessionid=" + b"a" * 32,
        b"sessionid=\x00",
        b"sessionid=" + b"z" * 4000,
        b"csrftoken=\xff\xff",
        b"messages=[[]]; sessionid",
        b"=;=;=" * 300,
        b"django_language=../../x",
        b"__Host-a=b; " * 200,
    ],
    b"Authorization": [b"Basic !!!", b"Bearer " + b"x" * 2000, b"Digest"],
    b"Cache-Control": [b"no-cache", b"max-age=x", b"only-if-cached"],
    b"Content-Type": [
        b"",
        b"multipart/form-data",
        b"multipart/form-data; boundary=",
        b"application/json; charset=x",
        b"text/plain; charset=utf-7",
    ],
    b"Content-Length": [b"-1", b"x", b"9" * 30, b"3, 3"],
    b"Transfer-Encoding": [b"chunked", b"chunked, chunked", b"identity", b"x"],
    b"Expect": [b"100-continue", b"200-ok"],
    b"Referer": [b"http://[::1", b"\xff", b"javascript:x"],
    b"Origin": [b"null", b"http://[", b"https://evil.example"],
    b"User-Agent": [b"\x80\x81", b"x" * 6000],
    b"X-Forwarded-For": [b"6.6.6.6", b"x" * 900, b"," * 900],
    b"X-Forwarded-Proto": [b"https", b"gopher", b"https, http"],
    b"X-Forwarded-Host": [b"evil.example", b"\xff"],
    b"Forwarded": [b'for="[::1]";proto=https'],
    b"X-HTTP-Method-Override": [b"DELETE"],
    b"X-Original-URL": [b"/admin/"],
    b"SCRIPT_NAME": [b"/evil", b""],
    b"Script-Name": [b"/evil"],
    b"PATH_INFO": [b"/admin/"],
    b"Proxy": [b"http://evil.example"],
    b"HX-Request": [b"true", b"\xff"],
    b"HX-Current-URL": [b"http://[", b"\xff"],
    b"HX-Current-URL-URI-AutoEncoded": [b"true"],
    b"X-CSRFToken": [b"\xff" * 64],
    b"X-Requested-With": [b"XMLHttpRequest"],
    b"Upgrade": [b"h2c", b"websocket"],
    b"Connection": [b"Upgrade, HTTP2-Settings", b"close"],
    b"HTTP2-Settings": [b"!!!"],
}
METHODS = [
    b"POST",
    b"HEAD",
    b"PUT",
    b"PATCH",
    b"DELETE",
    b"OPTIONS",
    b"TRACE",
    b"PROPFIND",
    b"get",
    b"CONNECT",
    b"G\x00T",
    b"X" * 30,
]
BODIES = [
    b"",
    b"\x00\xff",
    b"a=" + b"b" * 5000,
    b"a&" * 6000,
    b"--x\r\n",
    b'{"a":',
    b"csrfmiddlewaretoken=%00",
]


def public_routes():
    """Return the routes of the URL configuration that anybody may ask for, in both languages."""
    routes = set()
    for language in LANGUAGES:
        with override(language):
            routes |= set(routes_of(get_resolver().url_patterns, ""))
    return sorted(routes)


def routes_of(patterns, prefix):
    for pattern in patterns:
        if not isinstance(pattern, URLResolver):
            yield prefix + str(pattern.pattern)
        elif pattern.namespace != "admin":
            yield from routes_of(pattern.url_patterns, prefix + str(pattern.pattern))


def subclasses(base):
    for child in base.__subclasses__():
        yield child
        yield from subclasses(child)


def public_parameters():
    """Return the names of all parameters that public pages know, and a few that none does."""
    names = {"page", "region", "plan", "form", "utm_source", "callback", "_method"}
    for filterset in subclasses(NarrowFilterSet):
        names |= set(filterset.base_filters)
    for form in subclasses(forms.Form):
        if form.__module__.startswith(OURS) and "admin" not in form.__module__:
            names |= set(form.base_fields)
    return sorted(names)


def known_slugs():
    """Return slugs of public records of every kind."""
    slugs = []
    for model in subclasses(Slugged):
        if not model._meta.abstract and hasattr(model.objects, "public"):
            slugs += model.objects.public().values_list("slug", flat=True)[:KNOWN_SLUGS]
    return sorted(slugs)


class Attacker:
    """Makes requests as bytes, always the same ones for one seed and one content.

    Parameters: ``name`` of its dice; ``slugs``, of records to ask for, by default some of every
    kind.
    """

    def __init__(self, name, slugs=None):
        self.random = dice(name)
        self.routes = public_routes()
        self.parameters = public_parameters()
        self.slugs = known_slugs() if slugs is None else slugs

    def requests(self, number):
        return [self.request() for _ in range(number)]

    def request(self):
        target = self.path()
        if self.chance(0.75):
            target += b"?" + self.query()
        method = b"GET" if self.chance(0.85) else self.random.choice(METHODS)
        version = b"HTTP/1.1" if self.chance(0.98) else b"HTTP/9.9"
        headers, body = self.headers(), b""
        if method not in (b"GET", b"HEAD") or self.chance(0.02):
            body = self.random.choice(BODIES)
            headers += self.framing(body)
            if b"Transfer-Encoding: chunked" in headers:
                body = chunks(body, self.random)
        # Longer ones gunicorn refuses without a look at them.
        longest = 8186 - len(method) - len(version) if self.chance(0.98) else 60_000
        target = target[:longest]
        lines = [b"%s %s %s" % (method, target, version), *headers]
        return b"\r\n".join(lines) + b"\r\n\r\n" + body

    def chance(self, share):
        return self.random.random() < share

    def text(self):
        text = self.random.choice(TEXTS)
        return text + self.random.choice(TEXTS) if self.chance(0.1) else text

    def path(self):
        route = self.random.choice(self.routes)
        path = b"/" + re.sub(r"<[^>]+>", lambda _: self.slug(), route).encode("latin-1")
        if self.chance(0.85):
            return path
        bent = [
            lambda: path + self.encoded(self.text()),
            lambda: path.rstrip(b"/"),
            lambda: path.replace(b"/", b"//"),
            lambda: path + b"../../" * self.random.randrange(1, 9) + b"etc/passwd",
            lambda: path + b"%2e%2e%2f%00",
            lambda: path + b"%zz%",
            lambda: path.upper(),
            lambda: path.replace(b"e", b"%65"),
            lambda: path.replace(b"/", b"\\"),
            lambda: path + b";a=b",
            lambda: path + b"\xff\xfe",
            lambda: b"/static/" + self.encoded(self.text()),
            lambda: b"http://evil.example" + path,
            lambda: b"*",
            lambda: b"//evil.example" + path,
        ]
        return self.random.choice(bent)()

    def slug(self):
        if self.slugs and self.chance(0.7):
            return self.random.choice(self.slugs)
        return self.encoded(self.text()).decode("latin-1")

    def query(self):
        if self.chance(0.03):
            name = self.random.choice(self.parameters).encode()
            return b"&".join([name + b"=" + self.encoded(self.value())] * 1000)
        if self.chance(0.05):
            return self.encoded(self.text(), rest=b"=&;%+#?")
        pairs = [self.pair() for _ in range(self.random.choice([1, 1, 2, 3, 6]))]
        return b"&".join(pairs)

    def pair(self):
        known = self.chance(0.95)
        name = self.random.choice(self.parameters).encode() if known else self.encoded(self.text())
        return (
            name
            + self.random.choice([b"=", b"=", b"=", b"=", b"", b"[]=", b"=="])
            + self.encoded(self.value())
        )

    def value(self):
        if self.chance(0.3):
            return self.random.choice([*self.slugs, "1", "2", "-issued", "2025-06-30"]).encode()
        return self.text()

    def encoded(self, text, rest=b""):
        """Return bytes as they stand in an address, mostly with percent signs, sometimes raw."""
        if self.chance(0.03):
            return re.sub(rb"[\x00-\x20]", b"", text)
        if self.chance(0.05):
            return b"".join(b"%%%02x" % byte for byte in text)
        return quote_from_bytes(text, safe=quote(rest, safe=rest)).encode()

    def headers(self):
        headers = [] if self.chance(0.02) else [b"Host: localhost"]
        for name in self.random.sample(list(HEADERS), self.random.choice([0, 0, 1, 1, 2, 5])):
            # A strange Host is refused before any view: often enough, and no oftener.
            if name == b"Host" and self.chance(0.7):
                continue
            headers.append(name + b": " + self.random.choice(HEADERS[name]))
            if name == b"Host" and self.chance(0.8):
                headers = headers[1:]
        if self.chance(0.02):
            broken = [
                b"No colon",
                b": empty",
                b"A\x00: b",
                b" folded: x",
                b"X: " + b"a" * 9000,
                b"X-A: b\rc",
            ]
            headers.append(self.random.choice(broken))
        if self.chance(0.01):
            headers += [b"X-%d: y" % number for number in range(120)]
        return headers

    def framing(self, body):
        kind = self.random.choice(
            [
                b"application/x-www-form-urlencoded",
                b"multipart/form-data; boundary=x",
                b"text/plain",
            ]
        )
        if self.chance(0.3):
            return [b"Content-Type: " + kind, b"Transfer-Encoding: chunked"]
        return [b"Content-Type: " + kind, b"Content-Length: %d" % len(body)]


def chunks(body, random):
    """Return a body in chunks, well formed or not."""
    if random.random() < 0.2:
        return random.choice(
            [b"zz\r\n", b"5\r\nabc", b"-1\r\n\r\n", b"ffffffffffffffffff\r\n", b"0;" + b"a" * 9000]
        )
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
