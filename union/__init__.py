"""Sangha: the system a workers' union runs itself on; importing it starts nothing."""
