"""Transports to the outside world, one port each; never a decision about whom or what to send."""
