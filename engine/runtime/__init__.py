"""The daemon and what it needs: ticker, channels, lock, health, log."""
