"""The files an auditor gets (docs/audit.md): the shapes of their parts, and reading them.

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
from app.rules.request_faults import pointer
from app.rules.values.strict_json import parse_json

MOST_BUNDLE_BYTES: Final = 64 * 1024 * 1024
MOST_LINE_BYTES: Final = 16 * 1024 * 1024
MOST_PATH: Final = 64  # a tree with more levels than this has more leaves than a JSON number can count


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


class CheckpointPart(Part):
    """A signed checkpoint with the public key it is said to be signed with."""

    body: str
    signature: Base64
    key: Annotated[str, Field(pattern=r"^[a-z0-9]{1,16}:[0-9a-f]{32}$")]
    public_key: Base64

    @classmethod
    def of(cls, checkpoint: SignedCheckpoint, public_key: bytes) -> CheckpointPart:
        """The part for a checkpoint of ours."""
        signature, key = (base64.b64encode(value).decode() for value in (checkpoint.signature, public_key))
        return cls(body=checkpoint.body, signature=signature, key=checkpoint.key, public_key=key)

    def signed(self) -> SignedCheckpoint:
        """The checkpoint; nothing of it is checked yet."""
        return SignedCheckpoint(self.body, base64.b64decode(self.signature), self.key)


class RecordLine(Part):
    """A record in an export: its canonical text and its place in the log."""

    index: Index
    body: str


class RecordPart(RecordLine):
    """A record in a bundle: with the path from its leaf to the checkpoint's root."""

    path: Annotated[list[Hash], Field(max_length=MOST_PATH)]


class RulesetPart(Part):
    """A ruleset's canonical content, its hash, and the packs it was made from."""

    hash: Hash
    content: str
    packs: list[Hash]


class PackPart(Part):
    """The text of a pack's files, and its digest."""

    digest: Hash
    body: str


class Bundle(Part):
    """Some records with all that proves them."""

    format: Literal["doudi/bundle/1"]
    checkpoint: CheckpointPart
    records: list[RecordPart]
    rulesets: list[RulesetPart]
    packs: list[PackPart]


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


def read_bundle(text: bytes, report: Report) -> Bundle | None:
    """The bundle; None, with the first place that is wrong in the report, if the text is none."""
    if len(text) > MOST_BUNDLE_BYTES:
        report.add("format", subject="/")
        return None
    return _read(text, Bundle, "", report)


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
