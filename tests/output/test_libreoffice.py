"""What LibreOffice makes of our XLSX: numbers stay numbers, and a sheet that it saved again changes nothing."""

from __future__ import annotations

import csv
import re
import subprocess
from pathlib import Path

import pytest

from numctl.output import Output
from tests.cli.program import COMMAND, SANDBOX_LINE, sandbox
from tests.output.samples import number, written
from tests.programs import needs

pytestmark = needs("soffice")


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Export the sandbox's numbers as XLSX."""
    done = subprocess.run([*COMMAND, "list", "-o", "xlsx", "--sandbox"], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr.decode()) == (0, SANDBOX_LINE)
    path = tmp_path / "numbers.xlsx"
    path.write_bytes(done.stdout)
    return path


def converted(sheet: Path, to: str, folder: str, *options: str) -> Path:
    """Let LibreOffice open a sheet and save it in another format, or in its own way in the same."""
    profile = f"-env:UserInstallation={(sheet.parent / 'office').as_uri()}"
    into = sheet.parent / folder
    command = ["soffice", profile, "--headless", *options, "--convert-to", to, "--outdir", str(into), str(sheet)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return into / f"{sheet.stem}.{to.partition(':')[0]}"


def test_numbers_and_names_survive_libreoffice_and_its_own_copy_changes_nothing(sheet: Path) -> None:
    utf8_with_all_as_shown = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
    with converted(sheet, utf8_with_all_as_shown, "csv").open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    live = sandbox("list", "--json").json
    assert [row["phone_number"] for row in rows] == [record["phone_number"] for record in live]
    assert all(re.fullmatch(r"\+[1-9][0-9]{1,14}", row["phone_number"]) for row in rows)
    assert [(row["sid"], row["friendly_name"]) for row in rows] == [
        (record["sid"], record["friendly_name"]) for record in live
    ]

    again = converted(sheet, "xlsx", "again")
    ended = sandbox("apply", str(again), "--dry-run", "--exit-code", "--json")
    assert (ended.code, ended.said) == (0, "")
    assert {result["outcome"] for result in ended.json} == {"unchanged"}
    assert len(ended.json) == len(live)


@pytest.mark.parametrize("separators", ["44", "44/59/9"], ids=["comma", "comma, semicolon and tab"])
def test_no_name_runs_in_libreoffice_whatever_it_splits_at_beside_the_comma(separators: str, tmp_path: Path) -> None:
    names = ["=1+1", "x;=1+1;y", "x\t=1+1\ty", "+1", "@SUM(1)", 'a";=1+1;"b']
    fields = ("phone_number", "friendly_name", "sid")
    rows = [number(index, friendly_name=name) for index, name in enumerate(names)]
    path = tmp_path / "numbers.csv"
    path.write_bytes(written(Output("csv", fields=fields), rows))
    opened = converted(path, "fods", "opened", f"--infilter=CSV:{separators},34,76,1,,0,false,true")
    assert re.findall(r"table:formula=.*?>", opened.read_text(encoding="utf-8")) == []
    assert opened.read_text(encoding="utf-8").count("<table:table-row") >= len(names) + 1
