"""Decision records kept in the repository with the rules they were made by, so that they can be computed again for ever.

A folder holds what was decided at one time: `records.jsonl`, each line the exact text of a record, in the order of the
log; `rulesets.jsonl.gz`, a line for each ruleset with its content and the digests of its packs; `packs.jsonl`, the packs
by their digests. Nothing in a folder ever changes. When the packs or the engine do, `make` adds another folder.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import orjson

from app.decisions.stored_rules.pack_texts import rules_of_packs
from app.rules.service import Rules
from app.rules.values.strict_json import Json

HERE: Final = Path(__file__).parent
RECORDS, RULESETS, PACKS = "records.jsonl", "rulesets.jsonl.gz", "packs.jsonl"


@dataclass(frozen=True)
class Corpus:
    """One folder, read whole."""

    name: str
    records: list[bytes]
    rulesets: dict[str, Json]
    packs: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> Corpus:
        rulesets = [orjson.loads(line) for line in gzip.decompress((folder / RULESETS).read_bytes()).splitlines()]
        packs = [orjson.loads(line) for line in (folder / PACKS).read_bytes().splitlines()]
        return cls(
            folder.name,
            (folder / RECORDS).read_bytes().splitlines(),
            {ruleset["hash"]: ruleset for ruleset in rulesets},
            {pack["digest"]: pack["body"] for pack in packs},
        )

    def write(self, folder: Path) -> None:
        """FileExistsError for a folder that is there: what is kept is never made again."""
        folder.mkdir()
        (folder / RECORDS).write_bytes(b"".join(body + b"\n" for body in self.records))
        lines = b"".join(orjson.dumps(ruleset) + b"\n" for ruleset in self.rulesets.values())
        (folder / RULESETS).write_bytes(gzip.compress(lines, mtime=0))
        packs = [orjson.dumps({"digest": digest, "body": body}) + b"\n" for digest, body in self.packs.items()]
        (folder / PACKS).write_bytes(b"".join(packs))

    @property
    def decisions(self) -> list[tuple[bytes, Json]]:
        """The text and the values of every decision."""
        return [(body, record) for body in self.records if (record := orjson.loads(body))["kind"] == "decision"]

    def bodies(self, record: Json) -> tuple[str, ...]:
        """The texts of the packs that a decision was made by."""
        return tuple(self.packs[digest] for digest in record["packs"])


def folders() -> list[Path]:
    return sorted(path.parent for path in HERE.glob(f"*/{RECORDS}"))


@lru_cache
def corpora() -> list[Corpus]:
    return [Corpus.read(folder) for folder in folders()]


@lru_cache
def rules_from(bodies: tuple[str, ...]) -> Rules:
    """Rules from stored texts alone."""
    return rules_of_packs(list(bodies))
