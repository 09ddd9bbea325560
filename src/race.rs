//! Waiting for whichever of two futures ends first.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// Returns the result of the first of two futures that ends; the other is dropped.
pub(crate) async fn first<T>(one: impl Future<Output = T>, other: impl Future<Output = T>) -> T {
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Pending => other.as_mut().poll(context),
        ready => ready,
    })
    .await
}
