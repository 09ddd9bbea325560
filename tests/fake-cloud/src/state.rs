//! What the cloud knows during one test.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::{
    answer::{Answer, Overrides},
    request::Request,
    server::Origin,
    signature::{Keys, Verdict},
};

/// One request that the cloud received.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// The request in its comparable form, as [`FakeCloud::requests`](crate::FakeCloud::requests)
    /// gives it.
    pub json: Value,
    /// Whether it came through the proxy listener.
    pub proxied: bool,
}

/// The state of one test.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) overrides: Overrides,
    pub(crate) keys: Keys,
    pub(crate) log: Vec<LoggedRequest>,
    pub(crate) polls: u32,
    pub(crate) tunnels: usize,
}

/// How a request is to be answered.
pub(crate) enum Decision {
    Override(Answer),
    Refuse(Verdict),
    Own,
}

impl State {
    /// Logs the request and decides on its answer: a test's own comes before everything else.
    pub(crate) fn decide(&mut self, request: &Request, origin: Origin) -> Decision {
        let verdict = self.keys.judge(request);
        self.log.push(LoggedRequest { json: request.entry(verdict), proxied: origin.proxied });
        match (self.overriding(request), verdict) {
            (Some(answer), _) => Decision::Override(answer),
            (None, None | Some(Verdict::Valid)) => Decision::Own,
            (None, Some(verdict)) => Decision::Refuse(verdict),
        }
    }

    /// The most exact key comes first.
    fn overriding(&mut self, request: &Request) -> Option<Answer> {
        let Request { method, host, path, .. } = request;
        let action = request.action().unwrap_or_default();
        let keys = [
            format!("{method} {host}{path} {action}"),
            format!("{method} {host}{path}"),
            action.to_owned(),
            format!("{method} {path}"),
        ];
        keys.iter().find_map(|key| self.overrides.next(key))
    }
}

/// The state as the caller's thread and the cloud's share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shared(Arc<Mutex<State>>);

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
