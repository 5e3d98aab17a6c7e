"""Open the page of a proposal, and decide about it as its buttons do."""

from tests.admin_browser import address


def page_of(proposal):
    return address(proposal, "change", proposal.pk)


def decide(client, proposal, button, **data):
    proposal.refresh_from_db()
    data = {button: "1", "seen": proposal.version, **data}
    return client.post(page_of(proposal), data, follow=True)
