"""Draws: plans, records, ceremony, anchors, minutes."""
