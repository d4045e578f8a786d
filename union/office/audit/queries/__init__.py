"""Reads of the trustees' workspace; none selects a name, a telephone, a crisis or a case."""
