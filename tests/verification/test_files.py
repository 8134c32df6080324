"""The exchange of files: batches out, answers in, and what happens to repeated, partial and broken ones."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any, get_args

import pytest

from app.core.sheets import SheetForm, write_sheet
from app.verification.exchange.batch_folder import MANIFEST, manifest_of, parcels, put, read_manifest
from app.verification.exchange.errors import NoPlatform, PlatformRefused, PlatformUnavailable
from app.verification.exchange.folders import FileExchange, batch_of
from app.verification.exchange.mapping.mapping import Mapping, load_mapping
from app.verification.exchange.mapping.translate import Translator
from app.verification.exchange.protocol import Answers, Callback, Receipt, Report
from app.verification.exchange.tables import read_sheet
from tests.support.verification.exchange import NOW, mappings, person, query, report, wage
from tests.support.verification.simulator import simulator, until

pytestmark = pytest.mark.anyio
FORMS = get_args(SheetForm)


class Exchange:
    """A file exchange in a folder, and the platform's hand that puts answers into it."""

    def __init__(self, folder: Path, mapping: Mapping, form: SheetForm = "csv") -> None:
        self.outbox, self.inbox = folder / "outbox", folder / "inbox"
        self.backend = FileExchange(mapping, self.outbox, self.inbox, form)
        self.translator = Translator(mapping.in_rows())
        self.form: SheetForm = form

    def rows(self, *reports: Report) -> list[dict[str, str]]:
        people = {one.ref: one for one in query().persons}
        return [row for one in reports for row in self.translator.report_rows(one, people[one.person])]

    def put(self, name: str, *tables: list[dict[str, str]], complete: bool = True, **changes: Any) -> Path:
        """A parcel of answers to `query()`."""
        names = [list(dict.fromkeys(name for row in rows for name in row)) for rows in tables]
        files = {f"answers{n}.{self.form}": write_sheet(self.form, names[n], rows) for n, rows in enumerate(tables)}
        manifest = manifest_of(files, "answers", batch_of([query()]), complete=complete)
        put(self.inbox, name, manifest.model_copy(update=changes), files)
        return self.inbox / name

    async def poll(self) -> Answers:
        return await self.backend.poll(query(), await self.backend.submit(query()))


@pytest.fixture(params=[(name, form) for name in mappings() for form in FORMS], ids="-".join)
def exchange(request: pytest.FixtureRequest, tmp_path: Path) -> Exchange:
    name, form = request.param
    return Exchange(tmp_path, mappings()[name], form)


@pytest.fixture
def plain(tmp_path: Path) -> Exchange:
    return Exchange(tmp_path, load_mapping("simulator"))


# out


async def test_a_batch_goes_out_whole_with_its_digests(exchange: Exchange) -> None:
    receipts = await exchange.backend.submit_all([query("q-1"), query("q-2")])
    (parcel,) = parcels(exchange.outbox)
    manifest = read_manifest(parcel)
    assert {receipt.number for receipt in receipts} == {manifest.batch}
    body = (parcel / f"queries.{exchange.form}").read_bytes()
    assert len(read_sheet(exchange.form, body)) == 2 * 2 * 12
    assert sorted(path.name for path in exchange.outbox.iterdir()) == [manifest.batch]
    assert {path.stat().st_mode & 0o077 for path in (parcel, *parcel.iterdir())} == {0}


async def test_the_same_batch_again_is_the_same_parcel(exchange: Exchange) -> None:
    first = await exchange.backend.submit_all([query("q-1"), query("q-2")])
    assert await exchange.backend.submit_all([query("q-2"), query("q-1")]) == first[::-1]
    assert len(list(parcels(exchange.outbox))) == 1


async def test_many_at_once_put_one_parcel(plain: Exchange) -> None:
    receipts = await asyncio.gather(*(plain.backend.submit(query()) for _ in range(20)))
    assert len({receipt.number for receipt in receipts}) == 1
    assert [path.name for path in plain.outbox.iterdir()] == [receipts[0].number]


