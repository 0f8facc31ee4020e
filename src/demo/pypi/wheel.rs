//! Wheels made in memory: small, pure Python, and installable by every installer.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::demo::archive::zip_of;
use crate::demo::seal::sha256;

/// What a wheel is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recipe<'a> {
    /// Project name, normalised.
    pub(super) project: &'a str,
    pub(super) version: &'a str,
    pub(super) summary: &'a str,
    pub(super) requires_python: &'a str,
    pub(super) requires: &'a [&'a str],
    /// Body of the module's `main`, one Python statement.
    pub(super) says: &'a str,
}

impl Recipe<'_> {
    /// The project's name as a Python identifier, which file names use too.
    fn module(&self) -> String {
        self.project.replace('-', "_")
    }

    /// `name-version-py3-none-any.whl`.
    pub(super) fn file_name(&self) -> String {
        format!("{}-{}-py3-none-any.whl", self.module(), self.version)
    }

    /// The core metadata: inside the wheel, and beside it (PEP 658).
    pub(super) fn metadata(&self) -> String {
        let mut text = format!(
            "Metadata-Version: 2.1\nName: {}\nVersion: {}\nSummary: {}\nRequires-Python: {}\n",
            self.project, self.version, self.summary, self.requires_python
        );
        for requirement in self.requires {
            writeln!(text, "Requires-Dist: {requirement}").expect("strings take every write");
        }
        text
    }

    /// The wheel itself.
    pub(super) fn wheel(&self) -> Vec<u8> {
        let module = self.module();
        let info = format!("{module}-{}.dist-info", self.version);
        let files = [
            (format!("{module}/__init__.py"), self.code()),
            (format!("{info}/METADATA"), self.metadata()),
            (
                format!("{info}/WHEEL"),
                "Wheel-Version: 1.0\nGenerator: weir demo\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
                    .to_owned(),
            ),
            (
                format!("{info}/entry_points.txt"),
                format!("[console_scripts]\n{} = {module}:main\n", self.project),
            ),
        ];
        let record_path = format!("{info}/RECORD");
        let record = (record_path.clone(), record(&files, &record_path));
        let files = files.iter().chain([&record]);
        zip_of(files.map(|(path, text)| (path.as_str(), text.as_bytes())))
    }

    fn code(&self) -> String {
        format!(
            "\"\"\"{}\"\"\"\n\n__version__ = \"{}\"\n\n\ndef main():\n    {}\n",
            self.summary, self.version, self.says
        )
    }
}

/// Every file with its digest and length; the record itself without.
fn record(files: &[(String, String)], own_path: &str) -> String {
    let mut record = String::new();
    for (path, text) in files {
        let digest = URL_SAFE_NO_PAD.encode(sha256(text.as_bytes()));
        writeln!(record, "{path},sha256={digest},{}", text.len())
            .expect("strings take every write");
    }
    record + own_path + ",,\n"
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    const RECIPE: Recipe<'_> = Recipe {
        project: "two-words",
        version: "1.0.0",
        summary: "Says so.",
        requires_python: ">=3.8,<4",
        requires: &["other>=2"],
        says: "print(\"so\")",
    };

    fn read(path: &str) -> String {
        let mut zip = zip::ZipArchive::new(Cursor::new(RECIPE.wheel())).unwrap();
        let mut text = String::new();
        zip.by_name(path)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    #[test]
    fn the_metadata_beside_a_wheel_is_the_metadata_inside() {
        assert_eq!(
            read("two_words-1.0.0.dist-info/METADATA"),
            RECIPE.metadata()
        );
        insta::assert_snapshot!(RECIPE.metadata(), @r"
        Metadata-Version: 2.1
        Name: two-words
        Version: 1.0.0
        Summary: Says so.
        Requires-Python: >=3.8,<4
        Requires-Dist: other>=2
        ");
    }

    #[test]
    fn the_record_lists_every_file_with_digest_and_length() {
        insta::assert_snapshot!(read("two_words-1.0.0.dist-info/RECORD"), @r"
        two_words/__init__.py,sha256=DGauTiBv341fHYa6uf_n3HB4TTqIFOvJX6ZEDBFpZPY,68
        two_words-1.0.0.dist-info/METADATA,sha256=4gZjq_hipB9GZz9P3JrSFBnKXoInhrsGLDgl8W5Jz5g,121
        two_words-1.0.0.dist-info/WHEEL,sha256=Vck6L9b4v_tD8Z1oi5zfcawFsBBL-sabA8skg6XSfqM,80
        two_words-1.0.0.dist-info/entry_points.txt,sha256=A-blXmWtXEFObYsqf2IlgX7ixy2rTchefcRc5pcT9cw,45
        two_words-1.0.0.dist-info/RECORD,,
        ");
    }

    #[test]
    fn the_same_recipe_makes_the_same_bytes() {
        assert_eq!(RECIPE.wheel(), RECIPE.wheel());
    }
}
