# The Django image: the web tier and the workers run it, each with arguments of its own.
FROM python:3.12-slim
ARG GIT_HASH
RUN test -n "$GIT_HASH"
ENV GIT_HASH=$GIT_HASH
LABEL org.opencontainers.image.revision=$GIT_HASH
WORKDIR /app
COPY . .
ENTRYPOINT ["/app/docker/start.sh"]
CMD ["web"]
