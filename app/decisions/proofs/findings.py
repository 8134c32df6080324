"""What a check of records and checkpoints has found: a code, where, and a sentence in Chinese or English."""

from dataclasses import dataclass, field
from typing import Final

from app.rules.messages import Language

MOST_FINDINGS: Final = 1000  # nobody reads more, and a hostile file could hold any number
NOTES: Final = frozenset(
    {"key_not_pinned", "key_earlier", "before_trail"}
)  # what a reader must know, though nothing is wrong

FINDINGS: Final[dict[str, dict[Language, str]]] = {
    "format": {"zh": "{subject} 缺失或不符合格式", "en": "{subject} is missing or not of the format"},
    "algorithm": {
        "zh": "{subject} 所用算法未知，无法校验",
        "en": "{subject} names an algorithm that is not known here",
    },
    "key": {
        "zh": "含 {size} 条记录的检查点：密钥名称、公钥与应有的密钥不一致（{subject}）",
        "en": "the checkpoint of {size} records: key name, public key and the key expected do not agree ({subject})",
    },
    "key_not_pinned": {
        "zh": "公钥取自文件本身（{subject}），未与另行取得的公钥核对",
        "en": "the public key is the file's own ({subject}); it was not compared with one from elsewhere",
    },
    "key_earlier": {
        "zh": "部分检查点由先前的密钥签名（{subject}），其后已另行启用新密钥",
        "en": "some checkpoints are signed by an earlier key ({subject}), which another took the place of on purpose",
    },
    "signature": {
        "zh": "含 {size} 条记录的检查点签名无效",
        "en": "the signature of the checkpoint of {size} records does not hold",
    },
    "inclusion": {
        "zh": "第 {index} 条记录不在检查点的树中：内容、序号或路径被改动",
        "en": "record {index} is not in the tree of the checkpoint: its body, index or path was altered",
    },
    "missing_record": {"zh": "缺少第 {index} 条记录", "en": "record {index} is missing"},
    "record_order": {
        "zh": "第 {index} 条记录重复或次序不对（{subject}）",
        "en": "record {index} stands out of order or twice ({subject})",
    },
    "checkpoint_consistency": {
        "zh": "含 {size} 条记录的检查点不是此处前 {size} 条记录的树根",
        "en": "the checkpoint of {size} records is not the root over the first {size} records found here",
    },
    "checkpoint_order": {
        "zh": "含 {size} 条记录的检查点排在更大的检查点之后",
        "en": "the checkpoint of {size} records stands after a larger one",
    },
    "origin": {
        "zh": "含 {size} 条记录的检查点属于另一日志（{subject}）",
        "en": "the checkpoint of {size} records is of another log ({subject})",
    },
    "uncovered": {
        "zh": "自第 {index} 条起的记录没有检查点",
        "en": "the records from {index} on are under no checkpoint",
    },
    "ruleset": {"zh": "规则集 {subject} 的内容被改动", "en": "the content of ruleset {subject} was altered"},
    "missing_ruleset": {
        "zh": "第 {index} 条记录所依据的规则集 {subject} 缺失",
        "en": "record {index} rests on ruleset {subject}, which is missing",
    },
    "pack": {"zh": "规则包 {subject} 的内容被改动", "en": "the body of pack {subject} was altered"},
    "missing_pack": {
        "zh": "规则集所用的规则包 {subject} 缺失",
        "en": "a ruleset was made from pack {subject}, which is missing",
    },
    "record_digest": {
        "zh": "第 {index} 条记录的内容与其摘要不符（{subject}）",
        "en": "the body of record {index} is not what its digest says ({subject})",
    },
    "record_columns": {
        "zh": "第 {index} 条记录的登记项与内容不符（{subject}）",
        "en": "record {index} is filed under something else than it says ({subject})",
    },
    "leaf": {"zh": "第 {index} 条记录的叶哈希被改动", "en": "the leaf of record {index} was altered"},
    "node": {"zh": "树中节点 {subject} 被改动或缺失", "en": "node {subject} of the tree was altered or is missing"},
    "search": {
        "zh": "第 {index} 条记录的检索项与内容不符（{subject}）",
        "en": "record {index} is found under something else than it says ({subject})",
    },
    "claim": {
        "zh": "第 {index} 条记录没有对应的幂等键（{subject}）",
        "en": "no idempotency key leads to record {index} ({subject})",
    },
    "scope": {
        "zh": "所依据的规则、标准和文件清单 {subject} 被改动或缺失",
        "en": "the list {subject} of rules, figures and documents that decisions rest on was altered or is missing",
    },
    "publication": {
        "zh": "规则发布 {subject} 与日志所记不符",
        "en": "publication {subject}, or its outcome, is not what the log records",
    },
    "identity": {
        "zh": "{subject} 的身份信息无法打开，或者与记录中的承诺不符",
        "en": "who {subject} is does not open, or is not what the record commits to",
    },
    "person_mark": {
        "zh": "人员 {subject} 的检索标记被改动或缺失",
        "en": "the mark that leads to person {subject} was altered or is missing",
    },
    "trail_gap": {
        "zh": "留痕日志第 {index} 项缺失或被改动",
        "en": "leaf {index} of the trail is missing or was altered",
    },
    "trail_row": {
        "zh": "这一行没有留痕，或者之后被改动：{subject}",
        "en": "this row left no trail, or was altered since: {subject}",
    },
    "trail_gone": {
        "zh": "表 {subject} 中有 {size} 行被改动或者删除",
        "en": "{size} rows of the table {subject} were altered or taken away",
    },
    "trail_changed": {
        "zh": "表 {subject} 中开始留痕之前的行被改动、增加或者删除（现有 {size} 行）",
        "en": "rows of the table {subject} from before the trail were altered, added or taken away ({size} are there)",
    },
    "before_trail": {
        "zh": "表 {subject} 中有 {size} 行早于留痕：此后未被改动，此前无从证明",
        "en": "{size} rows of the table {subject} are older than the trail: unchanged since, and unproven before",
    },
    "recomputation": {
        "zh": "第 {index} 条记录按所存规则重新计算，结果不同（{subject}）",
        "en": "record {index} computed again by its stored rules comes to something else ({subject})",
    },
    "cannot_recompute": {
        "zh": "第 {index} 条记录无法按所存规则重新计算（{subject}）",
        "en": "record {index} cannot be computed again by its stored rules ({subject})",
    },
    "too_many": {"zh": "问题过多，其余未列出", "en": "too much was found; the rest is not listed"},
}

