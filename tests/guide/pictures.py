"""Makes the pictures of docs/guide-editors.md from the real program: python -m tests.guide.pictures (make guide).

The form is filled, saved again and drawn by LibreOffice; what the commands say is shown as on a terminal.
"""

from __future__ import annotations

import html
import subprocess
import tempfile
import threading
from io import BytesIO
from pathlib import Path

from markdown_it import MarkdownIt
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, sync_playwright

from generator.editing.editor import Editor
from tests.browser.shots import launch
from tests.guide.walk import ROOT, Walk

OUT = ROOT / "docs/guide"
WIDTH = 900
STYLE = """
body { margin: 0; font: 15px/1.7 "Noto Sans CJK SC", sans-serif; background: #fff; color: #1d2b26; }
pre { margin: 0; padding: 18px 22px; background: #12211b; color: #e8efe9; font: 14px/1.65 "Noto Sans Mono CJK SC",
monospace; white-space: pre-wrap; overflow-wrap: anywhere; } b { color: #9fd8b4; font-weight: 600; }
main { padding: 20px 28px; }
main pre { background: #eef1ef; color: inherit; padding: 10px 14px; }
table { border-collapse: collapse; } td, th { border: 1px solid #bbb; padding: 3px 9px;
text-align: start; } h2 { font-size: 22px; } h3 { font-size: 18px; } h4 { font-size: 16px; } img { max-width: 12em; }
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        walk = Walk(Path(home))
        done = {entry.command: entry for entry in walk.run()}
        page = launch(playwright).new_page(viewport={"width": WIDTH, "height": 700}, device_scale_factor=1.5)
        save("form", drawn_form(walk.clone / "收到的表/拆装工具.docx", Path(home)))
        for name, command in (("import", "caselib import 收到的表"), ("check", "caselib check --changed")):
            text = f"<b>$ {command}</b>\n{html.escape(done[command].output)}"
            save(name, shown(page, f"<pre>{text}</pre>"))
        page.goto((walk.clone / "preview/cases/2023-00007.html").as_uri())
        save("preview", Image.open(BytesIO(page.screenshot(clip={"x": 0, "y": 0, "width": WIDTH, "height": 900}))))
        save("edit", edited(page.context.browser, walk))
        subprocess.run(
            ["deploy/review.sh", "origin/main", "text", "review"],
            cwd=walk.clone, env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, check=True, capture_output=True,
        )  # fmt: skip
        comment = MarkdownIt("commonmark").enable("table").render((walk.clone / "review/comment.md").read_text("utf-8"))
        save("comment", shown(page, f"<main>{comment}</main>", 760))


def edited(browser: Browser | None, walk: Walk) -> Image.Image:
    """The form of `caselib edit` with the record of the guide, checked and shown beside it."""
    assert browser is not None
    editor = Editor(walk.clone / "mkdocs.yml", 0, walk.record.stem)
    threading.Thread(target=editor.run, daemon=True).start()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    page.goto(editor.address)
    page.frame_locator("iframe").get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    image = Image.open(BytesIO(page.screenshot()))
    context.close()
    editor.close()
    return image


def drawn_form(form: Path, folder: Path) -> Image.Image:
    """The first page of a form as LibreOffice saves and shows it, without its margins."""
    for kind, source in (("docx", form), ("pdf", folder / "saved" / form.name)):
        command = ["soffice", "--headless", "--convert-to", kind, "--outdir", str(folder / "saved"), str(source)]
        subprocess.run(command, check=True, capture_output=True)
    pdf = folder / "saved" / f"{form.stem}.pdf"
    subprocess.run(["pdftoppm", "-r", "110", "-png", "-singlefile", str(pdf), str(folder / "form")], check=True)
    image = Image.open(folder / "form.png").convert("RGB")
    box = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    assert box is not None
    left, top, right, bottom = box
    return image.crop((max(0, left - 12), max(0, top - 12), right + 12, bottom + 12))


def shown(page: Page, body: str, most: int = 2000) -> Image.Image:
    """The body as a browser shows it, at most `most` pixels high."""
    page.set_content(f"<!doctype html><html lang=zh><style>{STYLE}</style><body>{body}")
    height = min(most, page.evaluate("document.body.scrollHeight"))
    return Image.open(BytesIO(page.screenshot(clip={"x": 0, "y": 0, "width": WIDTH, "height": height})))


def save(name: str, image: Image.Image) -> None:
    OUT.mkdir(exist_ok=True)
    image.convert("RGB").save(OUT / f"{name}.webp", quality=72, method=6)


if __name__ == "__main__":
    main()
