"""How secrets are stored."""
