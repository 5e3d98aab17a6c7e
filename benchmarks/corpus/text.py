"""Titles and summaries of synthetic documents, put together from the vocabulary of real ones."""

import itertools
from dataclasses import dataclass

# How fast words get rarer from the first of a list to the last; 1 is what natural texts show.
SKEW = 1.0
SENTENCES = 9

DOCUMENT_NAMES = {
    "outline": ("发展规划纲要", "Outline for the Development of"),
    "plan": ("产业发展规划", "Development Plan for"),
    "action-plan": ("创新发展行动方案", "Action Plan for the Innovative Development of"),
    "opinions": ("产业发展实施意见", "Implementation Opinions on"),
    "guiding-opinions": (
        "高质量发展指导意见",
        "Guiding Opinions on the High-quality Development of",
    ),
    "measures": ("产业发展若干措施", "Several Measures for"),
    "notice": ("试点示范工作通知", "Notice on Pilot Demonstrations of"),
    "standard-system": ("标准体系建设指南", "Guide to the Standard System of"),
    "work-report": ("推进工作报告", "Work Report on the Advancement of"),
    "law": ("产业促进法", "Law on the Promotion of"),
    "proposals": ("发展规划建议", "Proposals for the Plan on"),
    "implementation-plan": (
        "创新发展实施方案",
        "Implementation Plan for the Innovative Development of",
    ),
    "work-plan": ("试点工作方案", "Work Plan for Pilots of"),
    "programme": ("培育工程", "Programme for Fostering"),
    "decision": ("加快发展的决定", "Decision on Accelerating"),
    "implementation-opinions": ("产业创新实施意见", "Implementation Opinions on Innovation in"),
    "guidelines": ("建设指引", "Guidelines on Building"),
    "catalogue": ("产品指导目录", "Guiding Catalogue of Products of"),
    "list": ("试点单位名单", "List of Pilot Units for"),
    "regulation": ("管理暂行条例", "Interim Regulation on the Administration of"),
    "department-rule": ("管理规定", "Rules on the Administration of"),
    "mandate": ("主管机构职责", "Mandate of the Authority for"),
}
# Chinese and English of one sentence each; both name the same things.
TEMPLATES = [
    (
        "围绕{thing}等方向开展关键核心技术攻关，支持龙头企业牵头组建创新联合体，到{year}年突破{number}项标志性技术。",
        "Key technologies of {thing} will be tackled by consortia under leading firms, "
        "with {number} landmark results by {year}.",
    ),
    (
        "在{place}布局建设{thing}未来产业先导区，完善概念验证、中试熟化和首台套应用推广机制。",
        "A pilot zone of future industries for {thing} will be built in {place}, with proof of "
        "concept, pilot production and first applications.",
    ),
    (
        "设立规模不低于{number}亿元的产业引导基金，重点投向{thing}领域的早期、小型和硬科技项目。",
        "A guidance fund of at least {number} hundred million yuan will invest in early and small "
        "projects in {thing}.",
    ),
    (
        "依托{place}高新技术产业开发区打造{thing}特色产业集群，引进培育{number}家专精特新企业。",
        "The high-tech zone of {place} will grow a cluster of {thing} and bring up {number} "
        "specialised firms.",
    ),
    (
        "推动{thing}与{other}融合应用，在交通、医疗、能源、教育等场景实施{number}个示范项目。",
        "{number} demonstration projects will bring {thing} and {other} together in transport, "
        "health, energy and education.",
    ),
    (
        "加强{thing}标准、检验检测和知识产权公共服务平台建设，参与制定国家标准和行业标准。",
        "Public platforms for standards, testing and intellectual property of {thing} will be "
        "strengthened.",
    ),
    (
        "{agency}会同有关部门建立{thing}重点任务清单，每半年调度一次并向社会公布进展情况。",
        "{agency} and the departments concerned keep a list of key tasks in {thing} and report "
        "progress every half year.",
    ),
    (
        "前瞻谋划{other}等未来赛道，健全未来产业投入增长机制和包容审慎监管制度。",
        "Tracks of the future such as {other} will be explored, with growing investment and "
        "tolerant, prudent supervision.",
    ),
    (
        "到{year}年，{region}{thing}产业规模年均增长{number}%以上，形成可复制推广的经验做法。",
        "By {year} the industry of {thing} in {region} will grow by more than {number} per cent a "
        "year and leave experience that others can use.",
    ),
]
# Towns of two syllables: most of them rare, as the names of places in real texts are.
SYLLABLES = [
    ("临", "lin"), ("江", "jiang"), ("云", "yun"), ("溪", "xi"), ("青", "qing"), ("河", "he"),
    ("龙", "long"), ("泉", "quan"), ("石", "shi"), ("湖", "hu"), ("金", "jin"), ("沙", "sha"),
    ("永", "yong"), ("安", "an"), ("松", "song"), ("岭", "ling"), ("白", "bai"), ("塔", "ta"),
    ("凤", "feng"), ("冈", "gang"), ("梅", "mei"), ("坪", "ping"), ("新", "xin"), ("港", "gang"),
    ("平", "ping"), ("桥", "qiao"), ("双", "shuang"), ("柳", "liu"), ("玉", "yu"), ("屏", "ping"),
    ("长", "chang"), ("洲", "zhou"), ("宝", "bao"), ("莲", "lian"), ("兰", "lan"), ("台", "tai"),
    ("福", "fu"), ("田", "tian"), ("九", "jiu"), ("峰", "feng"), ("南", "nan"), ("浦", "pu"),
]  # fmt: skip


