"""Values every room uses: instants, refusals, digests, the Merkle tree. Standard library only."""
