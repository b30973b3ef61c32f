"""The statements of the repositories, as SQLAlchemy Core builds them; their texts for SQLite are kept in ``texts.json``."""
