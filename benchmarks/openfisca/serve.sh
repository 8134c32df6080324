#!/bin/sh
# Serve the package on 127.0.0.1 with one worker process: serve.sh PORT [further gunicorn options]
set -eu
port=${1:?usage: serve.sh PORT [gunicorn options]}
shift
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
exec "$here/.venv/bin/openfisca" serve --country-package openfisca_doudi \
    --bind "127.0.0.1:$port" --workers 1 "$@"
