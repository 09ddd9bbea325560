//! What the cloud knows during one test.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::{
    answer::{Answer, Overrides},
    request::{Origin, Request},
    routes::{Memory, Refusal},
    signature::Verdict,
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
    pub(crate) memory: Memory,
    pub(crate) log: Vec<LoggedRequest>,
    pub(crate) tunnels: usize,
}

/// How a request is to be answered.
pub(crate) enum Decision {
    Override(Answer),
    Refuse(Refusal),
    Own,
}

impl State {
    /// Logs the request and decides on its answer: a test's own comes before everything else.
    pub(crate) fn decide(&mut self, request: &Request, origin: Origin) -> Decision {
        let verdict = self.memory.keys.judge(request);
        let json = request.entry(verdict.map(Verdict::name));
        self.log.push(LoggedRequest { json, proxied: origin.proxied });
        if let Some(answer) = self.overriding(request) {
            return Decision::Override(answer);
        }
        verdict.and_then(|verdict| self.refusal(request, verdict)).map_or(Decision::Own, Decision::Refuse)
    }

    /// Says why a signed request is refused, if it is: a key may sign well and be too young or disabled.
    fn refusal(&mut self, request: &Request, verdict: Verdict) -> Option<Refusal> {
        let (keys, id) = (&mut self.memory.keys, request.access_key_id().unwrap_or_default());
        match verdict {
            Verdict::UnknownKey => Some(Refusal::UnknownKey),
            Verdict::Invalid => Some(Refusal::WrongSignature),
            Verdict::Valid if request.host.starts_with("sts") && keys.is_too_young(id) => {
                Some(Refusal::UnknownKey)
            }
            Verdict::Valid => keys.is_inactive(id).then_some(Refusal::InactiveKey),
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
