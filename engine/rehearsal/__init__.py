"""Rehearsing a workflow before it goes live: made-up people walk it in memory, on a virtual clock."""
