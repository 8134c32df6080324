"""Writes the skeleton of a new place's pack."""

import re
from pathlib import Path
from typing import Final

_CODE: Final = re.compile(r"^[1-9][0-9]{5}$", re.ASCII)

TEMPLATE: Final = """# {name_zh} {name_en}. Write down only what the notice prints; what it does not print stays out and is a gap.
division: "{code}"
name: {{zh: "{name_zh}", en: "{name_en}"}}
{parent}level: {level}
documents:
  # One entry a document. `published` is the day on which it was made public, `from` the day it takes force.
  notice-2026:
    title: {{zh: "关于调整社会救助标准的通知", en: "Notice on the standards of social assistance"}}
    number: 〔2026〕1号
    published: 2026-06-20
    from: 2026-07-01
values:
  # Money is per month unless `per: year` says otherwise. Without `until` a value stands until a later one is known.
  # Replace the examples by the notice's own figures, or delete them.
  # dibao.standard.urban:
  #   - {{from: 2026-07-01, value: 700, document: notice-2026, article: "1"}}
  # dibao.standard.rural:
  #   - {{from: 2026-07-01, value: 6600, per: year, document: notice-2026, article: "1"}}
  # extreme_poverty.basic.urban:
  #   - {{from: 2026-07-01, value: 910, document: notice-2026, article: "2"}}
"""


def scaffold(content: Path, code: str, name_zh: str, name_en: str, parent: str | None) -> Path:
    """Writes the file and returns its path. Raises ValueError for a wrong code, an existing place or no parent."""
    if not _CODE.fullmatch(code):
        raise ValueError(f"{code}: a GB/T 2260 code of six digits")
    folder = content / code
    if folder.exists():
        raise ValueError(f"{folder} exists already")
    if not (content / "CN").is_dir():
        raise ValueError(f"{content} holds no packs")
    if parent is not None and not (_CODE.fullmatch(parent) and (content / parent).is_dir()):
        raise ValueError(f"there is no pack for the parent {parent}")
    if any('"' in name or "\n" in name for name in (name_zh, name_en)):
        raise ValueError("a name holds no quotation mark and no line break")
    level = "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"
    folder.mkdir(parents=True)
    path = folder / "pack.yaml"
    line = f'parent: "{parent}"\n' if parent else ""
    text = TEMPLATE.format(code=code, name_zh=name_zh, name_en=name_en, parent=line, level=level)
    path.write_text(text, encoding="utf-8")
    return path
