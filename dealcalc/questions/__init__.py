"""A deal asked again: with other terms, other readings, other days of notice. Nothing here prints.

There is one way to vary a deal, `varied`: values are laid on its nodes, and it is read and priced
like any other. Only the day of notice changes no price; a deal is priced once and asked for it.
"""
