"""PostgreSQL and Valkey from wheels, run beside the project for the demo and for tests."""
