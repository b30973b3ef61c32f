"""Working days: calendars as data, exact arithmetic on them, and explanations day by day. No I/O, no clock."""
