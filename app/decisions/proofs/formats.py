"""The files an auditor gets (docs/audit.md): audit bundles and the lines of an export, as models, and reading them.

What is read may come from anybody: it is bounded in size, strict in form, and never repeated in a message.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from app.decisions.proofs.checkpoints import DIGEST, MOST_LEAVES, SignedCheckpoint
from app.decisions.proofs.findings import Report
from app.decisions.schemas import DIGEST_EXAMPLE
from app.rules.request_faults import pointer
from app.rules.schema_base import described
from app.rules.values.strict_json import parse_json

MOST_BUNDLE_BYTES: Final = 64 * 1024 * 1024
MOST_LINE_BYTES: Final = 16 * 1024 * 1024
MOST_PATH: Final = 64  # a tree with more levels than this has more leaves than a JSON number can count

_CHECKPOINT = (
    '{"algorithms":{"hash":"sha256","signature":"ed25519"},"format":"doudi/checkpoint/1","origin":"doudi",'
    f'"root":"{DIGEST_EXAMPLE}","size":7,"time":"2026-11-20T02:00:00Z"}}'
)
_SIGNATURE = "812d94yNVuF6fLpN8B0DnY7MX3uaomnjdU0u5Eu67vDCAepW+O5RoDg7UGVpC/qwOoIjUnWsgDayVhvASfeRBQ=="


def _base64(text: str) -> str:
    if base64.b64encode(base64.b64decode(text, validate=True)).decode() != text:
        raise ValueError("not the one form of this base64")
    return text


Hash = Annotated[str, Field(pattern=DIGEST)]
Base64 = Annotated[str, AfterValidator(_base64)]
Index = Annotated[int, Field(ge=0, lt=MOST_LEAVES)]
Name = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SignedPart(Part):
    """A checkpoint as it was signed (docs/audit.md)."""

    body: str = described("签名文本", "The text that was signed, canonical JSON", _CHECKPOINT)
    signature: Base64 = described("签名", "Ed25519 over the text's bytes, base64", _SIGNATURE)
    key: Annotated[str, Field(pattern=r"^[a-z0-9]{1,16}:[0-9a-f]{32}$")] = described(
        "密钥名称", "The key's name", "ed25519:666556bc047d6990730632c47303bb18"
    )
    public_key: Base64 = described(
        "公钥", "The public key, 32 bytes in base64", "Rw0nLzA4NhvNJi+TmZhfeBRLgupqUZ+7gMLFtlF2Sjw="
    )

    @classmethod
    def of(cls, checkpoint: SignedCheckpoint, public_key: bytes) -> SignedPart:
        """Describes a checkpoint of this service with its public key, 32 bytes."""
        signature, key = (base64.b64encode(value).decode() for value in (checkpoint.signature, public_key))
        return SignedPart(body=checkpoint.body, signature=signature, key=checkpoint.key, public_key=key)

    def signed(self) -> SignedCheckpoint:
        """Returns the checkpoint; nothing of it is checked yet."""
        return SignedCheckpoint(self.body, base64.b64decode(self.signature), self.key)


class RecordLine(Part):
    """A record in an export."""

    index: Index = described("序号", "Its place in the log", 0)
    body: str = described("文本", "Its canonical text", '{"format":"doudi/record/1","…":"…"}')


class BundleRecord(RecordLine):
    """A record with its proof."""

    path: Annotated[list[Hash], Field(max_length=MOST_PATH)] = described(
        "路径", "From its leaf to the checkpoint's root", [DIGEST_EXAMPLE]
    )


class BundleRuleset(Part):
    """The rules and figures of a decision."""

    hash: Hash = described("哈希值", "SHA-256 of the content", DIGEST_EXAMPLE)
    content: str = described("内容", "The rules and figures, canonical JSON", '{"engine":"1","…":"…"}')
    packs: list[Hash] = described("规则包", "Digests of the packs it was made of", [DIGEST_EXAMPLE])


class BundlePack(Part):
    """The text of a pack."""

    digest: Hash = described("摘要", "SHA-256 of the body", DIGEST_EXAMPLE)
    body: str = described(
        "文本", "The division and its files, canonical JSON", '{"division":"999900","files":{"…":"…"}}'
    )


class AuditBundle(Part):
    """One decision with all that proves it (docs/audit.md)."""

    format: Literal["doudi/bundle/1"] = described("格式", "Always this", "doudi/bundle/1")
    checkpoint: SignedPart = described("检查点", "The signed tree head that the proofs lead to")
    records: list[BundleRecord] = described("记录", "The decision and everything recorded about it")
    rulesets: list[BundleRuleset] = described("规则集", "The rules it was computed by")
    packs: list[BundlePack] = described("规则包", "The texts those were made of")


class PackBody(Part):
    """What a pack's body says."""

    division: Name
    files: dict[str, str]


class RecordBody(BaseModel):
    """What a check must know of a record's body; whatever else it says is bound by its digest."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    format: Literal["doudi/record/1"]
    kind: Name
    id: Name
    decision: Name


class DecisionBody(RecordBody):
    """The same of a record that is a decision: it rests on a ruleset."""

    ruleset: Hash


Shape = TypeVar("Shape", bound=BaseModel)


def read_bundle(text: bytes, report: Report) -> AuditBundle | None:
    """The bundle; None, with the first place that is wrong in the report, if the text is none."""
    if len(text) > MOST_BUNDLE_BYTES:
        report.add("format", subject="/")
        return None
    return _read(text, AuditBundle, "", report)


def read_lines(path: Path, shape: type[Shape], report: Report) -> Iterator[tuple[str, Shape]]:
    """The lines of one file of an export that are of the shape, each with its place; the others are reported."""
    if not path.is_file():
        report.add("format", subject=path.name)
        return
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MOST_LINE_BYTES + 1):
            number += 1
            where = f"{path.name}:{number}"
            if len(line) > MOST_LINE_BYTES:
                report.add("format", subject=where)
                return
            part = _read(line, shape, where, report)
            if part is not None:
                yield where, part


def read_body(text: str, shape: type[Shape], where: str, report: Report) -> Shape | None:
    """What a text within a part says; None, reported, if it is not of the shape."""
    return _read(text.encode(), shape, where, report)


def _read(text: bytes, shape: type[Shape], where: str, report: Report) -> Shape | None:
    try:
        raw: Any = parse_json(text)
        return shape.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        report.add("format", subject=where + pointer(first["loc"]) or "/")
    except ValueError:
        report.add("format", subject=where or "/")
    return None
