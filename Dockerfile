# A container with the program and the system's certificates, and nothing else: no shell, no package manager, not root.
#
#   docker build -t aliyun-configure .
#   docker run --rm -it -v "$HOME/.aliyun:/home/nonroot/.aliyun" --user "$(id -u):$(id -g)" aliyun-configure configure list
#
# Modes that run something of the system's, External and the browser of CloudSSO and OAuth, find nothing to run in it.

FROM rust:1.95-alpine3.22 AS build
RUN apk add --no-cache ca-certificates-bundle musl-dev
WORKDIR /source
COPY . .
# Rust's own target on Alpine is musl, static by default.
RUN cargo build --release --locked --bin aliyun \
    && mkdir -p /root-fs/usr/bin /root-fs/etc/ssl/certs /root-fs/home/nonroot \
    && cp target/release/aliyun /root-fs/usr/bin/aliyun \
    && cp /etc/ssl/certs/ca-certificates.crt /root-fs/etc/ssl/certs/ca-certificates.crt \
    && cp LICENSE /root-fs/LICENSE \
    && echo 'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin' > /root-fs/etc/passwd \
    && echo 'nonroot:x:65532:' > /root-fs/etc/group

FROM scratch
COPY --from=build /root-fs/etc /etc
COPY --from=build /root-fs/LICENSE /LICENSE
COPY --from=build /root-fs/usr /usr
COPY --from=build --chown=65532:65532 /root-fs/home /home
ENV HOME=/home/nonroot PATH=/usr/bin
USER 65532:65532
WORKDIR /home/nonroot
ENTRYPOINT ["/usr/bin/aliyun"]
CMD ["help"]
