"""How editors look records up: as the public search, and also what is not public."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import (
    Agency,
    IndustryField,
    PolicyDocument,
    Region,
    SymbolicProduct,
    Technology,
    Unit,
)
from futureind.editing.vocabulary_pages import MergePages
from futureind.publishing import workflow
from futureind.publishing.models.sources import Source
from futureind.search import lookup
from futureind.search.lookup import look_up
from regions.tracks.table import Vocabulary, names_of
from tests.admin_browser import OURS, address
from tests.factories import (
    make_agency,
    make_document,
    make_region,
    make_source,
    make_technology,
)
from tests.search.test_search_quality import results

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# ``(kind, text, slug)``: what editors type and which record stands first.
MEANT = [
    ("agency", "工业和信息化部", "miit"),
    ("agency", "工業和信息化部", "miit"),
    ("agency", "ｍｉｉｔ", "miit"),
    ("agency", "Ministry of Industry and Information Technology", "miit"),
    ("agency", "工信部", "miit"),
    ("agency", "国务院", "state-council"),
    ("region", "Ｈｅｆｅｉ", "hefei"),
    ("region", "合肥", "hefei"),
    ("region", "ANHUI", "anhui"),
    ("region", "上海", "shanghai"),
    ("region", "浙江省", "zhejiang"),
    ("technology", "量子计算", "quantum-computing"),
    ("technology", "量子計算", "quantum-computing"),
    ("technology", "low altitude economy", "low-altitude-economy"),
    ("technology", "核聚变", "nuclear-fusion"),
    ("technology", "Brain‑computer interface technology", "brain-computer-interface-technology"),
    ("product", "人形機器人", "humanoid-robots"),
    ("product", "humanoid robots", "humanoid-robots"),
    ("product", "腦機接口", "brain-computer-interfaces"),
    ("product", "６Ｇ", "6g-network-equipment"),
    ("field", "未来制造", "future-manufacturing"),
    ("field", "FUTURE ENERGY", "future-energy"),
    ("document", "工信部联科[2024]12号", "future-industries-opinions-2024"),
    ("document", "工信部聯科（２０２４）12號", "future-industries-opinions-2024"),
    ("document", "沪府发2022 11", "shanghai-future-industries-2022"),
    ("document", "人形机器人创新发展指导意见", "humanoid-robot-guiding-opinions-2023"),
    ("document", "安徽未来产业行动方案", "anhui-future-industries-2024"),
    ("document", "未来产业意见", "future-industries-opinions-2024"),
    ("source", "李强：培育量子科技、具身智能、脑机接口、６G等未来产业", "s-050ef8e199"),
    ("source", "s-050ef8e199", "s-050ef8e199"),
    ("source", "北京低空经济产业高质量发展三年行动方案发布", "s-0276839150"),
    ("unit", "％", "percent"),
    ("unit", "ＥＦＬＯＰＳ", "eflops"),
    ("unit", "吉瓦", "gw"),
]
IN_TRACKS = {"field": "fields", "technology": "technologies"}
SITE = admin.site


MODELS = {
    "agency": Agency,
    "region": Region,
    "technology": Technology,
    "product": SymbolicProduct,
    "field": IndustryField,
    "document": PolicyDocument,
    "source": Source,
    "unit": Unit,
}


def boxes():
    """Return ``{model: the columns with a search box for its records}`` of all forms."""
    found = {}
    for model in OURS:
        forms = [SITE._registry[model], *SITE._registry[model].inlines]
        for form in forms:
            for name in form.autocomplete_fields:
                column = (getattr(form, "model", None) or model)._meta.get_field(name)
                found.setdefault(column.related_model, set()).add(column)
    return found


def offered(client, column, text):
    """Return the keys that the search box of a column offers for a text, the first first."""
    options = column.model._meta
    question = {"app_label": options.app_label, "model_name": options.model_name}
    question |= {"field_name": column.name, "term": text}
    answer = client.get(reverse("admin:autocomplete"), question).json()
    return [int(result["id"]) for result in answer["results"]]


def listed(client, model, text, **more):
    answer = client.get(address(model, "changelist"), {"q": text, **more})
    return list(answer.context["cl"].result_list)


@pytest.mark.parametrize(("kind", "text", "slug"), MEANT)
def test_the_same_stands_first_wherever_it_is_looked_up(administrator_client, kind, text, slug):
    model = MODELS[kind]
    meant = model.objects.get(slug=slug)

    assert listed(administrator_client, model, text)[0] == meant
    assert boxes()[model]
    for column in boxes()[model]:
        assert offered(administrator_client, column, text)[0] == meant.pk, column


@pytest.mark.parametrize(
    ("kind", "text", "slug"), [row for row in MEANT if row[0] not in ("source", "unit")]
)
def test_visitors_find_the_same_first(client, kind, text, slug):
    of_its_kind = [found for found in results(client, text) if found.startswith(f"{kind}/")]

    assert of_its_kind[0] == f"{kind}/{slug}"


@pytest.mark.parametrize(("kind", "text", "slug"), [row for row in MEANT if row[0] in IN_TRACKS])
def test_the_table_of_tracks_reads_the_same(kind, text, slug):
    assert getattr(Vocabulary.read(), IN_TRACKS[kind]).find(text) == [slug]


@pytest.mark.parametrize(
    ("kind", "text", "slug"), [row for row in MEANT if row[0] in ("agency", "technology", "source")]
)
def test_a_merge_knows_what_stays_by_the_same(administrator_client, kind, text, slug):
    make = {"agency": make_agency, "technology": make_technology, "source": make_source}[kind]
    # What visitors know is merged only into what they know.
    state = {} if kind == "source" else {"published": True}
    gone, kept = make(**state), MODELS[kind].objects.get(slug=slug)
    assert MergePages in SITE._registry[type(gone)].pages

    answer = administrator_client.post(address(gone, "merge", gone.pk), {"into": text})

    assert answer.context["kept"] == kept


def test_a_merge_says_which_records_may_be_meant(administrator_client):
    gone, one, other = make_agency(), *(make_agency(name_zh="同名的部") for _ in range(2))

    answer = administrator_client.post(address(gone, "merge", gone.pk), {"into": "同名的部"})

    assert answer.context["kept"] is None
    assert all(agency.slug in str(answer.context["form"].errors) for agency in (one, other))


@pytest.mark.parametrize(
    "text",
    [
        "关于試驗產業的意見",
        "Opinions on TRIAL‐industries",
        "试部〔2031〕７号",
        "試部[2031] 7號",
        "试部2031 7",
        "2031 7",
        "trial-industries-2031",
        "試驗意見",
    ],
)
def test_a_draft_is_found_by_whatever_it_is_called(editor_client, text):
    draft = make_document(
        slug="trial-industries-2031",
        title_zh="关于试验产业的意见",
        title_en="Opinions on trial industries",
        document_number="试部〔2031〕7号",
        aliases_zh="另一个名称\n试验意见",
    )

    assert listed(editor_client, PolicyDocument, text) == [draft]
    for column in boxes()[PolicyDocument]:
        assert offered(editor_client, column, text) == [draft.pk]


def test_what_was_withdrawn_or_renamed_is_found(editor_client):
    administrator = get_user_model().objects.get(username="administrator")
    region = make_region(published=True, name_zh="撤下省", slug="withdrawn-place")
    workflow.withdraw(region, user=administrator, note="Test")
    region.refresh_from_db()
    workflow.rename(region, "other-place", user=administrator, note="Test")

    for text in ("撤下省", "other-place", "withdrawn-place"):
        assert listed(editor_client, Region, text) == [region]


def test_a_whole_name_stands_before_an_alias_a_beginning_and_words():
    words = make_agency(name_en="Bureau of the Blue Moon", slug="a-1")
    longer = make_agency(name_en="Blue Moon Bureau of Everything", slug="a-2")
    begins = make_agency(name_en="Blue Moon Bureau", slug="a-3")
    alias = make_agency(name_en="A body", aliases_en="Another\nBlue Moon", slug="a-4")
    whole = make_agency(name_en="Blue-Moon", slug="a-5")
    apart = make_agency(name_en="A moon that is blue", slug="a-6")

    found = look_up(Agency.objects.all(), "blue moon", SITE._registry[Agency].search_fields)

    assert list(found) == [whole, alias, begins, longer, words, apart]


def test_a_chosen_column_orders_what_was_found(administrator_client):
    first = make_agency(name_en="Zebra Office", slug="zebra")
    second = make_agency(name_en="A Zebra Office", slug="a-zebra")

    assert listed(administrator_client, Agency, "zebra office") == [first, second]
    assert listed(administrator_client, Agency, "zebra office", o="1") == [second, first]


def test_a_log_keeps_its_order(administrator_client):
    older, newer = make_technology(name_zh="蓝色科技"), make_technology(name_zh="蓝色科技二号")
    page = reverse("admin:publishing_revision_changelist")

    found = administrator_client.get(page, {"q": "藍色科技"}).context["cl"].result_list

    assert [revision.object_id for revision in found] == [newer.pk, older.pk]


@pytest.mark.parametrize("text", ["", " ", "%", "（", "'", "\\", "a" * 5000, "发展" * 500])
def test_any_text_may_be_typed(administrator_client, text, monkeypatch):
    for most in (lookup.MOST_READ, 5):
        monkeypatch.setattr(lookup, "MOST_READ", most)
        listed(administrator_client, PolicyDocument, text)


# Of many records none is read that the database can leave out; what is found is the same.


@pytest.mark.parametrize(("kind", "text", "slug"), MEANT)
def test_the_same_is_found_among_many(kind, text, slug, monkeypatch):
    model = MODELS[kind]
    columns = SITE._registry[model].search_fields
    read_whole = list(look_up(model.objects.all(), text, columns))
    monkeypatch.setattr(lookup, "MOST_READ", min(model.objects.count() - 1, 150))

    narrowed = list(look_up(model.objects.all(), text, columns))

    assert narrowed[0].slug == slug
    assert narrowed == read_whole


def test_what_too_many_hold_is_found_with_what_begins_so_before_it(monkeypatch):
    columns = SITE._registry[Technology].search_fields
    monkeypatch.setattr(lookup, "MOST_READ", 3)

    found = list(look_up(Technology.objects.all(), "智能", columns))

    begins = [any(name.startswith("智能") for name in names_of(record)) for record in found]
    assert begins[:3] == [True] * 3
    assert not all(begins)


@pytest.mark.parametrize("most", [lookup.MOST_READ, 10])
def test_a_look_up_costs_as_many_queries_among_many_as_among_few(monkeypatch, most):
    monkeypatch.setattr(lookup, "MOST_READ", most)
    for kind, text, _slug in MEANT:
        model = MODELS[kind]
        columns = SITE._registry[model].search_fields
        with CaptureQueriesContext(connection) as queries:
            list(look_up(model.objects.all(), text, columns))
        assert len(queries) <= 7
