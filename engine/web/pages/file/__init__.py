"""What belongs to one case: drafts of its steps, its diagram, evidence, what the public sees, ways to correct."""
