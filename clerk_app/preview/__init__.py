"""Turns untrusted files into pixels and text in a disposable child process; the parent never parses them."""
