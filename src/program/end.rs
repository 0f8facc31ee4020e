//! How the program ends: because somebody says so, or because another process serves in its place.

use std::time::Duration;

use anyhow::Context as _;
use tokio::time::timeout;

use super::signals::{Asked, End};
use super::upgrade::{Upgrade, UpgradeError};
use super::{Downloads, Program, service};

/// How long the page's requests under way are waited for.
const PAGE_PATIENCE: Duration = Duration::from_secs(6);

impl Program {
    /// Says where everything is, waits for SIGTERM or SIGINT, and ends in order: answers under way,
    /// then the spool, then the engine.
    pub fn run_until_signal(mut self) -> anyhow::Result<()> {
        self.greet();
        service::ready();
        self.background.block_on(self.end.asked_to_end());
        self.end()
    }

    /// The same; SIGUSR2 has the program that is on disk then take this one's place.
    pub fn run_until_succeeded(mut self, upgrade: &Upgrade) -> anyhow::Result<()> {
        self.greet();
        service::ready();
        loop {
            match self.background.block_on(self.end.asked()) {
                Asked::End => return self.end(),
                Asked::Replace => {}
            }
            tracing::info!("the program on disk is started to take this one's place");
            match self.successor(upgrade) {
                None => return self.end(),
                Some(Ok(pid)) => return self.give_way(pid),
                Some(Err(error)) => {
                    let error: &(dyn std::error::Error + 'static) = &error;
                    tracing::error!(error, "no successor serves: this process goes on");
                }
            }
        }
    }

    /// The process that serves in this one's place; nothing where the end was asked for meanwhile.
    fn successor(&mut self, upgrade: &Upgrade) -> Option<Result<u32, UpgradeError>> {
        let Self {
            background,
            downloads,
            sockets,
            end,
            ..
        } = self;
        let ingest = downloads.as_ref().map(|downloads| &downloads.ingest);
        if let Some(ingest) = ingest {
            // Written down before the other one reads it.
            ingest.forget();
        }
        let salt = ingest.map(|ingest| ingest.hand_salt());
        let begun = upgrade.begin(sockets, salt.as_ref());
        background.block_on(async {
            let serves = async { begun?.serves().await };
            tokio::select! {
                outcome = serves => Some(outcome),
                () = end.asked_to_end() => None,
            }
        })
    }

    /// Ends in order.
    fn end(mut self) -> anyhow::Result<()> {
        tracing::info!("ending");
        self.linger();
        service::stopping();
        self.stop_accepting();
        if let Some(mut downloads) = self.downloads.take() {
            let Downloads { runtime, done, .. } = &mut downloads;
            runtime
                .block_on(done)
                .context("the gateway's task panicked")??;
            downloads.close();
        }
        self.end_traces();
        self.background.shutdown_timeout(PAGE_PATIENCE);
        self.engine.stop();
        tracing::info!("ended");
        Ok(())
    }

    /// Ends unnoticed. The engine is the successor's at once; what is answered here meanwhile is shipped to it, and
    /// what is left in the spool is the successor's to adopt.
    fn give_way(mut self, successor: u32) -> anyhow::Result<()> {
        if let Some(downloads) = &self.downloads {
            downloads.gateway.is_succeeded();
        }
        self.stop_accepting();
        service::succeeded_by(successor);
        tracing::info!(pid = successor, "the successor serves");
        self.end_page();
        // What is answered here from now on leaves no trace.
        self.end_traces();
        self.background.shutdown_timeout(PAGE_PATIENCE);
        if let Some(downloads) = &mut self.downloads {
            drop(downloads.upkeep.take());
        }
        self.engine.stop();
        if let Some(mut downloads) = self.downloads.take() {
            let Downloads { runtime, done, .. } = &mut downloads;
            runtime.block_on(async {
                let mut end = End::listen()?;
                tokio::select! {
                    ended = done => ended.context("the gateway's task panicked")??,
                    () = end.asked_to_end() => tracing::warn!("answers under way are cut off"),
                }
                anyhow::Ok(())
            })?;
            downloads.close();
        }
        tracing::info!("gave way");
        Ok(())
    }

    /// Says that no more requests are wanted and goes on answering them, for as long as those who send them may take to
    /// notice. To be asked to end once more ends that.
    fn linger(&mut self) {
        self.unready.send_replace(true);
        let Self {
            background,
            drain_delay,
            end,
            ..
        } = self;
        if drain_delay.is_zero() {
            return;
        }
        let seconds = drain_delay.as_secs();
        tracing::info!(seconds, "not ready any more; requests are still taken");
        // Either is the end of it.
        let _ = background.block_on(async { timeout(*drain_delay, end.asked_to_end()).await });
    }

    fn end_traces(&mut self) {
        if let Some(traces) = self.traces.take() {
            traces.finish(&self.background);
        }
    }

    fn stop_accepting(&mut self) {
        self.sockets.clear();
        self.unready.send_replace(true);
        self.shutdown.send_replace(true);
    }

    /// Waits for the page's answers.
    fn end_page(&mut self) {
        let Some(page) = self.page.take() else { return };
        // A page that is busy for longer says so itself.
        let _ = self
            .background
            .block_on(async { timeout(PAGE_PATIENCE, page.done).await });
    }
}

impl Downloads {
    /// Seals the spool and ends shipping, once nothing is answered any more.
    fn close(self) {
        self.runtime.shutdown_background();
        self.ingest.forget();
        self.ingest.spool().close();
        drop(self.upkeep);
        self.shipper.stop();
    }
}
