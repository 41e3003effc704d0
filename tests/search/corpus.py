# ruff: noqa: E501
"""Documents for tests of search: real titles and units, text strung together from words as frequent as words are."""

from __future__ import annotations

import random
from functools import lru_cache
from itertools import accumulate

from search.document import Document, Facet, Field, Flag, SearchSchema, Term

TITLES = """钛合金叶轮低成本加工装夹方式的研究|食用保鲜技术|智能网联汽车软硬件集成系统调测平台与产业化应用|便携式多功能战术抓捕衣|机车电器设备试验台
清风陆港微信小程序|一种工程施工建筑吊篮|数据中心统一授时服务的应用|高压用具热熔打码|一种多段滑块导滑挤压机构|泥质造像的骨架实用改良技术
复合酶技术回收去乙酰头孢菌素C技术开发及工业化应用|大同岩矿彩釉、黑陶、陶瓷艺术品的研发项目|AI智能视频行为分析系统|“电小美”数字世界用电诉求
巧启瓶盖的‘小帮手’|沐浴水箱整改|病床仰角指示器|腕带固定吸管|分布式内存数据库技术研究成果|一种6kV厂用电源互联装置|向东班王招俊FTTH冷接子修复法
湄洲E测安全管理微信小程序|#3/4机汽机主汽门阀杆漏汽管路优化|禹皇大厦幕墙外推窗加装防脱块|一种股骨颈骨折用复位牵引器|“湘蜂藏养”技术集成与产业化推广
机车板类零件‘磁力-刀具-程序’三位一体高效加工操作法|YP11封箱机入口横条烟检测|皮带清扫器|德国KSB热媒离心泵改造轴承温度监测点|太平煤矿+700水平南一采区分段划分调整设计
专精特新99%级季戊四醇技术应用|RFID(射频识别)技术在医用纺织品收发、洗涤、管理中的应用|减少SS3电力机车空转软故障|矿石碎前条筛的改造,提高块矿率|H型钢检验用平尺
PICC专用注射器|SNP 分子标记开发|互联网+人机界面称量控制仪|智慧警局APP 新版模块|@110视频报警|基于‘互联网+政务服务’平台的无车证明免证办创新服务|主缆架设革命——‘鹰眼’行动
防截污干管倒灌智能分流井——让污水不走回头路|铁和高温水蒸气的反应装置|蚂蚁城堡|“荡秋千”——综合演示器|(多功能)磁悬浮演示仪|传感器的应用——太阳能自动跟踪演示仪
燃气调压柜(箱)伴热带辅助设备|小儿麻醉架|巧设服药标贴|一种孔床专用洞巾|中药饮片调剂用称量装置|3D打印生物活性PEEK椎间融合器的研发与转化|輸液架防滑裝置|2504综采工作面改造|沐浴水箱整改的方法""".replace(
    "\n", "|"
).split("|")

UNITS = """山西地铁孝柳铁路机辆段检修车间|华远陆港智慧物流科技有限公司|中国北方稀土(集团)高科技股份有限公司冶炼分公司|内蒙古北方重工业集团有限公司|国网安徽省电力有限公司泗县供电公司
重庆长安汽车股份有限公司|重钢股份炼铁厂|綦江齿轮传动有限公司|璧山区人民医院|涪陵区中医院|长寿区职业教育中心|巫山县职业教育中心|重庆市第一中学校|ICU|输液室|护理部|手术室|朝阳小学
中国一汽研发总院|上海长肯试验设备(集团)有限公司|西安交通大学第二附属医院|酒钢宏兴股份公司检修工程部|市局科技信息化支队|中冶赛迪技术研发中心有限公司""".replace(
    "\n", "|"
).split("|")

NAMES = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "向", "冉", "重", "单", "曾", "仇"]
GIVEN = [
    "伟",
    "芳",
    "俊",
    "秀英",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "涛",
    "明",
    "超",
    "霞",
    "平",
    "桂英",
    "乐",
    "行知",
    "长青",
]
PLACES = ["綦江区", "璧山区", "涪陵区", "长寿区", "巫山县", "渝中区", "石柱县", "酉阳县", "万州区", "江津区"]
KINDS = ["小发明", "小革新", "小改造", "小设计", "小建议"]
CATEGORIES = ["机械/制造", "医药/化工", "电力/能源", "交通/物流", "教育/其它", "农业/食品"]
AWARDS = ["一等奖", "二等奖", "三等奖"]


