# Millrace as one container: console, collector, workers, embedded Postgres and Redis, data in the volume /data.
# For a machine each, run the same image with DATABASE_URL, REDIS_URL and QUEUE_REDIS_URL set, without its health check
# (it asks the console), and with another command:
#   docker run --no-healthcheck … millrace node --import tsx workers/stream.ts
#   docker run --no-healthcheck … millrace node --import tsx workers/collector.ts
FROM node:24-bookworm-slim
# tini is process 1: it passes signals on and collects what orphans leave.
RUN apt-get update \
  && apt-get install -y --no-install-recommends redis-server tini \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --create-home --uid 10001 millrace \
  && mkdir /data /millrace && chown millrace:millrace /data /millrace
WORKDIR /millrace
USER millrace
ENV NEXT_TELEMETRY_DISABLED=1 CHECKPOINT_DISABLE=1
# What the installation needs comes first, so that a changed page does not install everything anew.
COPY --chown=millrace:millrace package.json package-lock.json ./
COPY --chown=millrace:millrace scripts/start/install.mjs scripts/start/dependencies.mjs scripts/start/
COPY --chown=millrace:millrace scripts/prisma-generate.mjs scripts/
COPY --chown=millrace:millrace prisma/schema prisma/schema
RUN node scripts/start/install.mjs && npm cache clean --force
COPY --chown=millrace:millrace . .
RUN npm run build
ENV MILLRACE_DATA=/data
VOLUME /data
EXPOSE 3000 4000
# A certificate of one's own is none of the health check's business.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD NODE_TLS_REJECT_UNAUTHORIZED=0 node -e "fetch((process.env.TLS_CERT?'https':'http')+'://127.0.0.1:'+(process.env.PORT||3000)+'/readyz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"
# To the whole group: npm passes no signals on to what it runs.
ENTRYPOINT ["tini", "-g", "--"]
CMD ["node", "scripts/start.mjs"]
