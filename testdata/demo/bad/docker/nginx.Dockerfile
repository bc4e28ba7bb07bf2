FROM debian:12-slim
ARG VERSION
LABEL org.opencontainers.image.version=$VERSION
RUN apt-get update && apt-get install -y nginx
COPY docker/site.conf /etc/nginx/conf.d/
CMD ["nginx", "-g", "daemon off;"]
