"""Upgrade the sandbox's file: what an earlier numctl kept is kept, and completed."""

from __future__ import annotations

import json
import sqlite3

from numctl.model.countries import country_of_number
from numctl.sandbox import records, seeds


def from_1_to_2(connection: sqlite3.Connection) -> None:
    """Add the new addresses, and give numbers the service's emergency status."""
    main = json.loads(connection.execute("SELECT record FROM accounts ORDER BY id").fetchone()[0])["sid"]
    rows = [(address["sid"], json.dumps(address)) for address in seeds.addresses(main)]
    connection.executemany("INSERT OR IGNORE INTO addresses (sid, record) VALUES (?, ?)", rows)
    query = "SELECT sid, record FROM numbers WHERE phone_number GLOB '+1*'"
    for sid, text in connection.execute(query).fetchall():
        record = json.loads(text)
        given = records.emergency_status(country_of_number(record["phone_number"]) or "")
        if record.get("emergency_status", given) != given:
            changed = json.dumps(record | {"emergency_status": given})
            connection.execute("UPDATE numbers SET record = ? WHERE sid = ?", (changed, sid))
