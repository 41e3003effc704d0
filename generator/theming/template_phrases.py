"""Texts of templates, settled when a template is compiled: `_("…")` and `of_records` cost a page nothing."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from generator.phrases import Phrases

# What templates call to say a text, and the attribute that tells the language of a record's text.
SAY = "_"
OF_RECORDS = "of_records"
# Names of values that are texts of the scheme or of a record.
OF_RECORDS_NAMES = frozenset(("organiser", "programme", "unit_name", "round_label", "terms", "alt"))


class PhraseEnvironment(Environment):
    """A Jinja environment whose templates say the texts of `phrases`.

    A text of a template is markup, the values that are put into it are not.
    """

    phrases: Phrases

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template. Every rendering and import copies them, which takes long from a chain of maps."""
        return {**self.globals, **(d or {})}

    def use(self, phrases: Phrases) -> None:
        """Says the texts of `phrases` from now on."""
        self.phrases = phrases
        self.globals |= say_globals(phrases)


def say_globals(phrases: Phrases) -> dict[str, Any]:
    """What templates of an environment of another maker call by the same names."""
    return {
        SAY: phrases,
        OF_RECORDS: Markup(phrases.of_records),
        "of_chrome": Markup(phrases.of_chrome),
        "language": phrases.language,
    }


class _Settler(NodeTransformer):
    """Puts the texts in the place of the calls."""

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802
        shown: list[nodes.Expr] = []
        for child in node.nodes:
            if is_text(child):
                shown += self._pieces(child)
            elif isinstance(child, nodes.Name) and child.name == OF_RECORDS:
                shown.append(nodes.TemplateData(self.phrases.of_records))
            else:
                shown.append(self.visit(child))
        node.nodes = shown
        return node

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802
        """The attribute within an expression is a constant, too."""
        if node.name == OF_RECORDS and node.ctx == "load":
            return nodes.Const(self.phrases.of_records, lineno=node.lineno)
        return node

    def visit_If(self, node: nodes.If) -> list[nodes.Node]:  # noqa: N802
        """Of a question about the language only the answer stays."""
        asked = isinstance(node.test, nodes.Name) and node.test.name == OF_RECORDS
        self.generic_visit(node)
        if asked and not node.elif_:
            return node.body if self.phrases.of_records else node.else_
        return [node]

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        """A text within an expression is a constant, where no value belongs into it."""
        self.generic_visit(node)
        if is_text(node) and not node.kwargs:
            return nodes.Const(self.phrases(node.args[0].as_const()), lineno=node.lineno)
        return node

    def _pieces(self, call: nodes.Expr) -> Iterator[nodes.Expr]:
        """What a text is put together from: markup, and values that are still to be escaped."""
        assert isinstance(call, nodes.Call)
        values = {pair.key: pair.value for pair in call.kwargs}
        for text, is_name in self.phrases.pieces(call.args[0].as_const()):
            known = values.get(text) if is_name else None
            if known is None:
                yield nodes.TemplateData(text)
            elif text in OF_RECORDS_NAMES and not self.phrases.is_source:
                yield nodes.TemplateData(f"<span{self.phrases.of_records}>")
                yield self.visit(known)
                yield nodes.TemplateData("</span>")
            else:
                yield self.visit(known)


def is_text(node: nodes.Node) -> bool:
    """Whether `node` says a text: a call of `_` with a constant."""
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name == SAY
        and len(node.args) == 1
        and isinstance(node.args[0], nodes.Const)
    )


class _Generator(CodeGenerator):
    """Writes the code of a template whose texts are settled."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        assert isinstance(self.environment, PhraseEnvironment)
        _Settler(self.environment.phrases).visit(node)
        super().visit_Template(node, frame)


PhraseEnvironment.code_generator_class = _Generator
