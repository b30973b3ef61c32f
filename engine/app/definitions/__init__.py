"""Published definitions, compiled and cached."""
