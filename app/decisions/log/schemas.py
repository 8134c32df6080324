"""Answers of the log: checkpoints, entries and proofs."""

from app.decisions.proofs.formats import SignedPart
from app.decisions.records import RecordKind
from app.decisions.schemas import DECISION_EXAMPLE, DIGEST_EXAMPLE
from app.rules.schema_base import Shape, described


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
