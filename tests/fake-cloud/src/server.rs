//! The listeners and what happens to a connection.

use std::{io, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request as HttpRequest, Response, StatusCode,
    body::Incoming,
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    answer::Answer,
    request::{Origin, Request},
    routes::{self, Reply},
    state::{Decision, Shared},
};

/// What a listener is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Role {
    Tls,
    Metadata,
    Plain,
    Proxy,
}

/// Everything that a connection needs.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) state: Shared,
    pub(crate) tls: TlsAcceptor,
}

type Body = Full<Bytes>;

impl Server {
    /// Takes connections until the runtime ends.
    pub(crate) async fn listen(self: Arc<Self>, listener: TcpListener, role: Role) {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => drop(tokio::spawn(self.clone().converse(stream, role))),
                // Too many files are open, say; without a pause this would be a busy loop.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }

    async fn converse<S>(self: Arc<Self>, stream: S, role: Role)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let origin = Origin { proxied: false, at_metadata: role == Role::Metadata };
        match role {
            Role::Tls => self.serve_tls(stream, origin).await,
            Role::Metadata | Role::Plain => self.serve(stream, origin).await,
            Role::Proxy => self.serve_proxy(stream).await,
        }
    }

    async fn serve_tls<S>(self: Arc<Self>, stream: S, origin: Origin)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        // A client that refuses the certificate is its test's concern.
        if let Ok(stream) = self.tls.accept(stream).await {
            self.serve(stream, origin).await;
        }
    }

    async fn serve<S>(self: Arc<Self>, stream: S, origin: Origin)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = service_fn(|request| self.answer(request, origin));
        // The error of a dropped connection is how it was dropped.
        let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    }

    async fn serve_proxy<S>(self: Arc<Self>, stream: S)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = service_fn(|request| self.clone().proxy(request));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        let _ = connection.with_upgrades().await;
    }

    async fn proxy(self: Arc<Self>, request: HttpRequest<Incoming>) -> io::Result<Response<Body>> {
        let origin = Origin { proxied: true, at_metadata: false };
        if request.method() != Method::CONNECT {
            return self.answer(request, origin).await;
        }
        self.state.lock().tunnels += 1;
        tokio::spawn(self.tunnel(request, origin));
        Ok(Response::default())
    }

    /// Speaks as the host that the tunnel leads to: port 80 is plain HTTP, any other is TLS.
    async fn tunnel(self: Arc<Self>, request: HttpRequest<Incoming>, origin: Origin) {
        let plain = request.uri().port_u16() == Some(80);
        let Ok(stream) = hyper::upgrade::on(request).await else {
            return;
        };
        let stream = TokioIo::new(stream);
        if plain {
            self.serve(stream, origin).await;
        } else {
            self.serve_tls(stream, origin).await;
        }
    }

    /// An error closes the connection without an answer.
    async fn answer(&self, request: HttpRequest<Incoming>, origin: Origin) -> io::Result<Response<Body>> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        if ![Method::GET, Method::POST, Method::PUT, Method::DELETE].contains(&parts.method) {
            return response(StatusCode::NOT_IMPLEMENTED, HeaderMap::new(), String::new());
        }
        let request = Request::new(&parts, body);
        let decision = self.state.lock().decide(&request, origin);
        match decision {
            Decision::Override(answer) => give(answer).await,
            Decision::Refuse(refusal) => own(routes::refuse(&request.host, refusal)?),
            Decision::Own => {
                let mut state = self.state.lock();
                own(routes::route(&request, origin.at_metadata, &mut state.memory)?)
            }
        }
    }
}

async fn give(answer: Answer) -> io::Result<Response<Body>> {
    if answer.drop {
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    let delay = Duration::try_from_secs_f64(answer.delay).map_err(io::Error::other)?;
    tokio::time::sleep(delay).await;
    let status = StatusCode::from_u16(answer.status).map_err(io::Error::other)?;
    let reply = Reply::new(status, &answer.body)?;
    let mut headers = content_type(&reply);
    if let Some(own) = &answer.content_type {
        headers.insert(CONTENT_TYPE, HeaderValue::try_from(own).map_err(io::Error::other)?);
    }
    for (name, value) in &answer.headers {
        let name = HeaderName::try_from(name).map_err(io::Error::other)?;
        headers.insert(name, HeaderValue::try_from(value).map_err(io::Error::other)?);
    }
    response(reply.status, headers, reply.body)
}

fn own(reply: Reply) -> io::Result<Response<Body>> {
    response(reply.status, content_type(&reply), reply.body)
}

fn content_type(reply: &Reply) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(reply.content_type))])
}

fn response(status: StatusCode, headers: HeaderMap, body: String) -> io::Result<Response<Body>> {
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}
