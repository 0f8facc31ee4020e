//! Whose turn it is to run the engine: one process at a time, told by the lock of its folder.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

use super::folder::{Folder, Lock};

/// Between two looks at the lock: short beside what an engine takes to end and to start.
const LOOK: Duration = Duration::from_millis(20);

/// When the engine may be run.
pub(super) enum Turn {
    /// At once.
    Has(Lock),
    /// When the process that has the folder lets go of it.
    Waits(PathBuf),
}

impl Turn {
    /// Blocks until it is our turn; nothing if `stop` comes first.
    pub(super) fn come(self, stop: &mut oneshot::Receiver<()>) -> Option<Lock> {
        let path = match self {
            Self::Has(lock) => return Some(lock),
            Self::Waits(path) => path,
        };
        tracing::info!("another process still runs the engine: waiting until it has ended it");
        let mut said = false;
        while stop.try_recv() == Err(TryRecvError::Empty) {
            match Folder::try_lock(&path) {
                Ok(Some(lock)) => return Some(lock),
                Err(error) if !said => {
                    tracing::error!(%error, "the engine's folder cannot be locked; it is tried again");
                    said = true;
                }
                Ok(None) | Err(_) => {}
            }
            thread::sleep(LOOK);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_comes_when_the_folder_is_let_go_of() {
        let place = tempfile::tempdir().expect("a folder");
        let (_folder, lock) = Folder::prepare(place.path()).expect("nobody has it");
        let (_stop, mut stopped) = oneshot::channel();
        let path = place.path().to_owned();
        let waits = thread::spawn(move || Turn::Waits(path).come(&mut stopped).is_some());
        assert!(
            Folder::try_lock(place.path())
                .expect("it can be tried")
                .is_none()
        );
        drop(lock);
        assert!(waits.join().expect("no panic"));
    }

    #[test]
    fn who_is_stopped_waits_no_longer() {
        let place = tempfile::tempdir().expect("a folder");
        let (_folder, _lock) = Folder::prepare(place.path()).expect("nobody has it");
        let (stop, mut stopped) = oneshot::channel();
        drop(stop);
        assert!(
            Turn::Waits(place.path().to_owned())
                .come(&mut stopped)
                .is_none()
        );
    }
}
