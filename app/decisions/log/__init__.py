"""The log: one order, a Merkle tree over it, signed checkpoints, proofs."""
