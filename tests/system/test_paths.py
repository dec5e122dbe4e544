"""The home folder: where it is, who may read it, and what is refused."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.system.paths import choose_home, file_system_of, open_home, resource_path


def test_the_option_wins_over_the_environment_and_that_over_the_platform(tmp_path: Path) -> None:
    environment = {"CLERK_APP_HOME": str(tmp_path / "env")}
    assert choose_home(tmp_path / "option", environment).root == tmp_path / "option"
    assert choose_home(None, environment).root == tmp_path / "env"
    assert choose_home(None, {}).root.name == "clerk-app"


def test_all_folders_exist_and_are_for_this_user_alone(tmp_path: Path) -> None:
    home = open_home(tmp_path / "deep" / "home", {})
    for folder in home.folders():
        assert folder.is_dir()
        assert os.name != "posix" or stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not home.has_databases


def test_a_home_others_could_read_is_closed_again(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    open_home(tmp_path / "home", {})
    assert os.name != "posix" or stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_a_file_in_the_place_of_the_home_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    with pytest.raises(ClerkError) as caught:
        open_home(tmp_path / "home", {})
    assert caught.value.code is ErrorCode.HOME_NOT_WRITABLE
    assert caught.value.params == {"path": str(tmp_path / "home"), "reason": "not-a-directory"}


def test_a_file_on_the_way_to_the_home_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ClerkError) as caught:
        open_home(tmp_path / "file" / "home", {})
    assert caught.value.params["reason"] == "not-a-directory"


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/home/x/office", "nfs4"), ("/srv/my share/x", "cifs"), ("/var/lib", "ext4"), ("/homework", "ext4")],
)
def test_the_file_system_is_read_from_the_mounts(path: str, kind: str) -> None:
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\n"
        "server:/export /home nfs4 rw 0 0\n"
        "//server/share /srv/my\\040share cifs rw 0 0\n"
        "damaged line\n"
    )
    assert file_system_of(Path(path), mounts) == kind


def test_a_resource_that_does_not_ship_is_a_defect() -> None:
    with pytest.raises(FileNotFoundError):
        resource_path("no", "such", "thing")
