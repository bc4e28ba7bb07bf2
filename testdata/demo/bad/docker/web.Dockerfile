# The Django image: the web tier and the workers run it, each with arguments of its own.
FROM python:3.12-slim
ARG GIT_HASH
ENV GIT_HASH=$GIT_HASH
RUN test -n $GIT_HASH
WORKDIR /app
COPY . .
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/app/docker/start.sh"]
CMD ["web"]
