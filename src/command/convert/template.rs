//! Scarf's URL templates (RFC 6570, all levels) as ours, which know `{v}` and `{+v}`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::report::Refusal;

/// What each variable is called here.
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// Names for the variables of a path. `platform` is Scarf's word for what is `os` here.
    pub(super) fn new<'v>(variables: impl Iterator<Item = &'v str>) -> Result<Self, Refusal> {
        let mut names: BTreeMap<String, String> = variables
            .map(|name| (name.to_owned(), word(name)))
            .collect();
        if !names.contains_key("os") && names.contains_key("platform") {
            names.insert("platform".to_owned(), "os".to_owned());
        }
        let mut ours: Vec<&String> = names.values().collect();
        ours.sort_unstable();
        match ours.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Refusal::new(
                format!("two of its variables would both be {{{}}} here", pair[0]),
                "rename one of them in the manifest",
            )),
            None => Ok(Self(names)),
        }
    }

    /// The name here of a variable, which may be one that nothing captures.
    pub(super) fn get(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_else(|| word(name))
    }
}

/// Names here hold letters, digits and `_`; there also dots and percent-encoded characters.
fn word(name: &str) -> String {
    let known = |character: char| character.is_ascii_alphanumeric() || character == '_';
    name.replace(|character| !known(character), "_")
}

/// A template, taken apart.
pub(super) struct Template {
    pieces: Vec<Piece>,
}

enum Piece {
    Text(String),
    /// `{+a,b}`: an operator, or a space for none, and variables.
    Expression(char, Vec<String>),
}

/// A template as it is written here, and what it means otherwise than there.
pub(super) struct Translated {
    pub(super) text: String,
    pub(super) changes: Vec<Refusal>,
}

impl Template {
    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            let Some((inside, after)) = behind.split_once('}') else {
                return Err(Refusal::new(
                    format!("{text} holds a \"{{\" that is never closed"),
                    "write %7B for the character itself",
                ));
            };
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(expression(inside)?);
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(Self { pieces })
    }

    /// The names of its variables.
    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.pieces
            .iter()
            .flat_map(|piece| match piece {
                Piece::Text(_) => &[][..],
                Piece::Expression(_, variables) => variables,
            })
            .map(|variable| variable.trim_end_matches('*'))
    }

    /// Where the template stands among others at Scarf: the segments of its text, descending (`sortRules`).
    pub(super) fn segments(&self) -> Vec<String> {
        let texts = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.as_str(),
            Piece::Expression(..) => "",
        });
        let text: String = texts.collect();
        let segments = text.split('/').filter(|segment| !segment.is_empty());
        segments.map(str::to_owned).collect()
    }

    /// The template without the `{+v}` that it ends with. Such a variable may be empty there and not here.
    pub(super) fn without_last(&self) -> Option<(Self, &str)> {
        let [
            pieces @ ..,
            Piece::Expression('+', variables),
            Piece::Text(text),
        ] = &self.pieces[..]
        else {
            return None;
        };
        let ([name], [.., Piece::Text(before)]) = (&variables[..], pieces) else {
            return None;
        };
        if !text.is_empty() || !before.ends_with('/') {
            return None;
        }
        Some((self.only(pieces.len()), name))
    }

    fn only(&self, count: usize) -> Self {
        let pieces = self.pieces[..count].iter().map(|piece| match piece {
            Piece::Text(text) => Piece::Text(text.clone()),
            Piece::Expression(operator, variables) => {
                Piece::Expression(*operator, variables.clone())
            }
        });
        Self {
            pieces: pieces.collect(),
        }
    }

    /// The template with nothing for `variable`.
    pub(super) fn without(&self, variable: &str) -> Self {
        let mut whole = self.only(self.pieces.len());
        whole.pieces.retain(|piece| match piece {
            Piece::Text(_) => true,
            Piece::Expression(_, variables) => variables.as_slice() != [variable],
        });
        whole
    }

    /// The path (and query) of a request in our terms.
    pub(super) fn path(&self, names: &Names) -> Result<Translated, Refusal> {
        let mut translated = self.translated(names);
        translated.changes.extend(self.optional());
        if translated.text.contains('#') {
            return Err(Refusal::new(
                "what follows \"#\" never reaches a server",
                "leave it out of the incoming path",
            ));
        }
        if translated.text.ends_with('?') {
            translated.text.pop();
        }
        Ok(translated)
    }

    /// A target in our terms.
    pub(super) fn target(&self, names: &Names) -> Translated {
        let mut translated = self.translated(names);
        if let Some(at) = translated.text.find('#') {
            translated.text.truncate(at);
            translated.changes.push(Refusal::new(
                "its target is written without \"#\" and what follows, which no download needs",
                "",
            ));
        }
        let passes = |piece: &Piece| matches!(piece, Piece::Expression('+', _));
        if self.pieces.iter().any(passes) {
            translated.changes.push(Refusal::new(
                "{+…} reaches the target byte for byte; Scarf decodes it, which breaks addresses with %2F, %3F or %2B",
                "",
            ));
        }
        translated
    }

    fn translated(&self, names: &Names) -> Translated {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(literal) => literal.chars().for_each(|one| push(&mut text, one)),
                Piece::Expression(operator, variables) => {
                    text.push_str(&written(*operator, variables, names));
                }
            }
        }
        Translated {
            text,
            changes: Vec::new(),
        }
    }

    /// What a path may lack at Scarf, where an operator writes nothing for what is not there.
    fn optional(&self) -> impl Iterator<Item = Refusal> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Expression(operator, variables) if !" +".contains(*operator) => {
                let written = format!("{{{operator}{}}}", variables.join(","));
                Some(Refusal::new(
                    format!("all of {written} has to be there; Scarf takes it as optional"),
                    "add a route without it if requests come so",
                ))
            }
            _ => None,
        })
    }
}

