"""Who opened what is kept of somebody: her own page, and the two trustees who keep the chain."""
