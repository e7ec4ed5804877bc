"""Signing in and what protects it: profiles, passwords, lock-out, sessions, second factors."""
