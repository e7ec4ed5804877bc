#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: the database, its owner, and the role of web and workers,
# which gets its rights from the migrations. Neither is a superuser.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --set password="$CHAINMATCH_PASSWORD" \
    --set app_password="$CHAINMATCH_APP_PASSWORD" <<'SQL'
CREATE ROLE chainmatch LOGIN PASSWORD :'password';
CREATE ROLE chainmatch_app LOGIN PASSWORD :'app_password';
CREATE DATABASE chainmatch OWNER chainmatch;
SQL
