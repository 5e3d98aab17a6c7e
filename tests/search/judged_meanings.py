"""Queries whose words mean more than themselves, judged by hand against the content.

Each is ``(query, kind of query, what must be among the first ten results, the best first)``.
"""

OPINIONS = "document/future-industries-opinions-2024"
SHANGHAI = "document/shanghai-future-industries-2022"
HYDROGEN = "document/hydrogen-plan-2021-2035"
FIVE_THOUSAND = "target/shanghai-future-industries-2022--target-01"
BCI = "product/brain-computer-interfaces"
HUMANOIDS = "product/humanoid-robots"
QUANTUM_COMPUTERS = "product/quantum-computers"

JUDGED = [
    # Amounts in both languages and units
    ("Shanghai 500 billion", "amount", [FIVE_THOUSAND]),
    ("shanghai CNY 500bn", "amount", [FIVE_THOUSAND]),
    ("Shanghai 0.5 trillion yuan", "amount", [FIVE_THOUSAND]),
    ("上海 5000亿元", "amount", [FIVE_THOUSAND]),
    ("上海五千亿", "amount", [FIVE_THOUSAND]),
    ("上海 ５０００亿", "amount", [FIVE_THOUSAND]),
    # Texts by what they founded, rank and title
    ("future industries implementation opinions", "text", [OPINIONS]),
    ("未来产业创新发展 实施意见", "text", [OPINIONS]),
    ("humanoid robots guiding opinions", "text", ["document/humanoid-robot-guiding-opinions-2023"]),
    ("十五五规划建议", "text", ["document/15th-five-year-plan-recommendations-2025"]),
    # Document numbers in any writing
    ("MIIT [2024] No. 12", "number", [OPINIONS]),
    ("工信部联科〔二〇二四〕十二号", "number", [OPINIONS]),
    ("工信部联科2024年第12号", "number", [OPINIONS]),
    ("工信部联科202412号", "number", [OPINIONS]),
    ("工信联科〔2024〕12号", "number", [OPINIONS]),
    ("沪府发〔二〇二二〕一一号", "number", [SHANGHAI]),
    ("沪府发 (2022) No. 11", "number", [SHANGHAI]),
    # Years in which texts were issued
    ("issued in 2024 Anhui quantum", "year", ["document/anhui-future-industries-2024"]),
    ("二〇二四年印发 安徽 量子", "year", ["document/anhui-future-industries-2024"]),
    # Titles as they are cited
    ("关于印发《氢能产业发展中长期规划（2021-2035年）》的通知", "title", [HYDROGEN]),
    ("国家发展改革委 国家能源局关于印发《氢能产业发展中长期规划》的通知", "title", [HYDROGEN]),
    ("《氢能产业发展中长期规划》（2022年3月23日）", "title", [HYDROGEN]),
    ("关于推动未来产业创新发展的实施意见", "title", [OPINIONS]),
    (
        "工业和信息化部 教育部 科学技术部 交通运输部 文化和旅游部 国务院国资委 中国科学院"
        "关于推动未来产业创新发展的实施意见",
        "title",
        [OPINIONS],
    ),
    (
        "上海市人民政府关于印发《上海打造未来产业创新高地发展壮大未来产业集群行动方案》的通知",
        "title",
        [SHANGHAI],
    ),
    (
        "无锡市人民政府关于加快培育发展未来产业的实施意见",
        "title",
        ["document/wuxi-future-industries-2024"],
    ),
    (
        "广州市人民政府关于加快培育发展未来产业的实施意见",
        "title",
        ["document/guangzhou-future-industries-2025"],
    ),
    (
        "Notice on Issuing the Action Plan for Computing Power Interconnection, 2025",
        "title",
        ["document/computing-interconnection-plan-2025"],
    ),
    (
        "the Implementation Opinions on Promoting the Innovative Development of Future Industries",
        "title",
        [OPINIONS],
    ),
    # Groups of regions
    ("京津冀 脑机接口", "group", ["document/beijing-bci-2025-2030"]),
    ("长三角 具身智能", "group", ["document/shanghai-embodied-2025"]),
    ("Greater Bay Area embodied", "group", ["document/shenzhen-embodied-2025-2027"]),
    ("粤港澳大湾区 具身智能", "group", ["document/shenzhen-embodied-2025-2027"]),
    ("Yangtze River Delta low-altitude", "group", ["document/shanghai-low-altitude-measures-2026"]),
    # Provinces by their full names
    ("hunan province", "province", ["region/hunan"]),
    ("湖南省", "province", ["region/hunan"]),
    ("Beijing municipality", "province", ["region/beijing"]),
    ("shenzhen city", "province", ["region/shenzhen"]),
    ("Sìchuān", "province", ["region/sichuan"]),
    ("四川省", "province", ["region/sichuan"]),
    # Words of Taiwan and Hong Kong, traditional characters
    ("腦機介面", "elsewhere", [BCI]),
    ("量子電腦", "elsewhere", [QUANTUM_COMPUTERS]),
    ("人形機械人", "elsewhere", [HUMANOIDS]),
    ("核融合", "elsewhere", ["technology/nuclear-fusion"]),
    ("人工智慧", "elsewhere", ["technology/artificial-intelligence"]),
    ("衛星網際網路", "elsewhere", ["technology/satellite-internet"]),
    ("氫能", "elsewhere", ["technology/hydrogen-energy"]),
    ("合成生物", "elsewhere", ["technology/synthetic-biology"]),
    # Pinyin, whole and initials
    ("naojijiekou", "pinyin", [BCI]),
    ("nao ji jie kou", "pinyin", [BCI]),
    ("renxingjiqiren", "pinyin", [HUMANOIDS]),
    ("liangzijisuanji", "pinyin", [QUANTUM_COMPUTERS]),
    ("jushenzhineng", "pinyin", ["technology/embodied-intelligence"]),
    ("jszn", "pinyin", ["technology/embodied-intelligence"]),
    # Who issued it, and what holds today
    ("工信部 人形机器人", "issuer", ["document/humanoid-robot-guiding-opinions-2023"]),
    ("MIIT humanoid robots", "issuer", ["document/humanoid-robot-guiding-opinions-2023"]),
    ("国务院 人工智能", "issuer", ["document/ai-plus-opinions-2025"]),
    ("embodied intelligence shanghai in force", "in force", ["document/shanghai-embodied-2025"]),
    ("上海 脑机接口 现行有效", "in force", ["document/shanghai-bci-2025-2030"]),
    # Questions
    ("what is embodied intelligence", "question", ["technology/embodied-intelligence"]),
    ("什么是脑机接口", "question", [BCI]),
    ("量子计算是什么", "question", ["technology/quantum-computing"]),
    # Years
    ("hydrogen targets due 2025", "due", ["target/hydrogen-2025-renewable"]),
    ("2025年到期的氢能目标", "due", ["target/hydrogen-2025-renewable"]),
]
