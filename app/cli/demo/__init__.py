"""`doudi demo`: sample households assessed, then stored, decided, recomputed and proved."""
