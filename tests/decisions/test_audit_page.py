"""docs/audit.md says what is found and what the formats are."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.decisions.bundle import check_bundle, check_export
from app.decisions.checkpoints import TreeHead
from app.decisions.findings import FINDINGS
from app.decisions.formats import Bundle
from tests.decisions.making import SIGNER, Export, make_bundle
from tests.test_documents import DOCS, blocks

PAGE = DOCS / "audit.md"


def test_every_finding_is_described_and_no_other() -> None:
    text = PAGE.read_text(encoding="utf-8")
    section = text[text.index("## What is found") : text.index("## What is proven")]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)[1:] == list(FINDINGS)


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    return [_shape(value[0])] if isinstance(value, list) else type(value)


def test_the_shapes_shown_are_the_shapes() -> None:
    bundle, head = (json.loads(block) for block in blocks(PAGE, "json"))
    sound = make_bundle((12,))
    assert _shape(bundle) == _shape(sound)
    assert bundle["format"] == Bundle.model_validate(sound).format
    assert list(head) == list(TreeHead.model_fields)
    assert _shape(head) == _shape(json.loads(sound["checkpoint"]["body"]))


def test_the_code_shown_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = blocks(PAGE, "python")
    imported = {a.name for n in ast.walk(ast.parse(block)) if isinstance(n, ast.ImportFrom) for a in n.names}
    assert imported == {"Path", check_bundle.__name__, check_export.__name__}
    (tmp_path / "export").mkdir()
    export = Export()
    export.checkpoints.pop()
    export.write(tmp_path / "export")
    (tmp_path / "bundle.json").write_text(json.dumps(make_bundle() | {"rulesets": []}), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(block, {"public_key": SIGNER.public_key})  # noqa: S102 - the page's own code
    out = capsys.readouterr().out
    assert "missing_ruleset 第 0 条记录" in out
    assert "uncovered the records from 8 on" in out
