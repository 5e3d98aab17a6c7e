"""One class defines a list; another the whole page of a vocabulary; a third one record."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from futureind.browse.additions import held_by
from futureind.browse.addresses import ALL, replaced
from futureind.browse.answers import Html, PublicPage
from futureind.browse.choosing.applied import chips_of, in_force_switch, ways_out
from futureind.browse.choosing.paging import page_links, page_of_file, read_page
from futureind.browse.columns import ADDRESS
from futureind.browse.downloads import choice
from futureind.browse.downloads.rows import rows_of
from futureind.browse.feeds import entries as feeds
from futureind.browse.filters import OptionFilter
from futureind.browse.fragments import rendered_rows
from futureind.browse.headings import description_of_record, heading
from futureind.browse.results import PkSequence, in_order
from futureind.browse.withdrawn import answer_missing
from futureind.core.bilingual import ENGLISH, active_language
from futureind.core.output_forms import Table
from futureind.desk.translations import doubts_about
from futureind.publishing.models.records import owner_of
from futureind.publishing.public_history import public_histories

PAGE_SIZE = 25
EXPORT_PAGE_SIZE = 100


class RecordsView(PublicPage):
    """Public records under filters: as a page, a table of all, and data by pages.

    Subclasses name ``model``, ``filterset_class``, ``template_name``, ``list_name`` (the list's
    part of the address), and give :meth:`title` and :meth:`html`.
    """

    keeps_tables = False
    model = None
    filterset_class = None
    template_name = None
    list_name = None
    # What the list says of a record in other forms than its page.
    columns = ()
    # Lists whose results the search page shows as records of this one.
    found_with = ()
    # The relations that a record's heading and note among search results read.
    noted = ()
    # Among results that match alike those come first which the index holds under these pairs of
    # facet and value, a list of pairs for each rank.
    ranks = ()
    # Whether one record may be what a query means, and whether records state amounts.
    can_be_meant = False
    # Whether results stand before those of kinds that only hold the words in their names.
    stands_early = False
    # Whether an alias is rather what records are about than a name of theirs.
    aliases_are_wider = False
    states_amounts = False

    @property
    def records_name(self):
        """What the list counts, also beside the options of its facets."""
        return self.model._meta.verbose_name_plural

    def public_records(self):
        return self.model.objects.public()

    def rows(self, records):
        """Return records with all that their rows on a page show."""
        return records

    def export_rows(self, records):
        """Return records with all that the columns read."""
        return self.rows(records)

    def results(self, pks):
        """Return records as a search shows them: with what their headings and notes read."""
        return in_order(self.model.objects.select_related(*self.noted), pks)

    def note(self, record):
        """Return what tells a record from others of its name among search results."""
        return ""

    def leading(self):
        """Return the keys of records that stand before all others whose titles match."""
        return ()

    @cached_property
    def filterset(self):
        return self.filterset_of(self.request.GET)

    def filterset_of(self, parameters):
        found = self.filterset_class(parameters, self.public_records(), request=self.request)
        found.is_valid()
        return found

    @property
    def is_file(self):
        # Whoever asks a view without a request means the page.
        return getattr(self, "kwargs", {}).get("form") is not None

    def parameters_of_files(self):
        """Return the parameters that only files have."""
        return [choice.COLUMNS] if self.is_file and self.columns else []

    @property
    def all_columns(self):
        return [*self.columns, ADDRESS]

    @cached_property
    def columns_asked(self):
        return choice.names_asked(self.request.GET) if self.parameters_of_files() else []

    @cached_property
    def chosen(self):
        return choice.chosen(self.all_columns, self.columns_asked)

    @property
    def errors(self):
        return self.filterset.form.errors | choice.errors_of(self.all_columns, self.columns_asked)

    def table(self):
        """Return all results as a Table, read by chunks."""
        names = [column.name for column in self.chosen]
        records = self.export_rows(self.model.objects.all())
        rows = rows_of(records, self.filterset.results.pks(), self.chosen)
        return Table(self.list_name, names, rows)

    def data(self):
        """Return one page of results as ``{"count", "next", "results"}``."""
        results = PkSequence(self.filterset.results)
        page = page_of_file(self.request, results, EXPORT_PAGE_SIZE)
        following = str(page.next_page_number()) if page.has_next() else None
        records = self.export_rows(self.model.objects.all())
        return {
            "count": page.paginator.count,
            "next": following and settings.SITE_URL + self.address(page=following),
            "results": [self.as_data(record) for record in in_order(records, page.object_list)],
        }

    def as_data(self, record):
        return {column.name: column.as_json(record) for column in self.chosen}


class BrowseView(RecordsView):
    """A list of public records under filters, by pages.

    Subclasses give what a RecordsView asks for but :meth:`html`, and :meth:`count_text`.
    """

    page_size = PAGE_SIZE
    also_read = (ALL,)
    # Lists that ask "in force on a day" say how many records have no day to go by.
    has_in_force = False
    # The template of one row, and what it calls the record; the row depends on nothing else.
    row_template = None
    row_name = None

    @cached_property
    def filterset(self):
        asked = self.request.GET
        # How much of its form a page shows is nothing to a file.
        return self.filterset_of(replaced(asked, **{ALL: None}) if self.is_file else asked)

    def parameters(self):
        names = [*self.filterset_class.base_filters, "page"]
        if not self.is_file:
            return names
        return [name for name in names if name != ALL] + self.parameters_of_files()

    def lasting_query(self):
        return self.query(**{ALL: None})

    def downloads_query(self):
        return self.query(**{ALL: None}, page=None)

    def feeds_query(self):
        return self.query(**{ALL: None}, page=None, sort=None)

    def html(self):
        paginator = Paginator(PkSequence(self.filterset.results), self.page_size)
        page, page_error, status = read_page(self.request, paginator)
        is_wrong = status == 400 or bool(self.errors)
        is_empty = not is_wrong and not paginator.count
        context = {
            "filterset": self.filterset,
            "page": page,
            "page_error": page_error,
            "records": self.shown(page) if page and not is_wrong else [],
            "count": None if is_wrong else paginator.count,
            "count_text": self.count_text(paginator.count),
            "chips": chips_of(self),
            "switch": in_force_switch(self),
            "ways_out": ways_out(self) if is_empty else [],
            "count_of_all": self.count_under(QueryDict()) if is_empty else None,
            "clear_url": self.request.path,
            # Parameters that the form has no field for.
            "kept": [],
            "sorts": self.sorts(),
            "pages": page_links(self, page),
            "left_out": self.left_out() if self.has_in_force else None,
            "filters_active": bool(self.active_names()),
            # Where rows stand in several parts: the id of what holds them all.
            "counted_in": None,
            **self.extra_context(),
        }
        return Html(self.template_name, context, status)

    def feed(self):
        """Return one page of the results as a Feed, those changed last before all others."""
        found = self.filterset_of(replaced(self.request.GET, **{ALL: None}, sort="-changed"))
        page = page_of_file(self.request, PkSequence(found.results), feeds.PAGE_SIZE)
        records = in_order(feeds.with_owners(self.model), page.object_list)
        entries = feeds.entries_of_records(records)
        return feeds.feed_of(self, self.title_asked(), entries, page.number, page.has_next())

    def title_asked(self):
        """Return the title with the filters that are set."""
        labels = " · ".join(chip.label for chip in chips_of(self))
        return _(": ").join(filter(None, [self.title(), labels]))

    def extra_context(self):
        """Return what the template shows beside filters and records."""
        return {}

    def shown(self, page):
        """Return a page's rows as HTML, or its records where rows depend on each other."""
        if self.row_template is None:
            return self.records_with(page.object_list)
        return rendered_rows(self, page.object_list, self.filterset.stamp)

    def records_with(self, pks):
        return in_order(self.rows(self.model.objects.all()), pks)

    def active_names(self):
        return [
            name
            for name, item in self.filterset.filters.items()
            if name in self.request.GET and name != "sort" and not isinstance(item, OptionFilter)
        ]

    def count_under(self, parameters):
        """Return how many records the list has under other parameters, 0 if these are no good."""
        other = self.filterset_of(parameters)
        other.stamp = self.filterset.stamp
        return other.results.count() if other.is_valid() else 0

    def sorts(self):
        """Return ``(label, address, is current)`` for each order of the list."""
        orderings = self.filterset.orderings
        default = next(iter(orderings))
        current = self.request.GET.get("sort") or default
        return [
            (
                label,
                "?" + self.query(sort=None if key == default else key, page=None),
                key == current,
            )
            for key, (label, _columns) in orderings.items()
        ]

    def left_out(self):
        """Return how many records ``in_force_on`` leaves out for want of a date, when it is set."""
        filterset = self.filterset
        if not filterset.form.cleaned_data.get("in_force_on"):
            return None
        rest = filterset.filter_queryset(filterset.queryset, without=("in_force_on", "sort"))
        return rest.without_known_start().count()


