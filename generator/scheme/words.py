"""What one organiser calls things. Part of the scheme; whatever is not said is called by the common word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated

from generator.checking.fields import Line, Model, described
from generator.phrases import SOURCE, Phrases, catalogue, with_words

Word = Annotated[str, Line(12)]


class Words(Model):
    """The words that pages, tables, forms and messages put into their texts, each by the name it has there."""

    case: Word = described("一条案例", "资料库里的一条", default="案例")
    item: Word = described("一个项目", "申报和获奖的是什么", default="项目")
    measure: Word = described("量词", "多少“项”", default="项")
    awarded: Word = described("获奖", "评上了怎么说", default="获奖")
    round: Word = described("一届", "说到某一届时用的量词", default="届")
    rounds: Word = described("届次", "各届合起来作为一个栏目的名称", default="届次")
    unit: Word = described("工作单位", default="工作单位")
    people: Word = described("完成人", "所有的人", default="完成人")
    lead: Word = described("第一完成人", "排在最前的人", default="第一完成人")
    member: Word = described("其他参与人", "其余的人", default="其他参与人")
    post: Word = described("岗位职务", default="岗位职务")

    @cached_property
    def by_name(self) -> Mapping[str, str]:
        """Each word by its name."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    def phrases(self, language: str = SOURCE, theme: Sequence[Path] = ()) -> Phrases:
        """The texts of the interface in `language` with these words. Raises LookupError (phrases.catalogue)."""
        return Phrases(self.by_name, language, catalogue(language, theme))

    def said(self, text: str, /, **values: object) -> str:
        """`text` with the words, and then `values`, put where their names stand in braces."""
        told = with_words(text, self.by_name)
        return with_words(told, {name: str(value) for name, value in values.items()}) if values else told
