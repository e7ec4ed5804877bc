"""Trade secrets at rest: sealed in the database and in files, under data keys that the keyring encrypts."""
