"""The daemon and what it needs: the ticker, the channels, the lock of the house, its health and its log."""
