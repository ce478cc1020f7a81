# The service and the command line in one image. Build: docker build -t faultline --target faultline .
# The compilers come as optional packages: the build needs them, the image does not.
FROM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json tsconfig.json tsconfig.build.json ./
RUN npm ci --ignore-scripts
COPY src src
COPY web web
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

# The demo shop, for the compose stack only: sources and development packages.
FROM node:24-slim AS shop
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=optional
COPY demo demo
USER node
EXPOSE 8080-8087
ENTRYPOINT ["node", "demo/shop.ts", "--host", "0.0.0.0", "--port", "8080"]

FROM node:24-slim AS faultline
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /src/package.json ./
COPY --from=build /src/node_modules node_modules
COPY --from=build /src/dist dist
COPY slos slos
COPY dashboards dashboards
# A volume that is mounted here takes over the owner.
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8700 4317 4318
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8700/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["serve", "--host", "0.0.0.0", "--data", "/data"]
