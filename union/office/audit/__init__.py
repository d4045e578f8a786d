"""The trustees' workspace: the steps of an audit as live questions, samples, findings, a report.

A trustee reads the whole ledger and never a name, a telephone, a crisis or a case: nothing in here
may select one. People are numbers, collectors the number of their cash account.
"""
