"""The demonstration union: invented people, made from the files in this folder; never real ones."""
