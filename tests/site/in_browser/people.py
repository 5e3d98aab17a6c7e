"""Editors at a browser."""

from playwright.sync_api import expect

# (address, user name) → cookies
SESSIONS = {}


def log_in(page, site, name):
    """Sign in by the form, the first time; later windows of the same person know them already."""
    known = SESSIONS.get((site.url, name))
    if known:
        page.context.add_cookies(known)
        page.goto("/admin/")
        return
    page.goto("/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", site.passwords[name])
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")
    SESSIONS[site.url, name] = page.context.cookies()


def approve(chromium, site, proposal, scripts):
    context = chromium.new_context(base_url=site.url, java_script_enabled=scripts)
    page = context.new_page()
    log_in(page, site, "administrator")
    page.goto(proposal)
    page.click("[name=_approve]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    context.close()
