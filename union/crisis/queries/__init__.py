"""Reads of crisis: what is open, who may be asked, what the board and other domains may see."""
