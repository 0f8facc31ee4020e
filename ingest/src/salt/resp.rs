//! RESP, the protocol of Redis and Valkey, as far as five commands need it: version 2, no streaming.

/// Most bytes of one reply.
pub(super) const LONGEST: usize = 16 * 1024;
/// Most elements of an array.
const MOST: usize = 16;

/// One reply, borrowed from the bytes it came in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply<'a> {
    /// `+OK`
    Simple(&'a str),
    /// `-NOAUTH Authentication required.`
    Error(&'a str),
    /// `:7`
    Number(i64),
    /// Bytes, or nothing.
    Bytes(Option<&'a [u8]>),
    /// Several, none of them an array.
    List(Vec<Reply<'a>>),
}

/// The bytes are no reply.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// Adds a command to `into`: a list of byte strings.
pub(super) fn command(words: &[&[u8]], into: &mut Vec<u8>) {
    into.extend(format!("*{}\r\n", words.len()).bytes());
    for word in words {
        into.extend(format!("${}\r\n", word.len()).bytes());
        into.extend_from_slice(word);
        into.extend(b"\r\n");
    }
}

/// Bytes of a command, for buffers that must not grow: one that does leaves a copy behind.
pub(super) fn command_length(words: &[&[u8]]) -> usize {
    // Marks, line ends and a length of up to ten digits for each word and for the whole.
    words.iter().map(|word| word.len() + 16).sum::<usize>() + 16
}

/// Reads the reply at the start of `input`; `None` while it is not whole.
pub(super) fn reply(input: &[u8]) -> Result<Option<Reply<'_>>, Malformed> {
    let mut rest = input;
    let reply = read(&mut rest, true)?;
    if reply.is_none() && input.len() >= LONGEST {
        return Err(Malformed);
    }
    Ok(reply)
}

fn read<'a>(rest: &mut &'a [u8], may_be_list: bool) -> Result<Option<Reply<'a>>, Malformed> {
    let Some(line) = line(rest)? else {
        return Ok(None);
    };
    let Some(kind) = line.bytes().next() else {
        return Err(Malformed);
    };
    let text = line.get(1..).ok_or(Malformed)?;
    match kind {
        b'+' => Ok(Some(Reply::Simple(text))),
        b'-' => Ok(Some(Reply::Error(text))),
        b':' => text
            .parse()
            .map(|number| Some(Reply::Number(number)))
            .map_err(|_| Malformed),
        b'$' if text == "-1" => Ok(Some(Reply::Bytes(None))),
        b'$' => bytes(rest, length(text, LONGEST)?),
        b'*' if may_be_list => list(rest, length(text, MOST)?),
        _ => Err(Malformed),
    }
}

fn line<'a>(rest: &mut &'a [u8]) -> Result<Option<&'a str>, Malformed> {
    let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") else {
        return Ok(None);
    };
    let line = std::str::from_utf8(&rest[..end]).map_err(|_| Malformed)?;
    *rest = &rest[end + 2..];
    Ok(Some(line))
}

fn length(text: &str, most: usize) -> Result<usize, Malformed> {
    let length = text.parse().map_err(|_| Malformed)?;
    if length > most {
        Err(Malformed)
    } else {
        Ok(length)
    }
}

fn bytes<'a>(rest: &mut &'a [u8], length: usize) -> Result<Option<Reply<'a>>, Malformed> {
    let Some((bytes, behind)) = rest.split_at_checked(length) else {
        return Ok(None);
    };
    match behind {
        [b'\r', b'\n', behind @ ..] => {
            *rest = behind;
            Ok(Some(Reply::Bytes(Some(bytes))))
        }
        [] | [b'\r'] => Ok(None),
        _ => Err(Malformed),
    }
}

fn list<'a>(rest: &mut &'a [u8], length: usize) -> Result<Option<Reply<'a>>, Malformed> {
    let mut items = Vec::with_capacity(length);
    for _ in 0..length {
        let Some(item) = read(rest, false)? else {
            return Ok(None);
        };
        items.push(item);
    }
    Ok(Some(Reply::List(items)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_command_is_a_list_of_byte_strings() {
        let mut bytes = Vec::new();
        let words: [&[u8]; 3] = [b"SET", b"key", b"\r\n\0"];
        command(&words, &mut bytes);
        assert_eq!(bytes, b"*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$3\r\n\r\n\0\r\n");
        assert!(bytes.len() <= command_length(&words));
    }

    #[test]
    fn every_kind_of_reply_is_read() {
        for (bytes, expected) in [
            (&b"+OK\r\n"[..], Reply::Simple("OK")),
            (b"-NOAUTH no\r\n", Reply::Error("NOAUTH no")),
            (b":-7\r\n", Reply::Number(-7)),
            (b"$-1\r\n", Reply::Bytes(None)),
            (b"$0\r\n\r\n", Reply::Bytes(Some(b""))),
            (b"$4\r\na\r\nb\r\n", Reply::Bytes(Some(b"a\r\nb"))),
            (b"*0\r\n", Reply::List(vec![])),
            (
                b"*2\r\n$4\r\nsave\r\n$0\r\n\r\n",
                Reply::List(vec![Reply::Bytes(Some(b"save")), Reply::Bytes(Some(b""))]),
            ),
        ] {
            assert_eq!(reply(bytes), Ok(Some(expected)));
            for end in 0..bytes.len() {
                assert_eq!(reply(&bytes[..end]), Ok(None), "{bytes:?} up to {end}");
            }
        }
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        for bytes in [
            &b"\r\n"[..],
            b"HTTP/1.1 400 Bad Request\r\n",
            b"$x\r\n",
            b"$-2\r\n",
            b"$99999999\r\n",
            b"*17\r\n",
            b"*1\r\n*1\r\n:1\r\n",
            b"$1\r\nab\r\n",
            b":1.5\r\n",
            b"+\xff\r\n",
            &[b'+'; LONGEST],
        ] {
            assert_eq!(reply(bytes), Err(Malformed), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in "[+:$*\\r\\n0-9a-z-]{0,60}") {
            let _ = reply(bytes.as_bytes());
        }
    }
}
