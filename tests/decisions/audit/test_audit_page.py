"""docs/audit.md says what is found and what the formats are."""

import json
import re
from typing import Any

from app.decisions.proofs.checkpoints import TreeHead
from app.decisions.proofs.findings import FINDINGS
from app.decisions.proofs.formats import AuditBundle
from tests.support.decisions.bundles import make_bundle
from tests.test_documents import DOCS, ROOT, blocks

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
    assert bundle["format"] == AuditBundle.model_validate(sound).format
    assert list(head) == list(TreeHead.model_fields)
    assert _shape(head) == _shape(json.loads(sound["checkpoint"]["body"]))


def test_the_verifiers_shown_are_there() -> None:
    """What they do is tested where they are: tests/cli/test_audit.py and tests/tools/test_verify_log.py."""
    lines = "".join(blocks(PAGE, "sh")).splitlines()
    ours = [line for line in lines if "verify" in line and "openssl" not in line]
    starts = {line.split(" bundle.json")[0].split(" export/")[0] for line in ours}
    assert starts == {"uv run doudi audit verify", "python tools/verify_log.py"}
    assert (ROOT / "tools" / "verify_log.py").is_file()
