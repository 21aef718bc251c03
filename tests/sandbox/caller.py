"""A client that speaks to the stand-in as the main account, without a network."""

from __future__ import annotations

from typing import Any

from werkzeug.test import Client, TestResponse

from numctl.sandbox import ACCOUNT_SID, AUTH_TOKEN
from numctl.sandbox.app import Sandbox

ROOT = "/2010-04-01/Accounts"


class Caller:
    """Send requests as the main account, with paths that begin after the account's SID."""

    def __init__(self, app: Sandbox) -> None:
        self.client = Client(app)
        self.auth: tuple[str, str] | None = (ACCOUNT_SID, AUTH_TOKEN)

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        """The answer, whatever it is."""
        url = path if path.startswith(ROOT) else f"{ROOT}/{ACCOUNT_SID}/{path}"
        return self.client.open(url, method=method, auth=self.auth, **options)

    def get(self, path: str, **query: str) -> Any:
        """What a GET that succeeds answers."""
        response = self.send("GET", path, query_string=query or None)
        assert response.status_code == 200, response.text
        return response.json

    def post(self, path: str, **form: str) -> Any:
        """What a POST that succeeds answers."""
        response = self.send("POST", path, data=form)
        assert response.status_code in (200, 201), response.text
        return response.json

    def refusal(self, method: str, path: str, **fields: str) -> tuple[int, int]:
        """Send what is to be refused, and return the status and the service's code, 0 where it is not known."""
        response = self.send(method, path, **{"data" if method == "POST" else "query_string": fields})
        body = response.get_json()
        assert sorted(body) == ["code", "message", "more_info", "status"]
        assert body["status"] == response.status_code
        assert body["more_info"] == (f"https://www.twilio.com/docs/errors/{body['code']}" if body["code"] else None)
        return response.status_code, body["code"]

    def number(self, phone_number: str) -> Any:
        """The one number of the main account with exactly these digits."""
        found = self.get("IncomingPhoneNumbers.json", PhoneNumber=phone_number)["incoming_phone_numbers"]
        assert [number["phone_number"] for number in found] == [phone_number]
        return found[0]

    def every(self, path: str, key: str, **query: str) -> list[Any]:
        """Follow next_page_uri to the end, and return what all the pages hold."""
        page = self.get(path, **query)
        held = list(page[key])
        while page["next_page_uri"]:
            page = self.get(page["next_page_uri"])
            held += page[key]
        return held
