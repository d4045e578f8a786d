"""Who may open which page of messages."""

from __future__ import annotations

from union.web.access.row import Row

ROWS: tuple[Row, ...] = (
    # The simulated telephones stand for hands outside the union: whoever runs a demonstration
    # holds them. Where the gateway is a real one these routes do not exist.
    Row("simulator.phones", public=True),
    Row("simulator.phone", public=True),
    Row("simulator.act", public=True),
    Row("simulator.stream", public=True),
)
