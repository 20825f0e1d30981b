"""Requests to other hosts. An attacker may have chosen the address, to reach what only this machine can."""
