"""Credentials of API clients: personal tokens, and applications that get short-lived tokens by OAuth 2."""
