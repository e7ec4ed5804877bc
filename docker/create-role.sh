#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: the project's own role (no superuser) and its database.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --set password="$CHAINMATCH_PASSWORD" <<'SQL'
CREATE ROLE chainmatch LOGIN PASSWORD :'password';
CREATE DATABASE chainmatch OWNER chainmatch;
SQL
