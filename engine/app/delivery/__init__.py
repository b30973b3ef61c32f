"""Delivery of messages from the outbox."""
