"""Requests to other hosts. Whoever asks for one may be an attacker who wants to reach what only this machine can."""
