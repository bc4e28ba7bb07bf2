#!/bin/sh
set -e
role=$1
shift
case "$role" in
  web) exec gunicorn shop.wsgi --bind=127.0.0.1:8000 "$@" ;;
  worker) exec celery -A shop worker "$@" ;;
esac
