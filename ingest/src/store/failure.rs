//! What a failed insert means for the batch: wait, look back, mend the set-up, or take it apart.

use clickhouse::error::Error;

/// Codes with which ClickHouse says that rows are wrong, whenever and wherever they are sent.
const WRONG_ROWS: &[u32] = &[
    6,   // CANNOT_PARSE_TEXT
    26,  // CANNOT_PARSE_QUOTED_STRING
    27,  // CANNOT_PARSE_INPUT_ASSERTION_FAILED
    33,  // CANNOT_READ_ALL_DATA
    38,  // CANNOT_PARSE_DATE
    41,  // CANNOT_PARSE_DATETIME
    53,  // TYPE_MISMATCH
    69,  // ARGUMENT_OUT_OF_BOUND
    70,  // CANNOT_CONVERT_TYPE
    72,  // CANNOT_PARSE_NUMBER
    117, // INCORRECT_DATA
    131, // TOO_LARGE_STRING_SIZE
    321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
    349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
    395, // FUNCTION_THROW_IF_VALUE_IS_NON_ZERO
    469, // VIOLATED_CONSTRAINT
    691, // UNKNOWN_ELEMENT_OF_ENUM
];

/// Codes with which it says that the account or the tables are not as they should be.
const WRONG_SETUP: &[u32] = &[
    8,   // THERE_IS_NO_COLUMN
    16,  // NO_SUCH_COLUMN_IN_TABLE
    47,  // UNKNOWN_IDENTIFIER
    60,  // UNKNOWN_TABLE
    81,  // UNKNOWN_DATABASE
    115, // UNKNOWN_SETTING
    164, // READONLY
    192, // UNKNOWN_USER
    193, // WRONG_PASSWORD
    194, // REQUIRED_PASSWORD
    242, // TABLE_IS_READ_ONLY
    452, // SETTING_CONSTRAINT_VIOLATION
    497, // ACCESS_DENIED
    516, // AUTHENTICATION_FAILED
];

/// Why a batch is not known to be stored.
#[derive(Debug, thiserror::Error)]
pub enum InsertError {
    /// Nothing was sent: ClickHouse cannot be reached. Wait and send again.
    #[error("cannot reach ClickHouse: {0}")]
    Unavailable(String),
    /// Something was sent and no clear answer came. Look back, then send again.
    #[error("no clear answer from ClickHouse: {0}")]
    Ambiguous(String),
    /// The rows are wrong, or some of them. Sending them again cannot help.
    #[error("ClickHouse refuses the rows: {reason}")]
    Refused {
        /// ClickHouse's number for the reason.
        code: u32,
        /// Its words.
        reason: String,
    },
    /// Account or tables are not as they should be. Somebody must act; the batch waits.
    #[error("ClickHouse rejects us: {reason}; check the account and run `weir migrate`")]
    Rejected {
        /// Its words.
        reason: String,
    },
}

impl InsertError {
    /// The word for it where attempts are told apart.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "unavailable",
            Self::Ambiguous(_) => "ambiguous",
            Self::Refused { .. } => "refused",
            Self::Rejected { .. } => "rejected",
        }
    }

    /// The meaning of an error that came before the first row was sent.
    pub(super) fn before_sending(error: &Error) -> Self {
        match Self::while_sending(error) {
            Self::Ambiguous(reason) => Self::Unavailable(reason),
            other => other,
        }
    }

    /// The meaning of an error that came when rows may have been stored.
    pub(super) fn while_sending(error: &Error) -> Self {
        let reason = first_line(&error.to_string());
        match error {
            Error::BadResponse(_) => match code_of(&reason) {
                Some(code) if WRONG_ROWS.contains(&code) => Self::Refused { code, reason },
                Some(code) if WRONG_SETUP.contains(&code) => Self::Rejected { reason },
                _ => Self::Ambiguous(reason),
            },
            Error::SchemaMismatch(_) | Error::InvalidParams(_) | Error::Unsupported(_) => {
                Self::Rejected { reason }
            }
            _ if refused_connection(error) => Self::Unavailable(reason),
            _ => Self::Ambiguous(reason),
        }
    }
}

/// Nobody listened, so nothing was sent.
fn refused_connection(error: &Error) -> bool {
    let first: &(dyn std::error::Error + 'static) = error;
    std::iter::successors(Some(first), |error| error.source())
        .filter_map(|error| error.downcast_ref::<std::io::Error>())
        .any(|error| error.kind() == std::io::ErrorKind::ConnectionRefused)
}

/// The number in `Code: 60. DB::Exception: …`.
fn code_of(text: &str) -> Option<u32> {
    let rest = text.split("Code: ").nth(1)?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// Enough of ClickHouse's words for a log line; what follows is a stack trace or the rows themselves.
fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let words = line.split(" Column values:").next().unwrap_or_default();
    words.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(text: &str) -> InsertError {
        InsertError::while_sending(&Error::BadResponse(text.into()))
    }

    #[test]
    fn wrong_rows_are_taken_apart() {
        let error = meaning("Code: 469. DB::Exception: Constraint `short` is violated");
        assert!(
            matches!(error, InsertError::Refused { code: 469, .. }),
            "{error}"
        );
    }

    #[test]
    fn a_wrong_set_up_is_somebodys_to_mend() {
        let error = meaning("Code: 60. DB::Exception: Table weir.events does not exist");
        insta::assert_snapshot!(error, @"ClickHouse rejects us: bad response: Code: 60. DB::Exception: Table weir.events does not exist; check the account and run `weir migrate`");
    }

    #[test]
    fn any_other_answer_leaves_it_open() {
        for text in [
            "Code: 241. DB::Exception: memory limit exceeded",
            "502 Bad Gateway",
            "Code: 99999.",
        ] {
            assert!(matches!(meaning(text), InsertError::Ambiguous(_)), "{text}");
        }
    }

    #[test]
    fn before_the_first_row_nothing_is_open() {
        let error = InsertError::before_sending(&Error::TimedOut);
        assert!(matches!(error, InsertError::Unavailable(_)), "{error}");
    }
}
