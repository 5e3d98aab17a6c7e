"""A visitor of the journeys: walks without scripts from the home page and counts the clicks."""

import re

MOST_CLICKS = 4
WALKING = {"java_script_enabled": False, "viewport": {"width": 1280, "height": 900}}


class Walk:
    """A visitor who starts on the home page and counts clicks; sending a search is one."""

    def __init__(self, page, language):
        self.page, self.language, self.clicks = page, language, 0
        page.goto(f"/{language}/")

    def click(self, target):
        self.clicks += 1
        assert self.clicks <= MOST_CLICKS
        target.click()
        self.page.wait_for_load_state()

    def link(self, words, within="main"):
        return self.page.locator(within).get_by_role("link", name=words, exact=True).first

    def follow(self, path):
        """Click the first link on the page that leads to a path of the site."""
        self.click(self.page.locator(f'main a[href^="/{self.language}/{path}"]').first)

    def menu(self, path):
        self.click(self.page.locator(f'header nav a[href="/{self.language}/{path}"]'))

    def search(self, words):
        self.page.locator("#home-q").fill(words)
        self.click(self.page.locator("form.big-search button"))

    @property
    def text(self):
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())

    @property
    def path(self):
        return re.sub(r"^https?://[^/]+", "", self.page.url)

    def count(self):
        return int(re.search(r"\d+", self.page.locator("#count").inner_text())[0])

    def download(self, form):
        address = self.page.locator(".downloads").get_by_role("link", name=form).first
        response = self.page.request.get(address.get_attribute("href"))
        assert response.ok
        return response.body().decode("utf-8-sig")
