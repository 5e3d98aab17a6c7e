"""The running server: what gunicorn itself answers, and the first visit by a browser."""

import socket
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser


def status_of(site, raw):
    """Send bytes as they are; return the status code of the answer."""
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(raw)
        answer = connection.makefile("rb").readline()
    return int(answer.split()[1])


def test_a_request_with_two_lengths_is_refused(site):
    # Two readers of such a request disagree where it ends, which lets one hide inside another.
    raw = (
        b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )

    assert status_of(site, raw) == 400


@pytest.mark.parametrize(("length", "statuses"), [(8000, {200, 302, 404}), (9000, {414})])
def test_long_addresses_reach_the_site_up_to_a_limit(site, length, statuses):
    raw = b"GET /?q=%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % (b"a" * length)

    assert status_of(site, raw) in statuses


def test_what_is_too_large_is_refused_before_it_is_sent(site):
    raw = b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000\r\n\r\n"

    assert status_of(site, raw) == 413


def test_an_unknown_host_name_is_refused(site):
    assert status_of(site, b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n") == 400


def test_the_administrator_signs_in_with_the_printed_password(page, site):
    refused = []
    page.on("console", lambda m: refused.append(m.text) if "Content Security" in m.text else None)

    page.goto("/admin/login/")
    page.fill("#id_username", "administrator")
    page.fill("#id_password", site.passwords["administrator"])
    page.click("[type=submit]")

    assert page.locator("#logout-form").is_visible()
    assert refused == []


@pytest.mark.parametrize("path", ["/en/", "/zh-hans/documents/", "/en/search/?q=space"])
def test_a_page_arrives_whole(page, path):
    # Under hashed names: a file that a template names and nobody has collected fails here.
    complaints = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("response", lambda r: complaints.append(r.url) if r.status >= 400 else None)

    page.goto(path)

    assert page.locator("main").is_visible()
    assert page.evaluate("document.styleSheets.length") > 0
    assert complaints == []
