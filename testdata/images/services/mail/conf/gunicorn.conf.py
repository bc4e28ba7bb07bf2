workers = 4
graceful_timeout = 90