class VocabularyView(RecordsView):
    """A whole vocabulary on one page, with a text box that narrows it."""

    def parameters(self):
        # The page has all of it, data come by pages.
        return ["q", "page", *self.parameters_of_files()] if self.is_file else ["q"]

    @cached_property
    def filterset(self):
        return self.filterset_of({"q": self.request.GET.get("q", "")})

    def context(self, records, is_narrowed):
        """Return what the template needs of the records (a queryset)."""
        return {"records": records}

    def in_list_order(self, records):
        """Return the records of a queryset as a list, as the reader's language has their names."""
        by_name = self.filterset.by_name
        return by_name.records(records) if by_name else list(records)

    def html(self):
        filterset = self.filterset
        records = filterset.filter_queryset(filterset.queryset)
        is_narrowed = not self.errors and bool(filterset.form.cleaned_data.get("q"))
        context = self.context(records, "q" in self.request.GET)
        names = {"filterset": filterset, "is_narrowed": is_narrowed}
        return Html(self.template_name, names | context)


class OfRecord(PublicPage):
    """What there is about one public record; a slug that was given up redirects for good."""

    model = None
    record = None

    def public_records(self):
        return self.model.objects.public()

    def description(self):
        return description_of_record(self.record, heading(self.record).plain, self.url_name)

    def address_of(self, record):
        """Return where this is of another record."""
        return record.get_absolute_url()

    def get(self, request, *, slug, form=None):
        self.record = self.public_records().filter(slug=slug).first()
        if self.record is None:
            return answer_missing(request, self.model, slug, self.address_of)
        return super().get(request, form=form)


