"""The register: who belongs, how she may be reached; never money, never a crisis."""
