FROM node:22 AS build
COPY docker.d/site.conf /out/site.conf
FROM nginx:1.27 AS prod
COPY --from=build /out/site.conf /etc/nginx/conf.d/
FROM prod AS debug
CMD ["sh"]
