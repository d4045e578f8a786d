"""The access table, one module of rows per domain."""
