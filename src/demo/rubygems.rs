//! Ruby gems: the compact index, the Marshal index before it, and the gems.

mod gem;
mod marshal;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;

use super::Addresses;
use super::answer::{Content, not_found};
use super::seal::md5_hex;
use gem::Recipe;

/// The sample gem.
pub const GEM: &str = "demo-compass";
/// Its versions, oldest first. The last comes compiled for [`PLATFORMS`] as well.
pub const VERSIONS: [&str; 2] = ["2.0.0", "2.1.0"];
/// Processor and system of its compiled gems.
pub const PLATFORMS: [(&str, &str); 3] = [
    ("x86_64", "linux"),
    ("aarch64", "linux"),
    ("arm64", "darwin"),
];
/// A gem of somebody else's that the sample gem needs.
pub const OTHER_GEM: &str = "tideline-demo";
/// Its only version.
pub const OTHER_VERSION: &str = "0.3.0";
/// Where the server begins.
pub const ROOT: &str = "/rubygems/";

/// By path below [`ROOT`].
#[derive(Default)]
struct Files(HashMap<String, Content>);

pub(super) fn router(_addresses: &Addresses) -> Router {
    Router::new()
        .route(ROOT, get(answer))
        .route(&format!("{ROOT}{{*path}}"), get(answer))
        .with_state(Arc::new(Files::of(&[sample(), other()])))
}

async fn answer(uri: Uri, State(files): State<Arc<Files>>, headers: HeaderMap) -> Response {
    let file = uri.path().strip_prefix(ROOT);
    let file = file.and_then(|path| files.0.get(path));
    file.map_or_else(not_found, |file| file.answer(&headers))
}

/// Every gem of the sample.
fn sample() -> Vec<Recipe<'static>> {
    let needs = Some((OTHER_GEM, "0.3"));
    let gem = |version, platform| Recipe {
        name: GEM,
        version,
        platform,
        needs,
        code: "require \"tideline_demo\"\n\nmodule DemoCompass\n  NORTH = \"north is #{TidelineDemo::WAY}\"\nend\n",
    };
    let latest = VERSIONS[VERSIONS.len() - 1];
    let anywhere = VERSIONS.map(|version| gem(version, None));
    let compiled = PLATFORMS.map(|platform| gem(latest, Some(platform)));
    anywhere.into_iter().chain(compiled).collect()
}

fn other() -> Vec<Recipe<'static>> {
    vec![Recipe {
        name: OTHER_GEM,
        version: OTHER_VERSION,
        platform: None,
        needs: None,
        code: "module TidelineDemo\n  WAY = \"that way\"\nend\n",
    }]
}

impl Files {
    /// A server of `gems`, each with all it was made in.
    fn of(gems: &[Vec<Recipe<'_>>]) -> Self {
        let mut files = Self::default();
        let mut names = "---\n".to_owned();
        let mut versions = "created_at: 2026-07-01T12:00:00Z\n---\n".to_owned();
        for recipes in gems {
            let name = recipes[0].name;
            let info = files.put_gems(recipes);
            let numbers: Vec<_> = recipes.iter().map(Recipe::version_and_platform).collect();
            writeln!(names, "{name}").expect("strings take every write");
            writeln!(
                versions,
                "{name} {} {}",
                numbers.join(","),
                md5_hex(info.as_bytes())
            )
            .expect("strings take every write");
            files.put_text(&format!("info/{name}"), &info);
        }
        files.put_text("names", &names);
        files.put_text("versions", &versions);
        files.put_text("", "A gem server.\n");
        files
    }

    /// Puts the gems and their specifications; their lines in the compact index.
    fn put_gems(&mut self, recipes: &[Recipe<'_>]) -> String {
        let mut info = "---\n".to_owned();
        for recipe in recipes {
            let full_name = recipe.full_name();
            writeln!(info, "{} {}", recipe.version_and_platform(), recipe.info())
                .expect("strings take every write");
            self.put(&format!("gems/{full_name}.gem"), recipe.gem());
            let specification = recipe.specification();
            self.put(
                &format!("quick/Marshal.4.8/{full_name}.gemspec.rz"),
                specification,
            );
        }
        info
    }

    fn put(&mut self, path: &str, bytes: Vec<u8>) {
        let content = Content::new(bytes, "application/octet-stream");
        self.0.insert(path.to_owned(), content);
    }

    /// Bundler takes the entity tag for the MD5 of the text and checks it.
    fn put_text(&mut self, path: &str, text: &str) {
        let content = Content::new(text.into(), "text/plain; charset=utf-8");
        let content = content.tagged(&md5_hex(text.as_bytes()));
        self.0.insert(path.to_owned(), content);
    }
}
