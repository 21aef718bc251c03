"""A CSV that LibreOffice opened and saved as a workbook, which makes numbers and dates of texts."""

from __future__ import annotations

import subprocess
from pathlib import Path

from numctl.sheets import read, wanted_by_row
from tests.programs import needs

from .samples import NUMBER, SID, record

pytestmark = needs("soffice")

TEXT = f"""sid,phone_number,friendly_name,voice_caller_id_lookup,api_version,date_created,date_updated
{SID},{NUMBER},_x005F_x0041_,false,2010-04-01,2015-07-30,"Thu, 30 Jul 2015 23:19:04 +0000"
"""


def test_a_csv_that_libreoffice_saved_as_a_workbook_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_text(TEXT, encoding="utf-8")
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path)]
    done = subprocess.run([*command, str(tmp_path / "sheet.csv")], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    sheet = read(tmp_path / "sheet.xlsx", name="sheet.xlsx")
    (row,) = sheet.rows
    assert (row.phone_number, row.date_updated) == (NUMBER, "Thu, 30 Jul 2015 23:19:04 +0000")
    assert (row.cells["api_version"], row.read_only["date_created"]) == ("2010-04-01", "2015-07-30T00:00:00")
    live = record(friendly_name="_x005F_x0041_", api_version="2010-04-01")
    assert wanted_by_row(sheet, [live]) == [{}]