fn expression(inside: &str) -> Result<Piece, Refusal> {
    let operator = inside.chars().next().filter(|one| "+#./;?&".contains(*one));
    let list = &inside[operator.map_or(0, char::len_utf8)..];
    let variables: Vec<String> = list.split(',').map(str::to_owned).collect();
    if variables
        .iter()
        .any(|name| name.trim_end_matches('*').is_empty())
    {
        return Err(Refusal::new(
            format!("{{{inside}}} names no variable"),
            "write %7B and %7D for the characters themselves",
        ));
    }
    if let Some(cut) = variables.iter().find(|name| name.contains(':')) {
        return Err(Refusal::new(
            format!(
                "{{{cut}}} stands for the first characters of a value, which no template here can"
            ),
            "write a route with regex = \"…\", where a group can be of any length",
        ));
    }
    Ok(Piece::Expression(operator.unwrap_or(' '), variables))
}

/// RFC 6570 §3.2, for variables that each have one value.
fn written(operator: char, variables: &[String], names: &Names) -> String {
    let plain = |name: &String| names.get(name.trim_end_matches('*'));
    let each = |format: &dyn Fn(&str, String) -> String| {
        variables
            .iter()
            .map(|name| format(name.trim_end_matches('*'), plain(name)))
            .collect::<Vec<_>>()
    };
    let pair = |name: &str, ours: String| format!("{name}={{{ours}}}");
    match operator {
        ' ' => each(&|_, ours| format!("{{{ours}}}")).join(","),
        '+' => each(&|_, ours| format!("{{+{ours}}}")).join(","),
        '.' | '/' => each(&|_, ours| format!("{operator}{{{ours}}}")).concat(),
        ';' => each(&|name, ours| format!(";{}", pair(name, ours))).concat(),
        '?' | '&' => format!("{operator}{}", each(&pair).join("&")),
        _ => "#".to_owned(),
    }
}

/// Writes a character as a URL has it; Scarf's templates match such text by its encoded form.
fn push(text: &mut String, character: char) {
    if character.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(character) {
        text.push(character);
        return;
    }
    let mut bytes = [0; 4];
    for byte in character.encode_utf8(&mut bytes).bytes() {
        let _ = write!(text, "%{byte:02X}");
    }
}

