"""The HTTP kit: access table, current actor, forms base, errors in words; never a domain."""
