"""Private data goes out of texts in every spelling; numbers that are not private stay."""

import pytest

from generator.importers.scrub import Scrubber
from tests.samples.records import sample_records


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("样机在车间，电话13912345678，可参观。", "样机在车间，可参观。"),
        ("样机（电话：139 1234 5678）已用。", "样机已用。"),
        ("样机，１３９１２３４５６７８，已用。", "样机，已用。"),
        ("样机，+86-139-1234-5678，已用。", "样机，已用。"),
        ("座机023-57681234转801，已用。", "已用。"),
        ("座机（023）57681234，已用。", "已用。"),
        ("办公电话57681234，已用。", "已用。"),
        ("身份证11010519491231002X，已用。", "已用。"),
        ("证号110105491231002，已用。", "已用。"),
        ("邮箱 a.b@c.example.com，已用。", "已用。"),
        ("微信号：abc12345，已用。", "已用。"),
        ("联系地址：某市某路1号，已用。", "已用。"),
        ("张三，男，42岁，班长。", "张三，班长。"),
        ("张三（女，现年35岁）设计。", "张三设计。"),
    ],
)
def test_private_data_goes(text, left):
    cleaned, kinds = Scrubber().clean(text)
    assert kinds
    assert not [c for c in cleaned if c.isdigit()]
    assert cleaned.replace(" ", "").strip("，") == left.replace(" ", "").strip("，")


@pytest.mark.parametrize(
    "text",
    [
        "专利号 ZL202110123456.7，2021-2022年节约1380.5万元。",
        "转速1380转/分，尺寸139×80×60毫米，合格率99.5%。",
        "联系紧密，年产值12000000元。",
        "2023年5月1日起用于3#、4#机组，电话报修减少。",
        "适合男、女职工使用，男女均可操作。",
        "型号GB/T 4754-2017、Q/CR 9230—2016。",
        "服务年龄较大的患者，地址码自动识别。",
    ],
)
def test_other_numbers_and_words_stay(text):
    assert Scrubber().clean(text) == (text, [])


def test_what_stood_in_a_private_cell_goes_from_every_text():
    scrubber = Scrubber()
    scrubber.keep_out(["重庆市巫山县高唐街道9号楼", "女", "5768 1234"])
    cleaned, kinds = scrubber.clean("样机在重庆市巫山县 高唐街道9号楼，分机57681234，适合女职工。")
    assert cleaned == "样机在，分机，适合女职工。"
    assert kinds


def test_texts_of_invented_records_are_left_as_they_are():
    scrubber = Scrubber(("性别", "年龄", "联系电话"))
    for record in sample_records(1500):
        for text in (
            record["title"],
            record.get("unit", ""),
            record.get("summary", ""),
            *record.get("body", {}).values(),
        ):
            assert scrubber.clean(text) == (text, [])
