"""What is left out while requests is loaded is there as soon as somebody asks for it."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.surroundings import unmeasured

LOADED = """
import json, sys, warnings
warnings.simplefilter("error")
from numctl.api import bare
with bare.imports():
    import numctl.api.http
left_out = [name for name in ("charset_normalizer", "idna", "importlib.metadata", "mimetypes", "zipfile")
            if name not in sys.modules]
import requests, urllib3, urllib3.fields, urllib3.http2
answer = requests.Response()
answer._content = "Zoë, Zoë, Zoë".encode("utf-8")
print(json.dumps([
    left_out,
    requests.Request("GET", "https://bücher.example/").prepare().url,
    answer.apparent_encoding,
    urllib3.fields.guess_content_type("numbers.csv"),
    urllib3.http2.version("requests") == requests.__version__,
    requests.utils.extract_zipped_paths(sys.executable) == sys.executable,
    requests.utils.zipfile.is_zipfile(sys.executable),
    [name for name in sys.modules if name.startswith("requests.packages.") and "urllib3" not in name],
]))
"""


def test_what_is_left_out_is_loaded_for_whoever_asks_for_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, timeout=60, env=unmeasured(), check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    left_out, url, encoding, kind, same, path, zipped, aliases = json.loads(done.stdout)
    assert left_out == ["charset_normalizer", "idna", "importlib.metadata", "mimetypes", "zipfile"]
    assert (url, encoding, kind) == ("https://xn--bcher-kva.example/", "utf-8", "text/csv")
    assert (same, path, zipped, aliases) == (True, True, False, [])
