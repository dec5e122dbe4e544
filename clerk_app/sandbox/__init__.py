"""The practice portal: a FIT-Connect delivery service on loopback, with citizens in it.

Nothing in here is shared with the client's own protocol code, on purpose: it must be an honest other side.
"""
