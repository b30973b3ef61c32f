"""A workflow drawn: its arrows with their conditions, its clocks, its child cases, as Mermaid and as a table of text."""
