"""The words of the samples, and sentences ready to be filled from them.

Words come from words/*.yml; numbers, names of machines and the like are lists computed here, once.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

WORDS = Path(__file__).parent / "words"
SLOT = re.compile(r"{([a-z]+)(\d?)}")
Random = Callable[[], float]


def load(path: Path) -> Any:
    """The content of a YAML 1.2 file."""
    return YAML(typ="safe").load(path)


@cache
def topics() -> dict[str, dict[str, list[str]]]:
    """Words of each topic by list name; `also` names slugs of other schemes."""
    return {
        topic: {key: text.split() for key, text in lists.items()} for topic, lists in load(WORDS / "topics.yml").items()
    }


@cache
def common() -> dict[str, list[str]]:
    """Words of all topics by list name, numbers included."""
    words = {key: text.split() for key, text in load(WORDS / "common.yml").items()}
    for slot, key in (("mix", "things"), ("mixpart", "parts"), ("mixscene", "scenes"), ("mixmaterial", "materials")):
        words[slot] = [word for row in zip(*(topic[key] for topic in topics().values()), strict=False) for word in row]
    words["compounds"] = _compounds(words["compounds1"][0], words["compounds2"][0])
    words["acts"] = _compounds(words["acts1"][0], words["acts2"][0])
    words["person"] = [s + g for s, g in zip(words["surnames"] * 40, words["given"] * 37, strict=False)]
    words["towns"] = [a + b for b, a in product(words["towns2"], words["towns1"])]
    words["masters"] = [s + end for end in ("师傅", "老师", "班长", "工") for s in dict.fromkeys(words["surnames"])]
    words["olds"] = [
        "老办法",
        "人工方式",
        "原有工艺",
        "经验判断",
        "手工记录",
        "传统工具",
        "进口备件",
        "定期巡视",
        "口头交接",
    ]
    ups = [a + b for b, a in product(words["gains"], words["raises"][:3])]
    downs = [a + b for b, a in product(words["losses"], words["lowers"][:3])]
    words["betters"] = [w for pair in zip(ups, downs, strict=False) for w in pair]
    return words | _numbers()


def _compounds(first: str, second: str) -> list[str]:
    """Words of two characters, one from each text, in a mixed order."""
    return [
        first[k % len(first)] + second[(k // len(first) + k) % len(second)] for k in range(len(first) * len(second))
    ]


def _numbers() -> dict[str, list[str]]:
    """Lists of numbers with their units, spread so that no value stands out."""
    money = [f"{(k * 37) % 960 / 10 + 0.4:.1f}万元" for k in range(1, 400)] + [f"{k}万元" for k in range(2, 90, 3)]
    return {
        "small": ["两", "3", "4", "5", "6", "三", "8", "7", "9", "四"],
        "count": [str(12 + k * 7 % 83) for k in range(83)],
        "big": [str(120 + k * 389 % 7900) for k in range(400)],
        "percent": [f"{(k * 173) % 880 / 10 + 8:.1f}%" if k % 3 else f"{10 + k * 7 % 88}%" for k in range(400)],
        "rise": [f"{k * 7 % 40 + 30}.{k % 10}%提高到{k * 11 % 28 + 71}.{k * 3 % 10}%" for k in range(280)],
        "fall": [f"{k * 7 % 60 + 12}分钟减少到{k * 5 % 9 + 2}" for k in range(180)],
        "range": [f"{k * 13 % 300 + 6}至{k * 13 % 300 + k * 37 % 500 + 20}" for k in range(300)],
        "money": money,
        "year": ["2022", "2021", "2020", "2019", "2018"],
        "month": [str(k) for k in range(1, 13)],
        "minutes": [str(4 + k * 11 % 56) for k in range(56)],
        "mm": [str(6 + k * 67 % 1190) for k in range(300)],
        "fine": [f"{k * 7 % 50 / 100 + 0.02:.2f}" for k in range(50)],
        "force": [f"{k * 13 % 90 + 5}千牛" for k in range(90)] + [f"{k * 30 % 1700 + 60}牛" for k in range(57)],
        "degree": [f"{k * 17 % 120 + 15}摄氏度" for k in range(120)],
        "angle": [str(k * 35 % 355 + 5) for k in range(71)],
        "yuan": [str(28 + k * 97 % 2300) for k in range(300)],
        "kg": [f"{k * 7 % 300 / 10 + 0.6:.1f}" for k in range(300)],
        "model": [
            f"{a}{b}-{k * 7 % 95 + 5}{c}"
            for k, (a, b, c) in enumerate(product("YZHGTDS", "JKXLB", ("", "A", "0", "II")))
        ],
    }


def words(name: str, topic: str) -> list[str]:
    """The list that a slot names: `thing` reads `things`, `quality` reads `qualities`."""
    own, shared = topics()[topic], common()
    for key in (name, f"{name}s", f"{name}es", f"{name[:-1]}ies"):
        if key in own:
            return own[key]
        if key in shared:
            return shared[key]
    raise KeyError(name)


class Sentence:
    """A text with slots, bound to the lists of one topic."""

    def __init__(self, text: str, topic: str) -> None:
        """`{self}` and `{title}` stay as ◆ and ◇ for the caller to replace."""
        text = text.replace("{self}", "◆").replace("{title}", "◇")
        self.form = SLOT.sub("%s", text.replace("%", "%%"))
        # A second slot of a list takes every other word than the first one's, so that no two are the same.
        self.slots = [(w[second::2], len(w) // 2) if twice else (w, len(w)) for w, second, twice in _lists(text, topic)]

    def fill(self, random: Random) -> str:
        """The text with a word in every slot; words at the head of a list come more often."""
        return self.form % tuple([w[int(random() * random() * n)] for w, n in self.slots])

    def fill_evenly(self, random: Random) -> str:
        """The text with a word in every slot, each word as likely as the other."""
        return self.form % tuple([w[int(random() * n)] for w, n in self.slots])


def _lists(text: str, topic: str) -> list[tuple[list[str], int, bool]]:
    """For each slot its list, whether it is the second of that list, and whether there are two."""
    names = SLOT.findall(text)
    seconds = {name for name, mark in names if mark}
    return [(words(name, topic), bool(mark), name in seconds) for name, mark in names]


@cache
def sentences(kind: str, topic: str) -> list[Sentence]:
    """All sentences of a kind ("background", "titles.invention") for a topic."""
    texts = load_sentences()
    for part in kind.split("."):
        texts = texts[part]
    return [Sentence(text, topic) for text in texts]


@cache
def load_sentences() -> Any:
    """sentences.yml as it is."""
    return load(WORDS / "sentences.yml")


@cache
def real_titles() -> dict[str, list[str]]:
    """Titles of real projects by the topic whose words they hold; those that hold none are left out."""
    found: dict[str, list[str]] = {topic: [] for topic in topics()}
    for title in load(WORDS / "titles.yml"):
        score = {
            topic: sum(
                len(w)
                for key in ("things", "parts", "scenes", "techs", "materials", "users")
                for w in lists[key]
                if w in title
            )
            for topic, lists in topics().items()
        }
        best = max(score, key=lambda topic: score[topic])
        if score[best] > 1:
            found[best].append(title)
    return found


def pick(random: Random, values: Sequence[str]) -> str:
    """One of the values, each as likely as the other."""
    return values[int(random() * len(values))]
