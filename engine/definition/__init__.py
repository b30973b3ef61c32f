"""YAML nodes with positions -> checked, frozen definitions, and the rules of `ssj workflow check`."""
