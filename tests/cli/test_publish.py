"""doudi rules publish: checked and compared here, or sent with the token of the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from app.cli import publish
from app.cli.main import app
from app.core.http_client import OutboundFailed
from app.rules.packs.pack import CONTENT
from app.rules.values.strict_json import Json

NOTICE: Final = (
    "documents:\n"
    "  notice-2027: {title: {zh: 通知, en: Notice}, published: 2027-06-20, from: 2027-07-01, articles: 3}\n"
    "values:\n"
    "  dibao.standard.urban:\n"
    '    - {from: 2027-07-01, value: 960, document: notice-2027, article: "1"}\n'
)
MODEL: Final = CONTENT / "999900" / "pack.yaml"


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["rules", "publish", *words, "--lang", "en"], env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "notice.yaml"
    path.write_text(NOTICE, encoding="utf-8")
    return path


def test_a_notice_is_shown_beside_what_stands(notice: Path) -> None:
    said = run(str(notice), "--place", "999900")
    for word in ("dibao.standard.urban", "added", "960", "notice-2027"):
        assert word in said


def test_a_pack_is_shown_beside_what_stands(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text(MODEL.read_text(encoding="utf-8").replace("value: 920,", "value: 930,"), encoding="utf-8")
    said = run(str(path))
    assert "changed" in said
    assert "920" in said
    assert "930" in said
    assert "falls" not in said


def test_the_nations_pack_is_a_folder(tmp_path: Path) -> None:
    for path in (CONTENT / "CN").glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8") + "# looked at\n", encoding="utf-8")
    assert "CN" in run(str(tmp_path))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [('"1"', '"4"', "notice-2027 has no article '4'"), ("960", "-960", "value in 0: Value error, not a number")],
)
def test_a_fault_is_told_where_it_stands(notice: Path, before: str, after: str, said: str) -> None:
    text = NOTICE.replace(before, after)
    notice.write_text(text, encoding="utf-8")
    line = text.splitlines()[4]
    told = run(str(notice), "--place", "999900", code=1)
    assert f"999900/published-0001.yaml:5:{line.index(after) + 1}: {said}" in told


def test_what_is_no_yaml_is_told_where_it_ends_to_be(notice: Path) -> None:
    notice.write_text(NOTICE.replace("documents:", "documents: ["), encoding="utf-8")
    assert "notice.yaml:3:1: " in run(str(notice), "--place", "999900", code=1)


@pytest.mark.parametrize(
    "words", [("nowhere.yaml",), (str(MODEL), "--place", "99"), (str(MODEL), "--content", "nowhere")]
)
def test_what_cannot_be_read_ends_with_one(words: tuple[str, ...]) -> None:
    run(*words, code=1)


def test_a_notice_says_whose_it_is(notice: Path) -> None:
    assert "--place" in run(str(notice), code=1)


# sending


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is sent, and the answer to give: the last entry."""
    calls: list[Any] = []

    async def post(url: str, body: Json, token: str, language: str) -> Any:
        answer = calls.pop()
        calls.append((url, body, token, language))
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(publish, "post_json", post)
    monkeypatch.setenv("DOUDI_TOKEN", "secret-token")
    return calls


ANSWER: Final[Json] = {
    "id": "01a1f6ae-9900-7924-9faa-bad8a09a3da6",
    "jurisdiction": "999900",
    "comparison": {"documents": [], "values": [], "rules": [], "programmes": ["dibao"], "other": []},
    "warnings": [{"file": "999900/pack.yaml", "line": 1, "column": 2, "message": "look"}],
    "impact": {
        "seen": 3,
        "decisions": 4,
        "counts": {"gain": 1, "loss": 0, "mixed": 0, "unchanged": 2, "undetermined": 0},
        "net_month": "40.00",
    },
}


def test_it_is_sent_with_the_token_of_the_environment(notice: Path, sent: list[Any]) -> None:
    sent.append((201, ANSWER))
    said = run(str(notice), "--place", "999900", "--to", "https://doudi.example/", "--impact", "--note", "n")
    body = {"jurisdiction": "999900", "change": NOTICE, "note": "n"}
    assert sent == [("https://doudi.example/v1/publications?impact=true", body, "secret-token", "en")]
    for word in (ANSWER["id"], "40.00", "look", "dibao"):
        assert word in said
    assert "secret-token" not in said


def test_a_refusal_is_told_fault_by_fault(notice: Path, sent: list[Any]) -> None:
    fault = {"pointer": "/change", "file": "999900/published-0001.yaml", "line": 5, "column": 7, "message": "wrong"}
    sent.append((422, {"code": "faulty_publication", "detail": "1 fault", "errors": [fault]}))
    said = run(str(notice), "--place", "999900", "--to", "https://doudi.example", code=1)
    assert "999900/published-0001.yaml:5:7: wrong" in said


def test_no_answer_and_no_token_end_with_one(notice: Path, sent: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    sent.append(OutboundFailed())
    run(str(notice), "--place", "999900", "--to", "https://doudi.example", code=1)
    monkeypatch.delenv("DOUDI_TOKEN")
    assert "DOUDI_TOKEN" in run(str(notice), "--place", "999900", "--to", "https://doudi.example", code=1)
