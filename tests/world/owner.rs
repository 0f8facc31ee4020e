//! The owner of the page: signs in with the code on the console and asks how things are.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{PATIENCE, World};

/// Somebody signed in; the session outlives a restart of the program.
pub(crate) struct Owner {
    cookie: String,
}

impl Owner {
    /// What the browser sends.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }
}

impl World {
    /// Makes the owner's account. Works once in a world.
    pub(crate) async fn owner(&self) -> Owner {
        let code = self.setup_code().await;
        let origin = format!("http://{}", self.weir.page);
        let owner = json!({"code": code, "name": "Ada", "password": "a long enough password"});
        let request = self
            .http
            .post(format!("{origin}/api/v2/setup"))
            .header("origin", origin)
            .json(&owner);
        let answer = request.send().await.expect("the page answers");
        assert_eq!(answer.status(), 200);
        let cookie = answer.headers()["set-cookie"].to_str().expect("text");
        Owner {
            cookie: cookie.split(';').next().expect("a first part").to_owned(),
        }
    }

    async fn setup_code(&self) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let said = self.weir.said();
            if let Some((_, rest)) = said.split_once("/setup#code=")
                && let Some((code, _)) = rest.split_once('\n')
            {
                return code.to_owned();
            }
            assert!(Instant::now() < deadline, "no code: {said}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// What the page says about engine and spool.
    pub(crate) async fn status(&self, owner: &Owner) -> Value {
        self.ask(owner, "status").await
    }

    /// What the page's API answers under `resource`.
    pub(crate) async fn ask(&self, owner: &Owner, resource: &str) -> Value {
        let address = format!("http://{}/api/v2/{resource}", self.weir.page);
        let answer = self
            .http
            .get(address)
            .header("cookie", &owner.cookie)
            .send()
            .await
            .expect("the page answers");
        assert_eq!(answer.status(), 200);
        answer.json().await.expect("JSON")
    }

    /// What the page's API answers to a question.
    pub(crate) async fn question(&self, owner: &Owner, question: &Value) -> Value {
        let answer = self.put_question(owner, question).await;
        assert_eq!(answer.status(), 200);
        answer.json().await.expect("JSON")
    }

    /// The same, whatever the answer.
    pub(crate) async fn put_question(&self, owner: &Owner, question: &Value) -> reqwest::Response {
        let origin = format!("http://{}", self.weir.page);
        let request = self
            .http
            .post(format!("{origin}/api/v2/query"))
            .header("origin", origin)
            .header("cookie", &owner.cookie)
            .json(question);
        request.send().await.expect("the page answers")
    }

    /// Waits until the page says what is wanted.
    pub(crate) async fn wait_for_status(
        &self,
        owner: &Owner,
        wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let status = self.status(owner).await;
            if wanted(&status) {
                return status;
            }
            assert!(
                Instant::now() < deadline,
                "still {status}\nlog: {}",
                self.weir.said()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
