//! The account database: open before the page is served. A server that does not answer keeps the page
//! waiting, and nothing else: downloads know no accounts.

use std::net::SocketAddr;
use std::time::Duration;

use weir_config::settings::Settings;
use weir_dashboards::{Accounts, AccountsAt, Clock};

/// Between two tries.
const PAUSE: Duration = Duration::from_secs(2);

/// The accounts that the settings name, beside whoever has them open already.
pub async fn open_accounts(settings: &Settings, clock: &Clock) -> anyhow::Result<Accounts> {
    let at = match &settings.accounts.postgres {
        Some(address) => AccountsAt::Postgres(address.to_string()),
        None => AccountsAt::File(settings.data_dir.join("weir.db")),
    };
    let audit_days = settings.accounts.audit_days;
    Ok(Accounts::open(&at, audit_days, clock.clone()).await?)
}

/// The accounts at start; none where a server does not answer yet. A file answers or is an error.
pub(super) async fn at_start(
    settings: &Settings,
    clock: &Clock,
) -> anyhow::Result<Option<Accounts>> {
    match open_accounts(settings, clock).await {
        Ok(accounts) => Ok(Some(accounts)),
        Err(error) if settings.accounts.postgres.is_some() => {
            tracing::error!(%error, "the page waits for its account database; downloads go on");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The accounts, as soon as the server answers.
pub(super) async fn in_time(settings: &Settings, clock: &Clock, page: SocketAddr) -> Accounts {
    loop {
        tokio::time::sleep(PAUSE).await;
        match open_accounts(settings, clock).await {
            Ok(accounts) => {
                tracing::info!("the account database answers");
                greet(&accounts, page).await;
                return accounts;
            }
            Err(error) => tracing::debug!(%error, "the account database does not answer yet"),
        }
    }
}

/// Says how the owner is made, while there is none. For the console only: the log may be kept.
pub(super) async fn greet(accounts: &Accounts, page: SocketAddr) {
    if let Some(code) = accounts.setup_code().await {
        eprintln!(
            "\nFirst run. Make the owner's account at\n\n  http://{page}/setup#code={code}\n"
        );
    }
}
