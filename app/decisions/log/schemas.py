"""The shapes of what the log answers, for OpenAPI; checked by tests, not used to serialise."""

from typing import Literal

from app.decisions.records import RecordKind
from app.decisions.schemas import DECISION_EXAMPLE, DIGEST_EXAMPLE
from app.rules.schema_base import Shape, described, schemas

_BODY = (
    '{"algorithms":{"hash":"sha256","signature":"ed25519"},"format":"doudi/checkpoint/1","origin":"doudi",'
    f'"root":"{DIGEST_EXAMPLE}","size":7,"time":"2026-11-20T02:00:00Z"}}'
)
_SIGNATURE = "812d94yNVuF6fLpN8B0DnY7MX3uaomnjdU0u5Eu67vDCAepW+O5RoDg7UGVpC/qwOoIjUnWsgDayVhvASfeRBQ=="


class SignedPart(Shape):
    """A checkpoint as it was signed (docs/audit.md)."""

    body: str = described("签名文本", "The text that was signed, canonical JSON", _BODY)
    signature: str = described("签名", "Ed25519 over the text's bytes, base64", _SIGNATURE)
    key: str = described("密钥名称", "The key's name", "ed25519:666556bc047d6990730632c47303bb18")
    public_key: str = described(
        "公钥", "The public key, 32 bytes in base64", "Rw0nLzA4NhvNJi+TmZhfeBRLgupqUZ+7gMLFtlF2Sjw="
    )


class CheckpointAnswer(SignedPart):
    """The signed tree head. Only the signed text counts; what stands beside it is there to be read."""

    origin: str = described("日志名称", "The name of the log", "doudi")
    size: int = described("记录数", "How many records it covers", 7, unit="records")
    root: str = described("根", "The root of the tree over them", DIGEST_EXAMPLE)
    time: str = described("时间", "When it was signed", "2026-11-20T02:00:00Z")


class LogEntry(Shape):
    """What a leaf stands for. The record's content is not here: it tells of people."""

    origin: str = described("日志名称", "The name of the log", "doudi")
    index: int = described("序号", "The record's place, counted from 0", 1)
    id: str = described("编号", "The record's id", DECISION_EXAMPLE)
    kind: RecordKind = described("种类", "What was recorded", "event")
    decision: str = described("认定编号", "The decision it is about", DECISION_EXAMPLE)
    digest: str = described("摘要", "SHA-256 of the record's canonical text", DIGEST_EXAMPLE)
    leaf: str = described("叶节点", "SHA-256 of a zero byte and the digest (RFC 9162)", DIGEST_EXAMPLE)


class InclusionProof(Shape):
    """That a record stands in the tree of a size (RFC 9162, 2.1.3)."""

    leaf: int = described("序号", "The record's place, counted from 0", 1)
    size: int = described("记录数", "The size of the tree", 4, unit="records")
    root: str = described("根", "The root of that tree", DIGEST_EXAMPLE)
    path: list[str] = described("路径", "The hashes from the leaf up to the root", [DIGEST_EXAMPLE])


class ConsistencyProof(Shape):
    """That a later tree begins with an earlier one (RFC 9162, 2.1.4)."""

    start: int = described("原记录数", "The size of the earlier tree", 2, unit="records", alias="from")
    to: int = described("现记录数", "The size of the later tree", 5, unit="records")
    root_from: str = described("原根", "The root of the earlier tree", DIGEST_EXAMPLE)
    root_to: str = described("现根", "The root of the later tree", DIGEST_EXAMPLE)
    path: list[str] = described("路径", "The hashes of the proof", [DIGEST_EXAMPLE])


class BundleRecord(Shape):
    """A record with its proof."""

    index: int = described("序号", "Its place in the log", 0)
    body: str = described("文本", "Its canonical text", '{"format":"doudi/record/1","…":"…"}')
    path: list[str] = described("路径", "From its leaf to the checkpoint's root", [DIGEST_EXAMPLE])


class BundleRuleset(Shape):
    """The rules and figures of a decision."""

    hash: str = described("哈希值", "SHA-256 of the content", DIGEST_EXAMPLE)
    content: str = described("内容", "The rules and figures, canonical JSON", '{"engine":"1","…":"…"}')
    packs: list[str] = described("规则包", "Digests of the packs it was made of", [DIGEST_EXAMPLE])


class BundlePack(Shape):
    """The text of a pack."""

    digest: str = described("摘要", "SHA-256 of the body", DIGEST_EXAMPLE)
    body: str = described(
        "文本", "The division and its files, canonical JSON", '{"division":"999900","files":{"…":"…"}}'
    )


class AuditBundle(Shape):
    """One decision with all that proves it (docs/audit.md)."""

    format: Literal["doudi/bundle/1"] = described("格式", "Always this", "doudi/bundle/1")
    checkpoint: SignedPart = described("检查点", "The signed tree head that the proofs lead to")
    records: list[BundleRecord] = described("记录", "The decision and everything recorded about it")
    rulesets: list[BundleRuleset] = described("规则集", "The rules it was computed by")
    packs: list[BundlePack] = described("规则包", "The texts those were made of")


LOG_SCHEMAS = schemas(CheckpointAnswer, LogEntry, InclusionProof, ConsistencyProof, AuditBundle)
