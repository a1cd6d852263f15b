# syntax=docker/dockerfile:1
# The server as a small image: the binary and its settings for production.

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked -p selfsame-server \
    && install -D target/release/selfsame /out/usr/local/bin/selfsame
RUN mkdir /empty \
    && install -D --mode=644 config/production.toml /out/app/config/production.toml \
    && install -D --mode=644 LICENSE /out/usr/share/doc/selfsame/LICENSE

# The binary needs libc, libm and libgcc_s, and the authorities' certificates for sslmode=verify-full. Runs as user 65532,
# which owns nothing but its volume.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/ /
# A volume mounted here takes over the owner.
COPY --from=build --chown=65532:65532 --chmod=700 /empty /var/lib/selfsame
WORKDIR /app
# SSL_CERT_FILE is what sslrootcert=system reads: the OpenSSL in the binary was not built for Debian's folders.
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    SELFSAME_ENV=production \
    SELFSAME__SERVER__BIND=0.0.0.0:8080 \
    SELFSAME__DATA_DIR=/var/lib/selfsame
USER 65532:65532
VOLUME /var/lib/selfsame
EXPOSE 8080
# The drain takes up to 30 s, beside it a last conversation with the mail server: `docker stop --time 45`.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --start-interval=1s --retries=3 CMD ["selfsame", "health"]
ENTRYPOINT ["selfsame"]
CMD ["serve"]
