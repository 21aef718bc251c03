"""A fresh sandbox for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from numctl.sandbox.app import Sandbox, create_app

from .caller import Caller


@pytest.fixture
def state_file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "sandbox.sqlite3"


@pytest.fixture
def app(state_file: Path) -> Iterator[Sandbox]:
    app = create_app(state_file)
    yield app
    app.close()


@pytest.fixture
def service(app: Sandbox) -> Caller:
    return Caller(app)
