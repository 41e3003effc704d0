import io
import json

from generator import progress as module
from generator.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(stream, monkeypatch=None, **options):
    with progress(stream=stream, **options) as show:
        if show is None:
            return None
        for done in (1, 50, 100):
            show("网页", done, 100)
    return stream.getvalue()


def test_quiet_shows_nothing():
    assert run(io.StringIO(), quiet=True) is None


def test_json_is_a_line_for_each_step():
    rows = [json.loads(line) for line in run(io.StringIO(), as_json=True).splitlines()]
    assert rows == [{"stage": "网页", "done": done, "total": 100} for done in (1, 50, 100)]


def test_a_short_stage_is_not_worth_a_line_and_a_long_one_is(monkeypatch):
    assert run(io.StringIO()) == ""
    moments = iter([0.0, 6.0, 7.0])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(moments))
    assert run(io.StringIO()).splitlines() == ["网页 50/100，每秒 8", "网页 100/100，每秒 14"]


def test_a_terminal_gets_a_bar_with_count_and_rate():
    shown = run(Terminal())
    assert "100/100" in shown
    assert "每秒" in shown