/// What follows the target's own parameters at Scarf: the whole query of the request, also the part that the path names.
pub(super) fn with_query_of(target: &str, path: &str) -> String {
    let Some((_, query)) = path.split_once('?') else {
        return target.to_owned();
    };
    let name = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
    let own: Vec<String> = target
        .split_once('?')
        .map(|(_, query)| query.split('&').map(name).collect())
        .unwrap_or_default();
    let mut target = target.to_owned();
    for pair in query.split('&').filter(|pair| !own.contains(&name(pair))) {
        target.push(if target.contains('?') { '&' } else { '?' });
        target.push_str(pair);
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(incoming: &str, outgoing: &str) -> String {
        let result = || {
            let (incoming, outgoing) = (Template::parse(incoming)?, Template::parse(outgoing)?);
            let names = Names::new(incoming.variables())?;
            let (path, target) = (incoming.path(&names)?, outgoing.target(&names));
            let changes: Vec<_> = path.changes.iter().chain(&target.changes).collect();
            Ok(format!(
                "{} -> {}{}",
                path.text,
                with_query_of(&target.text, &path.text),
                if changes.is_empty() {
                    String::new()
                } else {
                    format!(" {changes:#?}")
                }
            ))
        };
        result().unwrap_or_else(|refusal: Refusal| format!("{refusal:?}"))
    }

    #[test]
    fn templates_are_written_in_our_terms() {
        let cases = [
            (
                "/{version}/{platform}.tgz",
                "https://h.test/{version}-{platform}.tgz",
            ),
            ("/{platform}/{os}", "https://h.test/{platform}/{os}"),
            ("/{app.name}/x", "https://h.test/{app.name}"),
            ("/a b/ü/", "https://h.test/ü"),
            ("/x?", "https://h.test/y"),
            ("/x?a=1&b={b}", "https://h.test/y?b={b}&c=2"),
            ("/a{/b,c}{.d}", "https://h.test/{b,c}{.d}"),
            ("/a{?b,c}", "https://h.test/{b}{?c}"),
            ("/{+path}", "https://h.test/{path}#top"),
            ("/x{#frag}", "https://h.test/"),
            ("/{v:3}", "https://h.test/"),
            ("/{", "https://h.test/"),
            ("/{}", "https://h.test/"),
            ("/{a.b}/{a_b}", "https://h.test/"),
        ];
        let lines: Vec<_> = cases
            .iter()
            .map(|(incoming, outgoing)| translated(incoming, outgoing))
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r##"
        /{version}/{os}.tgz -> https://h.test/{version}-{os}.tgz
        /{platform}/{os} -> https://h.test/{platform}/{os}
        /{app_name}/x -> https://h.test/{app_name}
        /a%20b/%C3%BC/ -> https://h.test/%C3%BC
        /x -> https://h.test/y
        /x?a=1&b={b} -> https://h.test/y?b={b}&c=2&a=1
        /a/{b}/{c}.{d} -> https://h.test/{b},{c}.{d} [
            Refusal {
                what: "all of {/b,c} has to be there; Scarf takes it as optional",
                help: "add a route without it if requests come so",
            },
            Refusal {
                what: "all of {.d} has to be there; Scarf takes it as optional",
                help: "add a route without it if requests come so",
            },
        ]
        /a?b={b}&c={c} -> https://h.test/{b}?c={c}&b={b} [
            Refusal {
                what: "all of {?b,c} has to be there; Scarf takes it as optional",
                help: "add a route without it if requests come so",
            },
        ]
        /{+path} -> https://h.test/{path} [
            Refusal {
                what: "its target is written without \"#\" and what follows, which no download needs",
                help: "",
            },
        ]
        Refusal { what: "what follows \"#\" never reaches a server", help: "leave it out of the incoming path" }
        Refusal { what: "{v:3} stands for the first characters of a value, which no template here can", help: "write a route with regex = \"…\", where a group can be of any length" }
        Refusal { what: "/{ holds a \"{\" that is never closed", help: "write %7B for the character itself" }
        Refusal { what: "{} names no variable", help: "write %7B and %7D for the characters themselves" }
        Refusal { what: "two of its variables would both be {a_b} here", help: "rename one of them in the manifest" }
        "##);
    }
}
