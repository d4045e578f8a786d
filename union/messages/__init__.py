"""Words in and out: consent, safe hours, channels, harmless texts, sending and what comes back."""