async def test_a_name_that_looks_like_a_formula_is_text(plain: Exchange) -> None:
    hostile = person().model_copy(update={"name": "=1+1"})
    await plain.backend.submit(query(persons=(hostile,)))
    (parcel,) = parcels(plain.outbox)
    text = (parcel / "queries.csv").read_text(encoding="utf-8-sig")
    assert ",'=1+1," in text
    assert ",=1+1" not in text


async def test_an_outbox_that_cannot_be_written_is_unavailable(plain: Exchange) -> None:
    plain.outbox.write_text("a file")
    with pytest.raises(PlatformUnavailable):
        await plain.backend.submit(query())


async def test_a_register_without_code_is_refused_and_nothing_written(tmp_path: Path) -> None:
    text = (Path(load_mapping("simulator").file.name), "    deaths: deaths\n")[1]
    source = Path("app/verification/exchange/mapping/platforms/simulator.yaml").read_text(encoding="utf-8")
    (tmp_path / "simulator.yaml").write_text(source.replace(text, "    deaths: unmapped\n"), encoding="utf-8")
    exchange = Exchange(tmp_path, load_mapping(tmp_path / "simulator.yaml"))
    with pytest.raises(PlatformRefused):
        await exchange.backend.submit(query())
    assert not exchange.outbox.exists()


def test_files_bring_no_callbacks(plain: Exchange) -> None:
    with pytest.raises(NoPlatform):
        plain.backend.accept(Callback({}), query(), NOW)


# in


async def test_answers_are_read(exchange: Exchange) -> None:
    said = [
        report(),
        report(id="r-2", person="p2", source="vehicles", status="no_record", items=()),
        report(id="r-3", items=(wage(1), wage(2), wage(2))),
    ]
    exchange.put("one", exchange.rows(*said))
    found = await exchange.poll()
    assert [one.digest for one in found.reports] == [one.digest for one in said]
    assert (found.malformed, found.complete) == ((), True)


async def test_before_answers_there_are_none(plain: Exchange) -> None:
    assert await plain.poll() == Answers()


async def test_answers_said_again_are_one(exchange: Exchange) -> None:
    rows = exchange.rows(report(), report(id="r-2"))
    exchange.put("one", rows + rows, rows)
    exchange.put("two", rows)
    assert [one.id for one in (await exchange.poll()).reports] == ["r-1", "r-2"]


async def test_the_same_id_with_something_else_is_there_twice(plain: Exchange) -> None:
    plain.put("one", plain.rows(report()), plain.rows(report(items=(wage(1),))))
    found = (await plain.poll()).reports
    assert [one.id for one in found] == ["r-1", "r-1"]
    assert len({one.digest for one in found}) == 2


async def test_partial_answers_come_over_several_parcels(plain: Exchange) -> None:
    plain.put("one", plain.rows(report(status="partial")), complete=False)
    first = await plain.poll()
    plain.put("two", plain.rows(report(id="r-2", items=(wage(1), wage(2)))))
    second = await plain.poll()
    assert ([one.status for one in first.reports], first.complete) == (["partial"], False)
    assert ([one.status for one in second.reports], second.complete) == (["partial", "answered"], True)


async def test_a_malformed_report_leaves_the_others(plain: Exchange) -> None:
    rows = plain.rows(report(), report(id="r-2"))
    rows[0]["status"] = "perhaps"
    plain.put("one", rows)
    found = await plain.poll()
    assert [one.id for one in found.reports] == ["r-2"]
    assert [str(fault) for fault in found.malformed] == ["/status not_allowed"]


async def test_rows_of_a_report_that_differ_in_what_they_say_of_it_are_malformed(plain: Exchange) -> None:
    rows = plain.rows(report(items=(wage(1), wage(2))))
    rows[1]["as_of"] = "2025-06-14"
    plain.put("one", rows)
    found = await plain.poll()
    assert not found.reports
    assert len(found.malformed) == 1


async def test_answers_to_other_queries_and_batches_are_not_taken(plain: Exchange) -> None:
    plain.put("one", plain.rows(report(query="q-2")))
    plain.put("two", plain.rows(report()), batch="0" * 32)
    plain.put("three", plain.rows(report()), holds="queries")
    assert (await plain.poll()).reports == ()


