"""The commands of `union`, one module per domain."""
