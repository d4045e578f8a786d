"""Words planted where they must stay sealed, and the search for them everywhere else."""