def facet(key: str, label: str, labels: list[str], **more: bool) -> Facet:
    return Facet(key, label, tuple(Term(f"{key}-{n}", t) for n, t in enumerate(labels)), **more)


SCHEMA = SearchSchema(
    fields=(
        Field("title", "名称", "title"),
        Field("unit", "单位", "unit"),
        Field("people", "人员", "people"),
        Field("summary", "摘要", "summary"),
        Field("background", "背景", "body"),
        Field("content", "内容", "body"),
        Field("effect", "效果", "body"),
        Field("patents", "专利", "body"),
    ),
    facets=(
        facet("year", "年度", ["2021", "2022", "2023"]),
        facet("category", "类别", CATEGORIES),
        Facet(
            "district",
            "区县",
            tuple(Term(f"d{n}", p, ("石柱土家族自治县",) if p == "石柱县" else ()) for n, p in enumerate(PLACES)),
            sound=True,
        ),
        facet("kind", "种类", KINDS),
        facet("award", "奖项", AWARDS),
    ),
    flags=(Flag("picture", "有图"), Flag("patent", "有专利")),
    award="award",
    facts=("year", "district", "kind", "category"),
    readings={"重钢": "chong gang"},
)


@lru_cache(maxsize=1)
def vocabulary() -> tuple[list[str], list[float]]:
    """Words in a fixed order with the sums of their frequencies, as Zipf has it."""
    from pypinyin.phrases_dict import phrases_dict

    words = sorted(w for w in phrases_dict if 2 <= len(w) <= 4)
    random.Random(7).shuffle(words)
    words = [
        *[
            "的",
            "了",
            "在",
            "和",
            "为",
            "用",
            "对",
            "以",
            "可",
            "与",
            "其它",
            "进行",
            "通过",
            "采用",
            "装置",
            "设备",
            "提高",
            "安全",
            "问题",
            "解决",
        ],
        *words[:20000],
    ]
    return words, list(accumulate(1 / (n + 3) for n in range(len(words))))


def prose(rng: random.Random, size: int) -> str:
    words, sums = vocabulary()
    out, length, stop = [], 0, 0
    while length < size:
        word = rng.choices(words, cum_weights=sums)[0]
        stop += 1
        if rng.random() < 0.02:
            word = rng.choice(["DN50", "3.5 mm", "20%", "PLC", "220V", "A 型", "±0.1", "℃", "2023年"])
        if stop > 5 and rng.random() < 0.3:
            word += "。" if rng.random() < 0.3 else "，"
            stop = 0
        out.append(word)
        length += len(word)
    return "".join(out)


def documents(count: int, seed: int = 1) -> list[Document]:
    """`count` documents of some 840 characters, the same for the same seed."""
    rng = random.Random(seed)
    made = []
    for n in range(count):
        year = rng.choices((2021, 2022, 2023), (2, 3, 4))[0]
        award = rng.choices((0, 1, 2), (1, 3, 6))[0]
        place = rng.randrange(len(PLACES))
        title = (
            rng.choice(TITLES)
            if count <= 500
            else prose(rng, rng.randrange(6, 16)).rstrip("，。") + rng.choice(TITLES)[-6:]
        )
        patents = (
            [f"ZL20{rng.randrange(10, 24)}2{rng.randrange(10**7):07}.{rng.randrange(10)} 一种{prose(rng, 8)}"]
            if rng.random() < 0.4
            else []
        )
        made.append(
            Document(
                id=f"{year}-{n:05}",
                url=f"cases/{year}-{n:05}.html",
                award=award,
                year=year,
                texts={
                    "title": [title],
                    "unit": [rng.choice(UNITS) if rng.random() < 0.7 else prose(rng, 6) + "有限公司"],
                    "people": [rng.choice(NAMES) + rng.choice(GIVEN) for _ in range(rng.randrange(1, 5))],
                    "summary": [prose(rng, 70)],
                    "background": [prose(rng, 120), prose(rng, 100)],
                    "content": [prose(rng, 130), prose(rng, 120), prose(rng, 40)],
                    "effect": [prose(rng, 140)],
                    "patents": patents,
                },
                terms={
                    "year": [f"year-{year - 2021}"],
                    "category": [f"category-{rng.randrange(len(CATEGORIES))}"],
                    "district": [f"d{place}"],
                    "kind": [f"kind-{rng.randrange(len(KINDS))}"] if rng.random() < 0.9 else [],
                    "award": [f"award-{award}"],
                },
                flags=frozenset(k for k, p in (("picture", 0.3), ("patent", 0.4)) if rng.random() < p),
            )
        )
    return made
