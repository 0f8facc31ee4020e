//! Links to the next page of a listing: the upstream's made ours.

use url::Url;

/// The upstream's name for an image and the one that clients pull.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Renaming<'a> {
    pub(crate) upstream: &'a str,
    pub(crate) ours: &'a str,
    /// What this client puts before paths here.
    pub(crate) prefix: &'a str,
}

impl Renaming<'_> {
    /// The `Link` of a page that was read from `base`, as one to us (distribution specification,
    /// "Listing Tags"). `None` if it leads out of the image's repository.
    pub(crate) fn link(&self, link: &str, base: &Url) -> Option<String> {
        let (target, parameters) = link.trim_start().strip_prefix('<')?.split_once('>')?;
        let target = base
            .join(target)
            .ok()
            .filter(|target| target.origin() == base.origin())?;
        let rest = target[url::Position::BeforePath..]
            .strip_prefix("/v2/")?
            .strip_prefix(self.upstream)?;
        rest.starts_with('/')
            .then(|| format!("<{}/v2/{}{rest}>{parameters}", self.prefix, self.ours))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_the_next_page_leads_here() {
        let base = Url::parse("https://registry.example/v2/acme/rocket/tags/list?n=1")
            .expect("an address");
        let renaming = Renaming {
            upstream: "acme/rocket",
            ours: "server",
            prefix: "",
        };
        let link = |text| renaming.link(text, &base);
        let here = Some("</v2/server/tags/list?n=1&last=a>; rel=\"next\"".to_owned());
        assert_eq!(
            link("</v2/acme/rocket/tags/list?n=1&last=a>; rel=\"next\""),
            here
        );
        assert_eq!(
            link("<https://registry.example/v2/acme/rocket/tags/list?n=1&last=a>; rel=\"next\""),
            here
        );
        assert_eq!(link("<?n=1&last=a>; rel=\"next\""), here);
        assert_eq!(link("</v2/acme/rocket-private/tags/list>"), None);
        assert_eq!(
            link("<https://evil.example/v2/acme/rocket/tags/list>"),
            None
        );
        assert_eq!(link("nonsense"), None);
    }
}
