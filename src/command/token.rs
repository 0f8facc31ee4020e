//! `weir token`: what programs show to the API, without the page. The server may run meanwhile.

use clap::Subcommand;
use weir_dashboards::{Accounts, AccountsError, Actor, NewToken, Packages, Scope, Token};

use super::{ConfigFile, Failed, load, with_accounts};

/// Tokens for programs that use the API.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// List tokens that work: id, user, name, scopes, packages, end, day of the last use.
    List,
    /// Make a token and print it. It is not shown again; only its digest is kept.
    Create {
        /// What it is for.
        name: String,
        /// Whose it is; it never may more than they may.
        #[arg(long, value_name = "NAME")]
        user: String,
        /// What it may do: read, export, import, admin, with commas between them.
        #[arg(long = "scope", value_delimiter = ',', value_parser = scope, default_value = "read")]
        scopes: Vec<Scope>,
        /// A package it may see; may be given several times; all that its user may see unless given.
        #[arg(long = "package", value_name = "NAME")]
        packages: Vec<String>,
        /// How many days it works, 1 to 366.
        #[arg(long, default_value = "90")]
        days: u32,
    },
    /// Make a token worthless at once.
    Revoke {
        /// Its id, as listed.
        id: String,
    },
}

fn scope(word: &str) -> Result<Scope, String> {
    Scope::from_word(word)
        .ok_or_else(|| "scopes are read, export, import, releases:write, sql and admin".to_owned())
}

#[expect(
    clippy::print_stdout,
    reason = "lists and tokens are the command's output"
)]
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let settings = load(&arguments.file.config)?.settings;
    let said = with_accounts(&settings, async |accounts| {
        said(&accounts, &arguments.what).await
    })?;
    print!("{said}");
    Ok(())
}

async fn said(accounts: &Accounts, what: &What) -> Result<String, AccountsError> {
    let console = Actor::console();
    match what {
        What::List => Ok(accounts.tokens(None).await?.iter().map(line).collect()),
        What::Create {
            name,
            user,
            scopes,
            packages,
            days,
        } => {
            let user = accounts.user_named(user).await?;
            let new = NewToken {
                name: name.clone(),
                scopes: scopes.clone(),
                packages: if packages.is_empty() {
                    Packages::ALL
                } else {
                    Packages::only(packages.iter().cloned())
                },
                days: *days,
            };
            let token = accounts.create_token(&console, &user, &new).await?;
            Ok(format!("{token}\n"))
        }
        What::Revoke { id } => {
            accounts.revoke_token(&console, None, id).await?;
            Ok(format!("{id} is revoked\n"))
        }
    }
}

fn line(token: &Token) -> String {
    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    let used = match token.used_day.as_str() {
        "" => "never used",
        day => day,
    };
    format!(
        "{}  {}  {}  {}  packages: {}  until {}  {used}\n",
        token.id,
        token.user,
        token.name,
        scopes.join(","),
        token.packages,
        token.expires_at.strftime("%Y-%m-%d"),
    )
}
