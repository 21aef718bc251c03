"""Mount a WSGI application under a requests Session: it answers in-process, without a network."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from werkzeug.test import Client

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class SandboxAdapter(BaseAdapter):
    """Answer requests from an application; any number of sessions and threads may share one."""

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self.app = app
        self._wording = HTTPAdapter()

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Answer from the application; arguments that concern the network have no effect."""
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else bytes(body)
        return self._answer(request, content)

    def _answer(self, request: PreparedRequest, content: bytes) -> Response:
        client = Client(self.app, use_cookies=False)
        found = client.open(
            request.url or "", method=request.method, headers=list(request.headers.items()), data=content
        )
        raw = HTTPResponse(
            body=BytesIO(found.data),
            headers=HTTPHeaderDict(found.headers.items()),
            status=found.status_code,
            reason=found.status.partition(" ")[2],
            request_method=request.method,
            preload_content=False,
        )
        # requests annotates this parameter with another class than it passes itself.
        response: Response = self._wording.build_response(request, cast(Any, raw))
        return response

    def close(self) -> None:
        """Close what the application holds open; the next request opens it again."""
        close = getattr(self.app, "close", None)
        if close:
            close()
