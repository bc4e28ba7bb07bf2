# Compose names another file, which does not exist under a Dockerfile's name: this one is not joined.
FROM nginx:1.17
