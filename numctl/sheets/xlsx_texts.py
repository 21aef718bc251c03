"""Texts in an XLSX file: plain or of several runs, in a cell or shared by many; how they are pronounced is left out."""

from __future__ import annotations

from collections.abc import Mapping

from numctl.sheets.xlsx_xml import End, Excess, Listener, Start

CHARACTERS_LIMIT = 131_072
"""Characters of one text, as in CSV; a spreadsheet's cell holds 32,767."""

TEXTS_LIMIT = 2_000_000
"""Texts that cells may share: 100,000 full rows, in each of which ten columns differ, have 1,000,000."""


class TextListener(Listener):
    """Collect the text of `t` elements until it is asked for."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.size = 0
        self.open = self.spoken = False

    def starts(self) -> dict[str, Start]:
        """Listen to texts, and not to how they are spoken."""
        return {"t": self.begin_text, "rPh": self.begin_spoken}

    def ends(self) -> dict[str, End]:
        """Stop to listen."""
        return {"t": self.end_text, "rPh": self.end_spoken}

    def begin_text(self, _: Mapping[str, str]) -> None:
        """Collect from here on."""
        self.open = not self.spoken

    def begin_spoken(self, _: Mapping[str, str]) -> None:
        """Leave out what comes."""
        self.spoken = True

    def end_text(self) -> None:
        """Collect no more."""
        self.open = False

    def end_spoken(self) -> None:
        """Leave out no more."""
        self.spoken = False

    def text(self, data: str) -> None:
        """Collect a piece; raises Excess where the text has no end."""
        if self.open:
            self.size += len(data)
            if self.size > CHARACTERS_LIMIT:
                raise Excess(f"a text of more than {CHARACTERS_LIMIT:,} characters")
            self.pieces.append(data)

    def collected(self) -> str:
        """Return what was collected, and begin anew."""
        text = "".join(self.pieces)
        self.pieces = []
        self.size = 0
        return text


class SharedTexts(TextListener):
    """The texts that cells share, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def ends(self) -> dict[str, End]:
        """Keep each whole text."""
        return {**super().ends(), "si": self.keep}

    def keep(self) -> None:
        """Keep a text; raises Excess where there are too many."""
        if len(self.texts) >= TEXTS_LIMIT:
            raise Excess(f"more than {TEXTS_LIMIT:,} shared texts")
        self.texts.append(self.collected())
