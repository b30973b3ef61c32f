"""Reading what reports of a bureau count."""