class Skewed:
    """Choices of which the first are common and the last rare (Zipf's law).

    Parameter: ``items``, a list that is not empty, the most common first.
    """

    def __init__(self, items):
        self.items = list(items)
        self.weights = list(
            itertools.accumulate(1 / (rank + 1) ** SKEW for rank in range(len(self.items)))
        )

    def one(self, rng):
        return rng.choices(self.items, cum_weights=self.weights)[0]

    def some(self, rng, number):
        """Return up to ``number`` different items."""
        drawn = rng.choices(self.items, cum_weights=self.weights, k=number)
        return list(dict.fromkeys(drawn))


@dataclass(frozen=True)
class Named:
    """A thing by its names in both languages."""

    en: str
    zh: str


@dataclass
class Text:
    """The words of one document."""

    title_en: str
    title_zh: str
    summary_en: str
    summary_zh: str


def towns():
    """Return the names of made-up towns, the common ones first."""
    pairs = itertools.permutations(SYLLABLES, 2)
    return Skewed(
        [Named((en + rest_en).capitalize(), zh + rest_zh) for (zh, en), (rest_zh, rest_en) in pairs]
    )


def write_text(rng, *, document_type, place, agency, things, towns, year):
    """Return the Text of a document.

    Parameters: ``place`` and ``agency``, each Named, of whom it is; ``things``, Skewed choices
    of what policies speak of; ``towns``, of small places; ``year``, in which it is issued.
    """
    subject = things.one(rng)
    name_zh, name_en = DOCUMENT_NAMES[document_type]
    english, chinese = [], []
    for template_zh, template_en in rng.choices(TEMPLATES, k=SENTENCES):
        number, horizon = rng.randint(2, 200), year + rng.randint(2, 10)
        words = [things.one(rng), things.one(rng), towns.one(rng), agency, place]
        names = ("thing", "other", "place", "agency", "region")
        chinese.append(fill(template_zh, names, [w.zh for w in words], number, horizon))
        english.append(fill(template_en, names, [w.en for w in words], number, horizon))
    return Text(
        title_en=f"{name_en} {subject.en} in {place.en} ({year}–{year + 5})",
        title_zh=f"{place.zh}{subject.zh}{name_zh}（{year}—{year + 5}年）",
        summary_en=" ".join(english),
        summary_zh="".join(chinese),
    )


def fill(template, names, words, number, year):
    text = template.format(**dict(zip(names, words, strict=True)), number=number, year=year)
    return text[0].upper() + text[1:]
