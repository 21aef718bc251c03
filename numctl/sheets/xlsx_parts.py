"""The parts of an XLSX file beside its cells: what they say of each other, of worksheets, and of styles."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import NamedTuple
from zipfile import ZipFile

from numctl.sheets.xlsx_xml import Excess, Listener, Start, take_in

SHEETS_LIMIT = 1024 * 1024 * 1024
"""Bytes that all parts may have unpacked, read as a stream: 100,000 full rows have 250 MB."""

PART_LIMIT = 16 * 1024 * 1024
"""Bytes that a part may have that lists what there is, such as styles."""

PARTS_LIMIT = 10_000


class Related(NamedTuple):
    """A part that another one names: its kind, which is the end of the type's address, and its name."""

    kind: str
    part: str


class Worksheet(NamedTuple):
    """A worksheet of the workbook: its name, its part, and whether it is shown."""

    name: str
    part: str
    visible: bool


class Relationships(Listener):
    """The parts that the parts in a folder name, by ID."""

    namespaces = ("http://schemas.openxmlformats.org/package/2006/relationships",)

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.found: dict[str, Related] = {}

    def starts(self) -> dict[str, Start]:
        """Take in each relationship."""
        return {"Relationship": self.add}

    def add(self, attributes: Mapping[str, str]) -> None:
        """Take in one; its target is relative to the folder, or to the root of the archive."""
        target = posixpath.normpath(posixpath.join("/", self.folder, attributes.get("Target", ""))).lstrip("/")
        self.found[attributes.get("Id", "")] = Related(attributes.get("Type", "").rpartition("/")[2], target)


class Contents(Listener):
    """The sheets that a workbook lists, in their order, and the day from which its dates count."""

    def __init__(self, parts: Mapping[str, Related]) -> None:
        self.parts = parts
        self.worksheets: list[Worksheet] = []
        self.since_1904 = False

    def starts(self) -> dict[str, Start]:
        """Take in each sheet, and the workbook's properties."""
        return {"sheet": self.add, "workbookPr": self.properties}

    def add(self, attributes: Mapping[str, str]) -> None:
        """Take in one sheet; a chart sheet, and whatever else has no cells, is left out."""
        ids = [value for name, value in attributes.items() if name.endswith(" id")]
        related = self.parts.get(ids[0]) if ids else None
        if related and related.kind == "worksheet":
            visible = attributes.get("state", "visible") == "visible"
            self.worksheets.append(Worksheet(attributes.get("name", ""), related.part, visible))

    def properties(self, attributes: Mapping[str, str]) -> None:
        """Take in whether dates count from 1904, as on old Macintoshes."""
        self.since_1904 = attributes.get("date1904") in ("1", "true")


class Styles(Listener):
    """The number format of each cell style."""

    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.formats: list[int] = []
        self.inside = ""

    def starts(self) -> dict[str, Start]:
        """Take in formats and styles, each in its own list: others hold elements of the same name."""
        lists = {name: self.entering(name) for name in ("numFmts", "cellXfs", "cellStyleXfs", "dxfs")}
        return {**lists, "numFmt": self.add_format, "xf": self.add_style}

    def entering(self, name: str) -> Start:
        """Return what to do where a list begins."""

        def enter(_: Mapping[str, str]) -> None:
            self.inside = name

        return enter

    def add_format(self, attributes: Mapping[str, str]) -> None:
        """Take in a format that the workbook defines."""
        if self.inside == "numFmts":
            self.codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")

    def add_style(self, attributes: Mapping[str, str]) -> None:
        """Take in the format of the next style."""
        if self.inside == "cellXfs":
            self.formats.append(int(attributes.get("numFmtId", "0")))

    def dates(self) -> dict[str, bool]:
        """Return each style that shows a date or a time, and whether it is a duration."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

        codes = {**BUILTIN_FORMATS, **self.codes}
        durations = {number: is_timedelta_format(code) for number, code in codes.items() if is_date_format(code)}
        return {str(style): durations[number] for style, number in enumerate(self.formats) if number in durations}


def too_large(archive: ZipFile) -> str | None:
    """Return why a file is not to be unpacked, or None; the size that a part declares bounds what is read."""
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > SHEETS_LIMIT or len(parts) > PARTS_LIMIT:
        return f"unpacked it would be too large: at most {SHEETS_LIMIT:,} bytes of worksheets"
    return None


def related(archive: ZipFile, part: str) -> dict[str, Related]:
    """Return the parts that a part names, by ID; those of the archive itself are named by none."""
    folder, name = posixpath.split(part)
    relationships = Relationships(folder)
    where = posixpath.join(folder, "_rels", f"{name}.rels")
    if where in archive.NameToInfo:
        small(archive, where, relationships)
    return relationships.found


def part_of(kind: str, parts: Mapping[str, Related]) -> str | None:
    """Return the first part of a kind, or None."""
    return next((related.part for related in parts.values() if related.kind == kind), None)


def small(archive: ZipFile, part: str, listener: Listener) -> None:
    """Take in a part that no honest file has large; raises Excess."""
    if archive.getinfo(part).file_size > PART_LIMIT:
        raise Excess(f"{part} has more than {PART_LIMIT:,} bytes")
    with archive.open(part) as source:
        take_in(source, listener)
