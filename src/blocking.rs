//! Work that waits for locks, disks or names, and where it is done.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// Does work that waits, so that other tasks of this thread go on meanwhile: inside a runtime on a thread of its
/// own, elsewhere, and where the system has no thread left, on the calling thread.
///
/// This is not left to the runtime, which panics where it gets no thread.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    if Handle::try_current().is_err() {
        return work();
    }
    let (sender, receiver) = oneshot::channel();
    let task = Arc::new(Mutex::new(Some((work, sender))));
    let of_thread = Arc::clone(&task);
    let thread = thread::Builder::new().spawn(move || {
        if let Some((work, sender)) = take(&of_thread) {
            // Who asked may be gone.
            let _ = sender.send(catch_unwind(AssertUnwindSafe(work)));
        }
    });
    if thread.is_err()
        && let Some((work, _)) = take(&task)
    {
        return work();
    }
    match receiver.await {
        Ok(Ok(done)) => done,
        Ok(Err(panic)) => resume_unwind(panic),
        // A thread always answers.
        Err(_) => pending().await,
    }
}

fn take<T>(task: &Mutex<Option<T>>) -> Option<T> {
    task.lock().unwrap_or_else(PoisonError::into_inner).take()
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::testing::block_on;

    #[test]
    fn inside_a_runtime_the_thread_of_the_tasks_stays_free() {
        let here = thread::current().id();
        assert_ne!(block_on(run(|| thread::current().id())), here);
    }

    #[test]
    fn without_a_runtime_the_calling_thread_does_the_work() {
        let here = thread::current().id();
        let mut work = Box::pin(run(|| thread::current().id()));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert_eq!(work.as_mut().poll(&mut context), std::task::Poll::Ready(here));
    }
}
