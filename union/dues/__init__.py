"""Charges, payments, receipts and rounds; never a crisis."""
