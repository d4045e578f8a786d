"""Words in and out: consent, safe hours, channels, attempts; never what they are about."""
