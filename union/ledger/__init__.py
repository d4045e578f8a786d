"""The books: accounts, funds, journal, vouchers; has never heard of a member."""