class RecordView(OfRecord):
    """The page of one public record.

    ``form_class`` has the few ways in which the page can be shown, if it has any.
    """

    template_name = None

    def parameters(self):
        # The page has the whole record, feeds come by pages.
        return ["page"] if self.kwargs.get("form") else super().parameters()

    def address_of(self, record):
        page, form = record.get_absolute_url(), self.kwargs.get("form")
        return f"{page.rstrip('/')}.{form.name}" if form else page

    def feeds_query(self):
        # However the page is shown, its changes are the same.
        return ""

    def feed(self):
        """Return one page of what changed on the page of the record as a Feed, newest first."""
        keys = feeds.revisions_to_tell([self.record, *held_by(self.record)])
        page = page_of_file(self.request, keys, feeds.PAGE_SIZE)
        entries = feeds.entries_of_history(self.record, page.object_list)
        title = heading(self.record).plain
        return feeds.feed_of(self, title, entries, page.number, page.has_next())

    def context(self, record):
        return {}

    def title_parts(self, record):
        """Return what a page's title says after the record's name: its kind and, if need be, more.

        No two pages may share a title.
        """
        return [capfirst(self.model._meta.verbose_name)]

    def html(self):
        record, held = self.record, held_by(self.record)
        history, *histories = public_histories([record, *held])
        name, more = heading(record), self.context(record)
        if hasattr(record, "sources"):
            prefetch_related_objects([record], "sources")
        changes = [record.changed_at, *(other.changed_at for other in held)]
        # Beside a later history of what the page holds, its own is told from the beginning.
        is_mixed = any(other.after_first for other in histories)
        title = " · ".join([name.plain, *map(str, self.title_parts(record))])
        context = {
            "record": record,
            "held": list(zip(held, histories, strict=True)),
            "heading": name,
            "kind": capfirst(self.model._meta.verbose_name),
            "page_title": title,
            "description": description_of_record(record, title, self.url_name),
            "options": self.asked,
            "recorded_at": owner_of(record).recorded_at,
            "versions": history.versions if is_mixed else history.after_first,
            "last_hand": history.origin,
            "changed_at": max(filter(None, changes), default=None),
            "cites_itself": True,
            "doubts": doubts_about(record, *held) if active_language() == ENGLISH else ([], []),
            **more,
        }
        return Html(self.template_name, context)
