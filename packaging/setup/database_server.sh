#!/usr/bin/env bash
# Installs a PostgreSQL server where apt may, else says how to get one. No cluster is made: the demo makes its own.
set -euo pipefail
if compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postgresql-common >/dev/null
    sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postgresql >/dev/null
    exit 0
fi
echo "Es fehlt ein PostgreSQL-Server (15 oder neuer). Debian und Ubuntu: sudo apt install postgresql." >&2
exit 1
