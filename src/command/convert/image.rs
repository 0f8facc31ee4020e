//! Image patterns of docker-v2 rules: `*` for a segment, and alternatives in braces, which are written out.

use super::report::Refusal;

/// More are a mistake rather than a wish.
const MOST: usize = 64;

/// Every pattern without alternatives that `pattern` stands for.
pub(super) fn alternatives(pattern: &str) -> Result<Vec<String>, Refusal> {
    if pattern.contains('\\') {
        return Err(Refusal::new(
            "its pattern escapes a character that no image name holds",
            "leave it out: such a rule never matched",
        ));
    }
    let mut done = Vec::new();
    let mut open = vec![pattern.to_owned()];
    while let Some(next) = open.pop() {
        if done.len() + open.len() >= MOST {
            return Err(Refusal::new(
                format!("its pattern stands for more than {MOST} others"),
                "write the packages that are meant, with \"*\"",
            ));
        }
        match innermost(&next) {
            Some((before, inside, after)) => {
                let each = inside.split(',').rev();
                open.extend(each.map(|one| format!("{before}{one}{after}")));
            }
            None if next.contains(['{', '}', ',']) => {
                return Err(Refusal::new(
                    "the braces of its pattern do not pair",
                    "close each \"{\" with a \"}\"",
                ));
            }
            None => {
                let whole = segments(&next)?;
                if !done.contains(&whole) {
                    done.push(whole);
                }
            }
        }
    }
    Ok(done)
}

/// A pattern whose marks stand for whole segments, as ours do. Several marks in a row are one at Scarf, where `**` here
/// crosses segments.
fn segments(pattern: &str) -> Result<String, Refusal> {
    let segments = pattern.split('/').map(|segment| match segment {
        "" => Ok(segment),
        _ if segment.bytes().all(|byte| byte == b'*') => Ok("*"),
        _ if segment.contains('*') => Err(Refusal::new(
            format!("{segment:?} in its pattern is part of a segment, and \"*\" stands for a whole one here"),
            "name each image in a docker-v1 rule, or let the rule take all of the segment",
        )),
        _ => Ok(segment),
    });
    let segments: Vec<&str> = segments.collect::<Result<_, _>>()?;
    Ok(segments.join("/"))
}

/// The first braces that hold no others.
fn innermost(pattern: &str) -> Option<(&str, &str, &str)> {
    let (head, after) = pattern.split_once('}')?;
    let (before, inside) = head.rsplit_once('{')?;
    Some((before, inside, after))
}

/// The registry's address. Docker Hub answers under one name and is written under several.
pub(super) fn registry(written: &str) -> String {
    let host = match written {
        "docker.io" | "index.docker.io" | "registry.hub.docker.com" => "registry-1.docker.io",
        other => other,
    };
    format!("https://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_are_written_out() {
        let written = |pattern| {
            alternatives(pattern).map_or_else(|refusal| format!("{refusal:?}"), |all| all.join(" "))
        };
        let cases = [
            "library/*",
            "{a,b}/x",
            "{a,b{c,d}}/{x,y}",
            "a{b",
            "a,b",
            r"a\*",
            "**/x*/y",
            "**/{x,**}",
            "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}",
        ];
        insta::assert_snapshot!(cases.map(|pattern| format!("{pattern} -> {}", written(pattern))).join("\n"), @r#"
        library/* -> library/*
        {a,b}/x -> a/x b/x
        {a,b{c,d}}/{x,y} -> a/x a/y bc/x bc/y bd/x bd/y
        a{b -> Refusal { what: "the braces of its pattern do not pair", help: "close each \"{\" with a \"}\"" }
        a,b -> Refusal { what: "the braces of its pattern do not pair", help: "close each \"{\" with a \"}\"" }
        a\* -> Refusal { what: "its pattern escapes a character that no image name holds", help: "leave it out: such a rule never matched" }
        **/x*/y -> Refusal { what: "\"x*\" in its pattern is part of a segment, and \"*\" stands for a whole one here", help: "name each image in a docker-v1 rule, or let the rule take all of the segment" }
        **/{x,**} -> */x */*
        {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b} -> Refusal { what: "its pattern stands for more than 64 others", help: "write the packages that are meant, with \"*\"" }
        "#);
    }
}
