"""Accounts, roles and sign-in; never anything about a member but her account."""
