"""Statement lines in and payment files out; never books what nobody is sure of."""
