"""Pages about a record beside its form, such as its history or its review."""


class PagesBeside:
    """Some pages for the records of one admin class, ``admin``, which lists them in ``pages``.

    What may be seen and done, and how a record is found, is asked of the admin class.
    """

    def __init__(self, admin):
        self.admin = admin
        self.admin_site = admin.admin_site
        self.model = admin.model
        self.opts = admin.opts

    def get_urls(self):
        """Return the addresses, for ``ModelAdmin.get_urls``."""
        return []

    def form_context(self, request, record):
        """Return what the template of the form is given about these pages."""
        return {}

    def page_name(self, page):
        """Return the name of the address of a page, without its namespace."""
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def gone(self, request, object_id):
        """Answer that there is no such record."""
        return self.admin._get_obj_does_not_exist_redirect(request, self.opts, object_id)
