//! `weir user`: who may sign in to the page, without the page. The server may run meanwhile.

use clap::Subcommand;
use weir_config::settings::Settings;
use weir_dashboards::{Accounts, AccountsError, Actor, Link, Packages, Role, User};

use super::{ConfigFile, Failed, load, with_accounts};

/// Who may sign in, and what they may do.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// List everybody: name, role, packages of a guest, whether a second factor is on.
    List,
    /// Add somebody, and print a link by which they choose their password.
    Add {
        /// Name to sign in by.
        name: String,
        #[command(flatten)]
        may: May,
    },
    /// Give somebody another role, from their next request on.
    Role {
        /// As listed.
        name: String,
        #[command(flatten)]
        may: May,
    },
    /// Print a link by which somebody chooses a new password. Using it turns their second factor off.
    Reset {
        /// As listed.
        name: String,
    },
    /// Remove somebody with their sessions and tokens.
    Remove {
        /// As listed.
        name: String,
    },
}

/// What somebody may do.
#[derive(clap::Args)]
struct May {
    /// owner, admin, editor, viewer or guest.
    #[arg(long, value_parser = role)]
    role: Role,
    /// A package that a guest may see; may be given several times.
    #[arg(long = "package", value_name = "NAME")]
    packages: Vec<String>,
}

fn role(word: &str) -> Result<Role, String> {
    Role::from_word(word)
        .ok_or_else(|| "roles are owner, admin, editor, viewer and guest".to_owned())
}

impl May {
    /// Everybody but guests sees everything.
    fn packages(&self) -> Packages {
        if self.role == Role::Guest || !self.packages.is_empty() {
            Packages::only(self.packages.iter().cloned())
        } else {
            Packages::ALL
        }
    }
}

#[expect(
    clippy::print_stdout,
    reason = "lists and links are the command's output"
)]
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let settings = load(&arguments.file.config)?.settings;
    let said = with_accounts(&settings, async |accounts| {
        said(&settings, &accounts, &arguments.what).await
    })?;
    print!("{said}");
    Ok(())
}

async fn said(
    settings: &Settings,
    accounts: &Accounts,
    what: &What,
) -> Result<String, AccountsError> {
    let console = Actor::console();
    match what {
        What::List => Ok(accounts.users().await?.iter().map(line).collect()),
        What::Add { name, may } => {
            let (role, packages) = (may.role, may.packages());
            let added = accounts.add_without_password(&console, name, role, &packages);
            Ok(address(settings, &added.await?))
        }
        What::Role { name, may } => {
            let user = accounts.user_named(name).await?;
            let (role, packages) = (may.role, may.packages());
            let changed = accounts.set_role(&console, &user.id, role, &packages);
            Ok(line(&changed.await?))
        }
        What::Reset { name } => {
            let user = accounts.user_named(name).await?;
            let link = accounts.reset(&console, &user.id).await?;
            Ok(address(settings, &link))
        }
        What::Remove { name } => {
            let user = accounts.user_named(name).await?;
            accounts.remove_user(&console, &user.id).await?;
            Ok(format!("{} is removed\n", user.name))
        }
    }
}

fn line(user: &User) -> String {
    let factor = if user.has_second_factor {
        "  second factor"
    } else {
        ""
    };
    let packages = match user.role {
        Role::Guest => format!("  {}", user.packages),
        _ => String::new(),
    };
    format!(
        "{:24} {}{packages}{factor}\n",
        user.name,
        user.role.as_str()
    )
}

/// The link on the dashboard's own address; behind a proxy the public one stands before the path.
fn address(settings: &Settings, link: &Link) -> String {
    let listen = settings.dashboards.listen;
    format!(
        "http://{listen}{}\nworks once, until {}\n",
        link.path(),
        link.expires_at.strftime("%Y-%m-%d %H:%M UTC")
    )
}
