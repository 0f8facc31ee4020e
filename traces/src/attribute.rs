//! What a span can say: a closed list of keys, and values of three origins, none of which is a client.

/// What is said. Names are those of OpenTelemetry's semantic conventions where these have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each says what its name says
pub enum Key {
    Method,
    Route,
    Status,
    Server,
    Port,
    Scheme,
    ErrorType,
    Database,
    Table,
    Operation,
    Ecosystem,
    Outcome,
    Question,
    Job,
    Format,
    Rows,
    RowsRead,
    BytesRead,
    Bytes,
    Refused,
    Waited,
}

impl Key {
    /// The name that collectors know it by.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Method => "http.request.method",
            Self::Route => "http.route",
            Self::Status => "http.response.status_code",
            Self::Server => "server.address",
            Self::Port => "server.port",
            Self::Scheme => "url.scheme",
            Self::ErrorType => "error.type",
            Self::Database => "db.system.name",
            Self::Table => "db.collection.name",
            Self::Operation => "db.operation.name",
            Self::Ecosystem => "weir.ecosystem",
            Self::Outcome => "weir.outcome",
            Self::Question => "weir.question",
            Self::Job => "weir.job",
            Self::Format => "weir.format",
            Self::Rows => "weir.rows",
            Self::RowsRead => "weir.rows_read",
            Self::BytesRead => "weir.bytes_read",
            Self::Bytes => "weir.bytes",
            Self::Refused => "weir.rows_refused",
            Self::Waited => "weir.waited_ms",
        }
    }
}

/// A value, by where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// One of this program's own words.
    Word(&'static str),
    /// A number.
    Number(u64),
    /// Something that the operator wrote into the configuration, or that follows from it alone, such as a table's name or
    /// the host of an upstream.
    Written(Box<str>),
}

impl Value {
    /// A text of the operator's.
    pub fn written(text: &str) -> Self {
        Self::Written(text.into())
    }
}

impl From<&'static str> for Value {
    fn from(word: &'static str) -> Self {
        Self::Word(word)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}
