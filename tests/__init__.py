"""The tests mirror `numctl/`: a module is tested in the file of its name."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
