FROM ubuntu:22.04 AS run
CMD ["apache2-foreground"]
FROM run AS test
CMD ["true"]
