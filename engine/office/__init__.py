"""Use cases: what people and clocks ask of the product. The command line, the web, the daemon and tests all come here."""