@pytest.mark.parametrize("part", ["body", "missing", "link", "row without query", "row without report", "not a table"])
async def test_nothing_of_a_broken_parcel_is_taken(plain: Exchange, part: str) -> None:
    rows = plain.rows(report(), report(id="r-2"))
    rows[1] = {name: cell for name, cell in rows[1].items() if not part.endswith(name.removesuffix("_id"))}
    parcel = plain.put("one", rows, plain.rows(report(id="r-3")))
    file = parcel / "answers1.csv"
    if part == "body":
        file.write_bytes(file.read_bytes().replace(b"9600.00", b"1600.00"))
    elif part == "missing":
        file.unlink()
    elif part == "link":
        file.rename(parcel / "elsewhere")
        file.symlink_to(parcel / "elsewhere")
    elif part == "not a table":
        body = b'"open'
        file.write_bytes(body)
        listed = manifest_of({"answers1.csv": body}, "answers", batch_of([query()]), complete=True)
        (parcel / MANIFEST).write_text(listed.model_dump_json())
    found = await plain.poll()
    assert found.reports == ()
    assert len(found.malformed) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format":"doudi-exchange/2","holds":"answers","batch":"BATCH","files":[]}',
        '{"format":"doudi-exchange/1","holds":"answers","batch":"BATCH","complete":true,"files":[{"name":"../../x.csv","sha256":"'
        + "0" * 64
        + '"}]}',
    ],
)
async def test_a_manifest_that_is_none_is_malformed(plain: Exchange, text: str) -> None:
    batch = batch_of([query()])
    folder = plain.inbox / f"{batch}-1"
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text(text.replace("BATCH", batch))
    found = await plain.poll()
    assert (found.reports, len(found.malformed), found.complete) == ((), 1, False)


async def test_a_parcel_without_manifest_is_still_being_made(plain: Exchange) -> None:
    parcel = plain.put("one", plain.rows(report()))
    os.rename(parcel / MANIFEST, parcel / "later")
    assert await plain.poll() == Answers()
    os.rename(parcel / "later", parcel / MANIFEST)
    assert len((await plain.poll()).reports) == 1


def test_the_manifest_can_be_read_by_anybody(plain: Exchange) -> None:
    parcel = plain.put("one", plain.rows(report()))
    said = json.loads((parcel / MANIFEST).read_text())
    assert set(said) == {"format", "holds", "batch", "complete", "files"}
    assert said["format"] == "doudi-exchange/1"


# with the simulator in another process


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
async def test_the_simulator_answers_files_with_everything_going_wrong(tmp_path: Path, form: SheetForm) -> None:
    options = ["--malformed", ".3", "--duplicates", ".3", "--partial", ".5", "--errors", ".1", "--latency", ".2"]
    async with simulator(tmp_path, "--exchange", str(tmp_path), *options):
        exchange = Exchange(tmp_path, load_mapping("simulator"), form)
        asked = [query(f"q-{n}", persons=(person(n), person(n + 1))) for n in range(5)]
        receipts = await exchange.backend.submit_all(asked)
        last: dict[str, Answers] = {}

        async def complete() -> bool:
            for one, receipt in zip(asked, receipts, strict=True):
                last[one.id] = await exchange.backend.poll(one, receipt)
            return all(answers.complete for answers in last.values())

        await until(complete)
    for one in asked:
        final = [said for said in last[one.id].reports if said.status != "partial"]
        assert {(said.person, said.source) for said in final} == {
            (p.ref, source) for p in one.persons for source in one.sources
        }
        assert len({said.id for said in final}) == len(final)
    assert any(answers.malformed for answers in last.values())
    assert any(said.status == "partial" for answers in last.values() for said in answers.reports)


async def test_receipts_are_of_the_platform(exchange: Exchange) -> None:
    receipt = await exchange.backend.submit(query())
    assert receipt == Receipt(platform=exchange.backend.platform, query="q-1", number=batch_of([query()]))
