//! `[privacy]` as written.

use url::Url;

use super::{Item, Reading, Table, controller, secret};
use crate::catalogue::Credentials;
use crate::problem::Problem;
use crate::settings::{Privacy, SaltPlace, SaltStore};

/// Port of stores that speak RESP.
const PORT: u16 = 6379;

pub(super) fn privacy(mut table: Table<'_>, default: Privacy, reading: &mut Reading) -> Privacy {
    let file = table.take("salt_file");
    let store = table.take("salt_store");
    let password = table.take("salt_store_password_file");
    let controller = controller::controller(&mut table, reading);
    table.finish(reading);
    if let (Some(file), Some(_)) = (&file, &store) {
        let problem = file.problem("the salt is kept in one place, a file or a store");
        reading.error(problem.help("leave out salt_file or salt_store"));
    }
    if let (Some(password), None) = (&password, &store) {
        reading.error(password.problem("there is no salt_store that this is the password of"));
    }
    let salt = match (file, store) {
        (_, Some(store)) => self::store(&store, password, reading).map(SaltPlace::Shared),
        (Some(file), None) => file.path(reading).map(SaltPlace::File),
        (None, None) => None,
    };
    Privacy {
        controller,
        salt: salt.unwrap_or(default.salt),
    }
}

fn store(item: &Item<'_>, password: Option<Item<'_>>, reading: &mut Reading) -> Option<SaltStore> {
    let text = item.string(reading)?;
    let password = password.and_then(|password| secret(&password, reading));
    match address(item, text) {
        Ok((user, mut store)) => {
            store.account = password.map(|password| Credentials { user, password });
            Some(store)
        }
        Err(problem) => {
            reading.error(problem);
            None
        }
    }
}

/// The user and the store without an account.
fn address(item: &Item<'_>, text: &str) -> Result<(String, SaltStore), Problem> {
    const HELP: &str = "write redis://HOST, or redis://USER@HOST:PORT/DATABASE";
    // It may hold a password, in a place where none belongs.
    let malformed = |error| {
        item.problem(format!("{error}"))
            .without_excerpt()
            .help(HELP)
    };
    let url = Url::parse(text).map_err(malformed)?;
    if url.password().is_some() {
        let problem = item
            .problem("a password in the configuration")
            .without_excerpt();
        return Err(problem.help("put it alone into a file that salt_store_password_file names"));
    }
    let path = url.path().trim_matches('/');
    let database = if path.is_empty() { Ok(0) } else { path.parse() };
    let plain = url.query().is_none() && url.fragment().is_none();
    match (url.scheme(), url.host_str(), database) {
        ("redis", Some(host), Ok(database)) if plain => {
            let store = SaltStore {
                host: host.trim_matches(['[', ']']).to_owned(),
                port: url.port().unwrap_or(PORT),
                database,
                account: None,
            };
            Ok((url.username().to_owned(), store))
        }
        ("rediss", ..) => {
            let problem = item.problem("this version speaks to a store without TLS");
            Err(problem.help("reach it through a tunnel or a network of your own, as redis://HOST"))
        }
        _ => Err(item.problem("this names no store").help(HELP)),
    }
}
