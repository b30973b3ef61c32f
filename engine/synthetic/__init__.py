"""Made-up registers and answers, for samples, demonstrations and simulations; never for a draw."""
