# syntax=docker/dockerfile:1
FROM node:20-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --ignore-scripts
COPY . .
RUN npm run build

# The command line is one bundle without dependencies: nothing else is taken along. git serves --since.
FROM node:20-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends git \
  && rm -rf /var/lib/apt/lists/* /usr/local/lib/node_modules /opt/yarn*
COPY --from=build /src/package.json /src/LICENSE /opt/meshaudit/
COPY --from=build /src/bin /opt/meshaudit/bin
COPY --from=build /src/dist/bundle /opt/meshaudit/dist/bundle
RUN ln -s /opt/meshaudit/bin/meshaudit.js /usr/local/bin/meshaudit
# Writes nothing but the reports it is told to: run it with a read-only root file system.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["meshaudit"]
CMD ["audit"]
