"""The workflows: they run pinned actions, with no permission that a job doesn't name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTION = r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+"
WRITES = {
    ("release", "publish"): {"id-token"},
    ("release", "provenance"): {"id-token", "attestations"},
    ("release", "release"): {"contents"},
}

each = pytest.mark.parametrize("path", WORKFLOWS, ids=[path.stem for path in WORKFLOWS])


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


@each
def test_every_action_is_pinned_by_a_commit_and_names_its_version(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))
    assert used
    assert [action for action in used if not re.fullmatch(ACTION, action)] == []


def test_an_action_is_pinned_by_the_same_commit_everywhere() -> None:
    used = {line for path in WORKFLOWS for line in re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))}
    assert len({action.split("@")[0] for action in used}) == len(used)


@each
def test_only_the_jobs_of_a_release_may_write_and_each_only_what_it_needs(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        given = job.get("permissions", {})
        assert {scope for scope, right in given.items() if right == "write"} == WRITES.get((path.stem, name), set())


@each
def test_a_checkout_leaves_no_credentials_behind(path: Path) -> None:
    steps = [step for job in read(path)["jobs"].values() for step in job["steps"]]
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert [step for step in checkouts if step.get("with", {}).get("persist-credentials") is not False] == []


@each
def test_every_job_ends_in_bounded_time_and_runs_do_not_pile_up(path: Path) -> None:
    workflow = read(path)
    assert workflow["concurrency"]["group"]
    assert [name for name, job in workflow["jobs"].items() if "timeout-minutes" not in job] == []


def test_the_packages_are_published_only_after_they_were_tried_on_each_system() -> None:
    jobs = read(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
    systems = {system.split("-")[0] for system in jobs["test"]["strategy"]["matrix"]["os"]}
    assert systems == {"ubuntu", "macos", "windows"}
    needs = {name: job.get("needs") for name, job in jobs.items()}
    assert (needs["test"], needs["publish"], needs["release"]) == ("build", "test", ["publish", "provenance"])
    assert jobs["publish"]["environment"] == "pypi"
