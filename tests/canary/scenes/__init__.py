"""A word of ours in every closed column, domain by domain, through the product's own services."""
