"""Fictional numbers, and sheets made of text, bytes or cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from openpyxl import Workbook

from numctl.errors import UsageError
from numctl.sheets import Sheet, SheetErrors, read

ACCOUNT = "AC" + "0a" * 16
NUMBER = "+14155552344"
SID = "PN" + "1b" * 16
OTHER_NUMBER = "+14155552345"
OTHER_SID = "PN" + "2c" * 16
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def record(**fields: Any) -> dict[str, Any]:
    """One number as the service sends it."""
    return {
        "sid": SID,
        "phone_number": NUMBER,
        "account_sid": ACCOUNT,
        "friendly_name": "Reception",
        "voice_url": "https://hooks.example.com/voice",
        "voice_method": "POST",
        "voice_caller_id_lookup": False,
        "sms_url": "",
        "trunk_sid": None,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "date_updated": "Thu, 30 Jul 2015 23:19:04 +0000",
        **fields,
    }


def read_text(text: str | bytes, name: str = "sheet.csv", only: Sequence[str] | None = None) -> Sheet:
    """Read a sheet from text, or from bytes as they are."""
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    return read(io.BytesIO(content), name=name, only=None if only is None else frozenset(only))


def workbook(*rows: Sequence[Any]) -> Workbook:
    """A workbook with these rows in its first worksheet."""
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    return book


def saved(book: Workbook) -> bytes:
    """A workbook's bytes."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


SHEET_PART, STYLES_PART, SHARED_PART = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """A workbook in which these parts stand for its own; shared texts are added to it."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in dict.fromkeys((*source.namelist(), *parts)):
            text = parts[name] if name in parts else source.read(name)
            if name == "xl/_rels/workbook.xml.rels" and SHARED_PART in parts:
                kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
                shared = b'<Relationship Id="shared" Type="%s" Target="sharedStrings.xml"/></Relationships>' % kind
                text = text.replace(b"</Relationships>", shared)
            archive.writestr(name, text)
    return target.getvalue()


def worksheet(rows: bytes, after: bytes = b"", shared: bytes | None = None) -> bytes:
    """A workbook whose only worksheet has these rows, as XML, and whose cells share texts."""
    text = b'<worksheet xmlns="%s"><sheetData>%s</sheetData>%s</worksheet>' % (MAIN, rows, after)
    parts = {} if shared is None else {SHARED_PART: b'<sst xmlns="%s">%s</sst>' % (MAIN, shared)}
    return with_parts(saved(Workbook()), {SHEET_PART: text, **parts})


def read_rows(*rows: Sequence[Any], only: Sequence[str] | None = None) -> Sheet:
    """Read an XLSX sheet with these rows of values."""
    return read_text(saved(workbook(*rows)), "sheet.xlsx", only)


def faults(content: str | bytes, name: str = "sheet.csv", only: Sequence[str] | None = None) -> list[str]:
    """All that is wrong with a sheet's form."""
    with pytest.raises(SheetErrors) as caught:
        read_text(content, name, only)
    return list(caught.value.problems)


def usage(content: str | bytes, name: str = "sheet.csv", only: Sequence[str] | None = None) -> tuple[Any, ...]:
    """Message and hint of the usage error that reading a sheet ends in."""
    with pytest.raises(UsageError) as caught:
        read_text(content, name, only)
    return caught.value.message, caught.value.hint
