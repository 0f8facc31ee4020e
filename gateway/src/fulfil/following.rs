//! Redirects that are followed here in place of the client: for what is always streamed through.

use reqwest::header::HeaderValue;
use url::Url;
use weir_event::Answer;

use super::{Forward, Step};
use crate::answer::Failure;
use crate::upstream::{self, MAX_HOPS};

impl Step {
    /// The same without a redirect at its end: what the client would be sent to comes through here.
    pub(crate) fn streamed(self) -> Result<Self, Failure> {
        Ok(match self {
            Self::Reply(reply, Answer::Redirect) => {
                let location = reply.headers.iter().find(|(name, _)| *name == "location");
                let url = location.and_then(|(_, location)| Url::parse(location).ok());
                let url = url.ok_or(Failure::Upstream)?;
                Self::Forward(Forward::to(url, None).following().into())
            }
            Self::Forward(forward) => Self::Forward(forward.following().into()),
            Self::Reply(..) | Self::Collect(_) | Self::Form | Self::Statement(_) => self,
        })
    }
}

impl Forward {
    /// The same, wherever it leads.
    pub(crate) fn following(self) -> Self {
        Self {
            hops_left: Some(MAX_HOPS),
            ..self
        }
    }

    /// Moves on to where an answer leads, if it is to be followed; true where it has moved. A sign-in is for the one
    /// upstream that it was meant for.
    pub(crate) fn follow(
        &mut self,
        status: u16,
        location: Option<&HeaderValue>,
    ) -> Result<bool, Failure> {
        let leads_on = matches!(status, 301..=303 | 307 | 308);
        let Some(left) = self.hops_left.filter(|_| leads_on) else {
            return Ok(false);
        };
        let next = upstream::next(&self.url, status, location);
        let (Some(next), Some(left)) = (next, left.checked_sub(1)) else {
            let host = self.url.host_str();
            tracing::warn!(host, "upstream redirects nowhere, or too often");
            return Err(Failure::Upstream);
        };
        if next.origin() != self.url.origin() {
            self.authorization = None;
        }
        self.hops_left = Some(left);
        self.url = next;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Reply;

    fn forward(url: &str) -> Forward {
        let url = Url::parse(url).expect("a URL");
        Forward::to(url, Some(HeaderValue::from_static("Bearer secret")))
    }

    fn follow(forward: &mut Forward, location: &'static str) -> Result<bool, Failure> {
        forward.follow(302, Some(&HeaderValue::from_static(location)))
    }

    #[test]
    fn a_sign_in_stays_with_its_host_port_and_scheme() {
        for (location, kept) in [
            ("/elsewhere", true),
            ("https://registry.test/b", true),
            ("https://registry.test:444/b", false),
            ("http://registry.test/b", false),
            ("https://storage.test/b", false),
            ("//storage.test/b", false),
        ] {
            let mut forward = forward("https://registry.test/a").following();
            assert_eq!(follow(&mut forward, location), Ok(true), "{location}");
            assert_eq!(forward.authorization.is_some(), kept, "{location}");
        }
    }

    #[test]
    fn a_sign_in_that_was_left_behind_does_not_come_back() {
        let mut forward = forward("https://registry.test/a").following();
        assert_eq!(follow(&mut forward, "https://storage.test/b"), Ok(true));
        assert_eq!(follow(&mut forward, "https://registry.test/a"), Ok(true));
        assert_eq!(forward.authorization, None);
    }

    #[test]
    fn five_redirects_are_followed_and_the_sixth_is_a_failure() {
        let mut forward = forward("https://registry.test/").following();
        for _ in 0..MAX_HOPS {
            assert_eq!(follow(&mut forward, "/again"), Ok(true));
        }
        assert_eq!(follow(&mut forward, "/again"), Err(Failure::Upstream));
    }

    #[test]
    fn what_leads_nowhere_is_a_failure_and_what_is_no_redirect_is_passed_on() {
        let mut forward = forward("https://registry.test/a").following();
        assert_eq!(forward.follow(302, None), Err(Failure::Upstream));
        assert_eq!(
            follow(&mut forward, "ftp://files.test/a"),
            Err(Failure::Upstream)
        );
        for status in [200, 206, 300, 304, 404] {
            assert_eq!(forward.follow(status, None), Ok(false), "{status}");
        }
    }

    #[test]
    fn redirects_are_the_clients_unless_they_are_to_be_followed() {
        let mut forward = forward("https://registry.test/a");
        assert_eq!(follow(&mut forward, "https://storage.test/b"), Ok(false));
        assert_eq!(forward.url.as_str(), "https://registry.test/a");
    }

    #[test]
    fn a_redirect_of_ours_is_streamed_and_an_answer_of_ours_stays() {
        let redirect = Reply::redirect(302, "https://files.test/a".into());
        let streamed = Step::Reply(redirect, Answer::Redirect).streamed();
        let Ok(Step::Forward(forward)) = streamed else {
            panic!("a forward")
        };
        assert_eq!(forward.url.as_str(), "https://files.test/a");
        let page = Step::Reply(Reply::text(200, "page"), Answer::Proxy).streamed();
        assert!(matches!(page, Ok(Step::Reply(..))));
    }
}
