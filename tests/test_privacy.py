import pytest

from generator.records.privacy import find_private

VALID_ID = "11010519491231002X"  # the example of the standard


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请拨打13812345678联系", "手机号码"),
        ("１３８１２３４５６７８", "手机号码"),
        ("138-1234-5678", "手机号码"),
        ("138 1234 5678", "手机号码"),
        ("+86 13812345678", "手机号码"),
        ("电话023-68001234。", "电话号码"),
        ("(023) 68001234", "电话号码"),
        (f"证件{VALID_ID}", "身份证号码"),
        (f"证件{VALID_ID.lower()}", "身份证号码"),
        ("110105 19491231 002X", "身份证号码"),
        ("写信到 zhang.san@example.com", "电子邮箱"),
        ("ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "电子邮箱"),
        ("联系电话：见附件", "联系电话"),
        ("通讯地址: 某路 1 号", "通讯地址"),
    ],
)
def test_private_data_is_found_in_every_spelling(text, kind):
    assert kind in [found for _, found in find_private(text, ["联系电话", "通讯地址"])]


@pytest.mark.parametrize(
    "text",
    [
        "专利号 ZL202210123456.7",
        "专利号 202320123456X",
        "申请号 2022101234567",
        "产值 13812345678901 元",
        "编号 110105194912310021",  # the check character is wrong
        "https://example.org/T-2633081-1.html",
        "尺寸 0.23-68001234",
        "2021-2022 年，节约 1380 万元",
        "本装置 @ 2 倍速",
        "联系电话要写清楚",
        "型号 a13812345678b",
    ],
)
def test_numbers_that_are_not_private_pass(text):
    assert list(find_private(text, ["联系电话"])) == []


def test_what_was_found_is_not_repeated():
    [(position, kind)] = find_private("请拨打13812345678")
    assert position == 3
    assert "138" not in kind
