FROM debian:12-slim
ARG GIT_HASH
RUN test -n "$GIT_HASH"
LABEL org.opencontainers.image.revision=$GIT_HASH
RUN apt-get update && apt-get install -y nginx
COPY docker/site.conf /etc/nginx/conf.d/
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
