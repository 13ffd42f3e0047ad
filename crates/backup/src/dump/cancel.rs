//! The wish that something ends.

use tokio::sync::watch;

/// Tells that what goes on shall end. Cloning gives another view of the same.
#[derive(Clone, Debug)]
pub struct Cancel(watch::Receiver<bool>);

/// The other end of a [`Cancel`].
#[derive(Debug)]
pub struct Canceller(watch::Sender<bool>);

impl Cancel {
    /// Both ends.
    pub fn pair() -> (Canceller, Self) {
        let (sender, receiver) = watch::channel(false);
        (Canceller(sender), Self(receiver))
    }

    /// One that never tells.
    pub fn never() -> Self {
        Self(watch::channel(false).1)
    }

    /// Whether it has told.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when it tells.
    pub async fn cancelled(&mut self) {
        if self.0.wait_for(|told| *told).await.is_err() {
            // Nobody is left to tell.
            std::future::pending::<()>().await;
        }
    }
}

impl Canceller {
    /// Tells.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }
}
