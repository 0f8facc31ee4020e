//! `controller` and `contact` of `[privacy]` as written.

use url::Url;

use super::{Item, Reading, Table};
use crate::controller::{Contact, Controller};

/// Reads who answers for what is kept, and how to reach them.
pub(super) fn controller(table: &mut Table<'_>, reading: &mut Reading) -> Controller {
    let name = table
        .take("controller")
        .and_then(|item| name(&item, reading));
    let contact = table
        .take("contact")
        .and_then(|item| contact(&item, reading));
    Controller { name, contact }
}

fn name(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    const LONGEST: usize = 200;
    let text = item.string(reading)?.trim();
    if (1..=LONGEST).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        return Some(text.to_owned());
    }
    let problem = item.problem("this cannot name anybody");
    reading.error(problem.help(
        "write the name of the project, person or company that answers for what is kept, in at most 200 characters",
    ));
    None
}

fn contact(item: &Item<'_>, reading: &mut Reading) -> Option<Contact> {
    let text = item.string(reading)?;
    let contact = page(text).or_else(|| mail(text));
    if contact.is_none() {
        let problem = item.problem(format!("{text:?} is neither a mail address nor a page's"));
        reading.error(problem.help(
            "write one such as \"privacy@acme.example\" or \"https://acme.example/privacy\"",
        ));
    }
    contact
}

fn page(text: &str) -> Option<Contact> {
    let url = Url::parse(text).ok()?;
    let is_plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty();
    is_plain.then(|| Contact::Page(url.into()))
}

/// Enough of RFC 5321 §4.1.2 to make a link: one `@` between a name and a domain, nothing that needs quotes.
fn mail(text: &str) -> Option<Contact> {
    let (name, domain) = text.split_once('@')?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$&'*+-/=^_`{|}~".contains(&byte);
    let is_mail = (1..=64).contains(&name.len())
        && name.bytes().all(is_plain)
        && crate::host_name(domain).is_some()
        && !domain.contains(':');
    is_mail.then(|| Contact::Mail(text.to_owned()))
}
