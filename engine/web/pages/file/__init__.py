"""What belongs to one case: drafts of its steps, its diagram, evidence, its forms without a network, what the public sees, ways to correct."""
