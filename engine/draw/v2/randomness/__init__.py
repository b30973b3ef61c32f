"""Where the randomness of a draw comes from: sources pinned beforehand, calendars of lotteries, shares of custodians."""
