//! Ruby's own serialisation, format 4.8, as far as a gem's specification needs it. Repeated symbols are
//! written out, which Ruby reads as it does its own short form.

/// A Ruby object.
pub(super) enum Value<'a> {
    Nil,
    True,
    False,
    Int(u8),
    Text(&'a str),
    Symbol(&'a str),
    Array(Vec<Value<'a>>),
    EmptyHash,
    /// A class and its instance variables.
    Object(&'a str, Vec<(&'a str, Value<'a>)>),
    /// A class and what its `marshal_load` takes.
    Loaded(&'a str, Box<Value<'a>>),
    /// A class and what its `_load` takes: a serialisation of its own.
    Nested(&'a str, Box<Value<'a>>),
}

/// `value` as `Marshal.load` takes it.
pub(super) fn dump(value: &Value<'_>) -> Vec<u8> {
    let mut bytes = vec![4, 8];
    put(&mut bytes, value);
    bytes
}

fn put(bytes: &mut Vec<u8>, value: &Value<'_>) {
    match value {
        Value::Nil => bytes.push(b'0'),
        Value::True => bytes.push(b'T'),
        Value::False => bytes.push(b'F'),
        Value::Int(number) => {
            bytes.push(b'i');
            put_number(bytes, usize::from(*number));
        }
        Value::Text(text) => {
            bytes.extend(b"I\"");
            put_bytes(bytes, text.as_bytes());
            // One instance variable, E = true: the encoding is UTF-8.
            put_number(bytes, 1);
            put(bytes, &Value::Symbol("E"));
            put(bytes, &Value::True);
        }
        Value::Symbol(name) => {
            bytes.push(b':');
            put_bytes(bytes, name.as_bytes());
        }
        Value::Array(values) => {
            bytes.push(b'[');
            put_number(bytes, values.len());
            for value in values {
                put(bytes, value);
            }
        }
        Value::EmptyHash => {
            bytes.push(b'{');
            put_number(bytes, 0);
        }
        Value::Object(class, variables) => {
            put_class(bytes, b'o', class);
            put_number(bytes, variables.len());
            for (name, value) in variables {
                put(bytes, &Value::Symbol(name));
                put(bytes, value);
            }
        }
        Value::Loaded(class, value) => {
            put_class(bytes, b'U', class);
            put(bytes, value);
        }
        Value::Nested(class, value) => {
            put_class(bytes, b'u', class);
            put_bytes(bytes, &dump(value));
        }
    }
}

fn put_class(bytes: &mut Vec<u8>, kind: u8, class: &str) {
    bytes.push(kind);
    put(bytes, &Value::Symbol(class));
}

fn put_bytes(bytes: &mut Vec<u8>, content: &[u8]) {
    put_number(bytes, content.len());
    bytes.extend(content);
}

/// Small numbers are one byte, five off; larger ones say how many bytes follow, lowest first.
fn put_number(bytes: &mut Vec<u8>, number: usize) {
    match number {
        0 => bytes.push(0),
        1..=122 => bytes.push(number as u8 + 5),
        123..=255 => bytes.extend([1, number as u8]),
        _ => bytes.extend([2, number as u8, (number >> 8) as u8]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_ruby_reads_them() {
        // ruby 3.1: Marshal.load gives [nil, true, 4, "ab", :c, {}, Gem::Version.new("1.0")].
        let value = Value::Array(vec![
            Value::Nil,
            Value::True,
            Value::Int(4),
            Value::Text("ab"),
            Value::Symbol("c"),
            Value::EmptyHash,
            Value::Loaded(
                "Gem::Version",
                Value::Array(vec![Value::Text("1.0")]).into(),
            ),
        ]);
        insta::assert_snapshot!(dump(&value).escape_ascii(), @r#"\x04\x08[\x0c0Ti\tI\"\x07ab\x06:\x06ET:\x06c{\x00U:\x11Gem::Version[\x06I\"\x081.0\x06:\x06ET"#);
    }

    #[test]
    fn lengths_grow_by_bytes() {
        let number = |number| {
            let mut bytes = Vec::new();
            put_number(&mut bytes, number);
            bytes
        };
        // ruby 3.1: Marshal.dump of 0, 122, 123, 255, 256 and 1000, behind the "i".
        assert_eq!(
            [0, 122, 123, 255, 256, 1000].map(number),
            [
                vec![0],
                vec![127],
                vec![1, 123],
                vec![1, 255],
                vec![2, 0, 1],
                vec![2, 232, 3]
            ]
        );
    }
}
