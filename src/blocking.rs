//! Work that waits for locks or disks, and where it is done.

use std::future::pending;
use std::panic::resume_unwind;

use tokio::runtime::Handle;

/// Does work that waits for locks or disks, so that other tasks of this thread go on meanwhile: inside a runtime
/// on one of its threads for such work, elsewhere on the calling thread.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let Ok(runtime) = Handle::try_current() else {
        return work();
    };
    match runtime.spawn_blocking(work).await.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(done) => done,
        Err(Ok(panic)) => resume_unwind(panic),
        // The runtime is shutting down, and drops this very task next.
        Err(Err(_)) => pending().await,
    }
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
