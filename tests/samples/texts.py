"""Titles, summaries and bodies of sample records, filled from the sentences."""

from collections.abc import Sequence

from .vocabulary import Random, Sentence, common, pick, real_titles, sentences, topics, words

SENTENCES = 24  # of a whole body, about 840 characters
GROUPS = ("background", "difficulty", "solution", "economic", "social")
GROUP_OF = {
    "principle": "solution",
    "novelty": "difficulty",
    "maturity": "social",
    "application": "economic",
    "benefit": "economic",
    "summary": "background",
}
KIND_OF = {
    "invention": "invention",
    "creation": "invention",
    "renovation": "renovation",
    "innovation": "renovation",
    "design": "design",
}
FORMS = ("invention", "renovation", "design")


def topic_of(slugs: Sequence[str], random: Random) -> str:
    """The topic that one of the slugs names; any topic where none does."""
    for slug in slugs:
        for topic, lists in topics().items():
            if slug == topic or slug in lists["also"]:
                return topic
    return pick(random, list(topics()))


def title(random: Random, topic: str, kind: str | None, real: float = 0.0) -> str:
    """A title of 4 to 34 characters; with the probability `real` one of a real project."""
    known = real_titles()[topic]
    if known and random() < real:
        return pick(random, known)
    form = KIND_OF.get(kind or "") or pick(random, FORMS)
    for _ in range(9):
        text = _dress(random, pick_sentence(random, f"titles.{form}", topic).fill_evenly(random), topic, form)
        if 4 <= len(text) <= 34:
            break
    return text[:34]


def _dress(random: Random, text: str, topic: str, form: str) -> str:
    """The title with one of the quirks of published lists, mostly none."""
    dice = random()
    if dice > 0.16:
        return text
    shared = common()
    if dice < 0.025:
        return f"《{text}》"
    if dice < 0.035:
        return f"“{text}”"
    if dice < 0.040:
        return f"《{text}》《{pick_sentence(random, f'titles.{form}', topic).fill_evenly(random)}》"
    if dice < 0.060:
        return f"{text}——{pick(random, shared['subtitles'])}"
    if dice < 0.070:
        return f"{pick(random, shared['openings'])}{text}"
    if dice < 0.085:
        return f"{text}{pick(random, ('（二代）', '(改进型)', '（便携式）', ' 2.0', 'V3', '(试制)'))}"
    if dice < 0.100:
        return f"{text}及应用" if not text.endswith("应用") else text
    if dice < 0.110:
        return f"{pick(random, shared['latin'])} {text}"
    if dice < 0.125:
        way = pick(random, ("创新方法", "理论", "技术"))
        return f"基于{pick(random, shared['latin'])}{way}的{text.removeprefix('一种')}"
    if dice < 0.135:
        return f"{pick(random, words('part', topic))}、{text.removeprefix('一种')}"
    if dice < 0.145:
        return f"{pick(random, shared['sites'])}{text.removeprefix('一种')}"
    if dice < 0.150:
        return f"“‘{pick(random, shared['nicknames'])}’{text.removeprefix('一种')}”"
    return f"{text}的研究与应用" if "的" not in text else text


def pick_sentence(random: Random, kind: str, topic: str) -> Sentence:
    """One of the sentences of a kind."""
    values = sentences(kind, topic)
    return values[int(random() * len(values))]


def core_of(name: str) -> str:
    """The short name of a project, as its text would call it."""
    for cut in "《》“”‘’":
        name = name.replace(cut, "")
    return name.removeprefix("一种").split("——")[0][:16]


def summary(random: Random, topic: str) -> str:
    """At most 100 characters."""
    text = pick_sentence(random, "summaries", topic).fill(random)
    return text if len(text) <= 100 else text[:99].rpartition("，")[0] + "。"


def body(random: Random, topic: str, keys: Sequence[str], name: str) -> dict[str, str]:
    """Markdown for each section key; about 840 characters together, whatever the number of sections."""
    core, others = core_of(name), real_titles()[topic]
    other = pick(random, others) if others else core
    parts = {}
    left = SENTENCES + int(random() * 5) - 2
    for index, key in enumerate(keys):
        group = key if key in GROUPS else GROUP_OF.get(key, GROUPS[index % len(GROUPS)])
        share = left // (len(keys) - index)
        size = max(1, min(left, share + (random() < 0.3) - (random() < 0.3)))
        left -= size
        parts[key] = _section(random, group, topic, size).replace("◆", core).replace("◇", other)
    return parts


def _section(random: Random, group: str, topic: str, size: int) -> str:
    """So many sentences as one or two paragraphs; sometimes with a list, bold words or a table."""
    stock = sentences(group, topic)
    start, step = int(random() * len(stock)), 1 + int(random() * 4)
    if len(stock) % step == 0:
        step = 1
    texts = [stock[(start + step * k) % len(stock)].fill(random) for k in range(size)]
    dice = random()
    if group == "solution" and dice < 0.30 and size > 2:
        lead, rest = texts[0], texts[1:]
        marks = ["- "] * len(rest) if dice < 0.18 else [f"{k}. " for k in range(1, size)]
        return lead + "\n\n" + "\n".join(mark + text for mark, text in zip(marks, rest, strict=True))
    if group == "economic" and dice < 0.12:
        return "".join(texts[:-1]) + "\n\n" + _table(random, topic)
    if dice > 0.85:
        head, comma, tail = texts[0].partition("，")
        texts[0] = f"**{head}**{comma}{tail}"
    if size > 2 and dice > 0.45:
        return "".join(texts[:2]) + "\n\n" + "".join(texts[2:])
    return "".join(texts)


def _table(random: Random, topic: str) -> str:
    """Three measures before and after, as a Markdown table."""
    shared = common()
    rows = [
        f"| {pick(random, shared['gains'])} | {pick(random, shared['percent'])} | {pick(random, shared['percent'])} |"
        for _ in range(2)
    ]
    minutes, less = pick(random, shared["minutes"]), pick(random, shared["small"])
    rows.append(f"| {pick(random, words('tasks', topic))}（分钟） | {minutes} | {less} |")
    return "\n".join(["| 指标 | 改进前 | 改进后 |", "| --- | ---: | ---: |", *rows])
