"""What the walk over every page opens: for each kind of object one of hers, by the builders.

One module per domain, each with ``make(work, side)``: every about the domain's rows name, with
what an address of it holds and who is tied to it. A row without an example fails the walk.
"""
