"""The second half of the demo: stores the samples, decides them, computes them again and proves them."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

from rich.console import Group
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from app.cli.terminal import console
from app.decisions.audit.export import export
from app.decisions.proofs.verify import Checked, check_folder
from app.rules.history import RulesHistory
from app.rules.messages import Language
from app.rules.service import Rules
from app.rules.values.money import parse_fen
from app.rules.values.strict_json import Json
from app.security.callers import COUNTRY, Caller
from app.settings import Settings
from app.storage import Storage

T = TypeVar("T")

# The fictional city printed its standard of July 2024 in September: who was decided in between got too little.
LATE: Final = {"date": "2024-07-15", "known_at": "2024-07-15T09:00:00+08:00"}
_BAR: Final = 44
_OFFICER: Final = Caller("demo", frozenset({"caseworker", "reviewer"}), (COUNTRY,))


@dataclass
class Stored:
    """The outcome of storing the samples."""

    decisions: int = 0
    same: int = 0
    again: Json = field(default_factory=dict)
    late: Json = field(default_factory=dict)
    checked: Checked | None = None
    size: int = 0
    root: str = ""
    seconds: dict[str, float] = field(default_factory=dict)


def stored_demo(rules: Rules, requests: list[Json], language: Language) -> Stored:
    """Store, decide, replay and prove the requests, in a throw-away data folder with a private database."""
    with tempfile.TemporaryDirectory(prefix="doudi-demo-") as folder:
        Path(folder).chmod(0o711)  # the database's own user comes in
        with Progress(console=console, transient=True) as progress:
            return asyncio.run(_Run(rules, requests, Path(folder), progress, language).run())


class _Run:
    def __init__(
        self, rules: Rules, requests: list[Json], folder: Path, progress: Progress, language: Language
    ) -> None:
        self.rules = rules
        self.requests = requests
        self.folder = folder
        self.found = Stored()
        words = "保存、决定、重算、证明" if language == "zh" else "Storing, deciding, replaying, proving"
        self.bar = progress
        self.task = progress.add_task(words, total=5)

    async def run(self) -> Stored:
        settings = Settings(data=self.folder / "data", database_url=None)
        storage = await self._timed("open", Storage.open(settings, RulesHistory(self.rules)))
        try:
            ids = await self._timed("store", self._store(storage))
            await self._timed("replay", self._replay(storage, ids))
            await self._late(storage)
            await self._timed("prove", self._prove(storage))
        finally:
            await storage.close()
        return self.found

    async def _timed(self, name: str, work: Awaitable[T]) -> T:
        started = time.perf_counter()
        done = await work
        self.found.seconds[name] = time.perf_counter() - started
        self.bar.advance(self.task)
        return done

    async def _store(self, storage: Storage) -> list[UUID]:
        """Propose every sample, and decide it as recommended."""
        ids = [await _decided(storage, request, f"demo-{n}") for n, request in enumerate(self.requests)]
        self.found.decisions = len(ids)
        return ids

    async def _replay(self, storage: Storage, ids: list[UUID]) -> None:
        for id_ in ids:
            self.found.same += (await storage.replays.replay(_OFFICER, id_, {"against": "record"})).same

    async def _late(self, storage: Storage) -> None:
        """Decide the first sample before a standard was printed, and replay it with what is known today."""
        id_ = await _decided(storage, self.requests[0] | LATE, "demo-late")
        late = await storage.replays.replay(_OFFICER, id_, {"against": "now"})
        self.found.late = late.model_dump(mode="json", by_alias=True)
        self.bar.advance(self.task)

    async def _prove(self, storage: Storage) -> None:
        """Export the whole log, and check it as an auditor would."""
        checkpoint = await storage.log.checkpoint(None)
        self.found.size, self.found.root = checkpoint.size, checkpoint.root
        target = self.folder / "export"
        async with storage.database.connect() as connection:
            await export(connection, storage.queries.origin, storage.signer.public_key, target)
        self.found.checked = check_folder(target, storage.signer.public_key)


async def _decided(storage: Storage, request: Json, key: str) -> UUID:
    body = request | {"case": key, "household_ref": key}
    written, _ = await storage.decisions.propose(_OFFICER, body | _documents(body), key)
    await storage.decisions.confirm(_OFFICER, written.id, {"by": "demo"}, f"{key}-confirmed")
    return written.id


def _documents(body: Json) -> Json:
    """Name the notice that each supplied figure was read from."""
    parameters = (body.get("options") or {}).get("parameters") or {}
    evidence = {"source": "settled", "evidence": "notice in hand"}
    return {"provenance": {f"/options/parameters/{id_}": evidence for id_ in parameters}}


def stored_tables(found: Stored, language: Language) -> Group:
    """Draw the outcome as a table, and the months of a late standard as a picture."""
    return Group(_overview(found, language), *_picture(found.late, language))


def _overview(found: Stored, language: Language) -> Table:
    zh = language == "zh"
    seconds = found.seconds
    table = Table(title="保存、重算与证明" if zh else "Stored, computed again, proved", title_justify="left")
    for name in ("步骤", "结果", "用时") if zh else ("Step", "Result", "Time"):
        table.add_column(name, overflow="fold")
    sound = found.checked is not None and found.checked.sound
    recomputed = found.checked.recomputed if found.checked else 0
    rows = (
        ("建立数据库" if zh else "A private database", "PostgreSQL", "open"),
        (
            "提出并决定" if zh else "Proposed and decided",
            f"{found.decisions} 项认定" if zh else f"{found.decisions} decisions",
            "store",
        ),
        (
            "按所存规则重算" if zh else "Computed again by the stored rules",
            f"{found.same}/{found.decisions} 逐字节相同"
            if zh
            else f"{found.same}/{found.decisions} the same to the byte",
            "replay",
        ),
        (
            "导出日志并核验" if zh else "Log exported and checked",
            _checked_words(found, sound, recomputed, zh=zh),
            "prove",
        ),
    )
    for step, result, name in rows:
        table.add_row(step, result, f"{seconds[name] * 1000:.0f} ms")
    return table


def _checked_words(found: Stored, sound: bool, recomputed: int, *, zh: bool) -> str:
    root = found.root.removeprefix("sha256:")[:16]
    if zh:
        return f"{found.size} 条记录，重算 {recomputed} 项，{'无误' if sound else '有问题'}；根哈希 {root}…"
    return f"{found.size} records, {recomputed} computed again, {'sound' if sound else 'NOT sound'}; root {root}…"


def _picture(late: Json, language: Language) -> list[Text]:
    """Draw, month by month, what was granted and the difference under the standard known later."""
    zh = language == "zh"
    found = next(d for d in late["differences"] if d["programme"] == "dibao")
    before, after = (parse_fen(found[side]["amount"]["figure"]) for side in ("recorded", "now"))
    granted = _BAR * before // after
    title = (
        "迟公布的标准（示例市，虚构）：2024年7月起执行，9月10日才公布；7月15日作出的决定，按今日所知重算"
        if zh
        else "A standard printed late (Model City, fictional): in force from July 2024, printed on 10 September; "
        "decided on 15 July, computed again with what is known today"
    )
    lines = [Text(), Text(title, style="bold")]
    for month in found["months"]:
        bar = Text(f"{month} ").append("█" * granted, style="green").append("▒" * (_BAR - granted), style="yellow")
        lines.append(bar.append(f" {found['recorded']['amount']['figure']} + {found['per_month']}"))
    lines.append(Text("█ 已发　▒ 差额" if zh else "█ granted  ▒ difference"))
    total = f"差额合计{found['total']}元。差额不等于应退应补：由经办人员认定。"
    said = f"{found['total']} yuan in all. A difference is not a debt: an officer decides what follows."
    return [*lines, Text(total if zh else said)]
