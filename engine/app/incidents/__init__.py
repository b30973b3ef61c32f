"""Incidents: timers that could not fire, messages that could not be delivered, a clock that jumped."""