# What can be found only where the records lie, or by computing: not by a verifier of files that knows no rules.
WITH_DATABASE_OR_RULES: Final = frozenset(
    [
        "record_digest",
        "record_columns",
        "leaf",
        "node",
        "search",
        "claim",
        "recomputation",
        "cannot_recompute",
        "key_earlier",
        "scope",
        "publication",
        "identity",
        "person_mark",
        "trail_gap",
        "trail_row",
        "trail_gone",
        "trail_changed",
        "before_trail",
    ]
)


@dataclass(frozen=True)
class Finding:
    """One thing found, and where: a record's index, a checkpoint's size, a hash, a key or a place in a file."""

    code: str
    index: int | None = None
    size: int | None = None
    subject: str | None = None

    @property
    def is_fault(self) -> bool:
        """Whether something is wrong, or this is only to be known."""
        return self.code not in NOTES

    def message(self, language: Language) -> str:
        """The finding as a sentence."""
        return FINDINGS[self.code][language].format(index=self.index, size=self.size, subject=self.subject)


@dataclass
class Report:
    """The findings of one check, in the order in which they were met."""

    findings: list[Finding] = field(default_factory=list)

    def add(self, code: str, *, index: int | None = None, size: int | None = None, subject: str | None = None) -> None:
        """One more finding; beyond MOST_FINDINGS only the fact that there is more."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(code, index, size, subject))
        elif len(self.findings) == MOST_FINDINGS:
            self.findings.append(Finding("too_many"))
