# Millrace as one container: console, collector, workers, embedded Postgres and Redis, data in the volume /data.
# For a machine each, run the same image with DATABASE_URL, REDIS_URL and QUEUE_REDIS_URL set and another command,
# e.g. `npm run workers` or `npm run collector`.
FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends redis-server procps \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --create-home --uid 10001 millrace \
  && mkdir /data /millrace && chown millrace /data /millrace
WORKDIR /millrace
USER millrace
COPY --chown=millrace package.json package-lock.json ./
RUN npm install --no-save --no-audit --no-fund
COPY --chown=millrace . .
RUN node scripts/prisma-generate.mjs && npm run build
ENV MILLRACE_DATA=/data
VOLUME /data
EXPOSE 3000 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD node -e "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+'/readyz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"
CMD ["node", "scripts/start.mjs"]
