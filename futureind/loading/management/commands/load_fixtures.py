"""Load the fixtures."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from futureind.loading.fixtures import FixtureError
from futureind.loading.loading import OUTCOMES, load

# More names than anybody reads would hide the table.
NAMES_SHOWN = 20


class Command(BaseCommand):
    """Load all fixtures in one transaction, and say what was done.

    May be run again at any time: what has not changed is left alone, and a record that an editor
    has changed, withdrawn, renamed or deleted stays as the editor left it. A mistake in a file ends
    with one message, and nothing is loaded.
    """

    help = "Load all fixtures; what an editor has changed stays as it is."

    def add_arguments(self, parser):
        parser.add_argument(
            "--directory",
            default=settings.FIXTURE_DIRS[0],
            help=_("Where the files are; default: %(default)s."),
        )
        parser.add_argument(
            "--check", action="store_true", help=_("Only say what would be done; write nothing.")
        )

    def handle(self, *args, directory, check, verbosity, **options):
        def watch(steps, title):
            # None: shown on a terminal only.
            return tqdm(steps, title, leave=False, disable=None if verbosity else True)

        try:
            report = load(directory, check=check, watch=watch)
        except FixtureError as error:
            raise CommandError(
                _("%(message)s\nNothing was loaded.") % {"message": error}
            ) from error
        if verbosity:
            self.write_table(report.counts)
            self.write_names(report)
            if check:
                self.stdout.write(_("This was a check: nothing was written."))

    def write_table(self, counts):
        titles = {
            "created": _("created"),
            "updated": _("updated"),
            "kept": _("kept"),
            "unchanged": _("unchanged"),
            "removed": _("removed"),
        }
        total = {outcome: sum(row[outcome] for row in counts.values()) for outcome in OUTCOMES}
        lines = [("", titles)]
        lines += sorted((model, row) for model, row in counts.items() if any(row.values()))
        lines += [(_("all"), total)]
        width = max(len(name) for name, _row in lines)
        for name, row in lines:
            cells = (f"{row[outcome]:>{len(titles[outcome]) + 2}}" for outcome in OUTCOMES)
            self.stdout.write(f"{name:<{width}}{''.join(cells)}")

    def write_names(self, report):
        for title, names in (
            (_("Kept as an editor left them:"), report.kept),
            (_("No longer in the fixtures, left as they are:"), report.vanished + report.left),
        ):
            if not names:
                continue
            self.stdout.write(f"\n{title}")
            for name in names[:NAMES_SHOWN]:
                self.stdout.write(f"  {name}")
            rest = len(names) - NAMES_SHOWN
            if rest > 0:
                more = ngettext("and %(count)s more", "and %(count)s more", rest)
                self.stdout.write("  " + more % {"count": rest})
