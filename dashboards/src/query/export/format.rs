//! The formats of an export, and what the engine is told for each.

use super::super::words::words;

words! {
    /// How rows are written.
    Format {
        /// RFC 4180 with a line of names; cells that a spreadsheet would run are defused.
        Csv => "csv",
        /// One JSON object a line.
        Ndjson => "ndjson",
        /// Apache Parquet, compressed with zstd.
        Parquet => "parquet",
        /// Apache Arrow's IPC file, also known as Feather version 2.
        Arrow => "arrow",
    }
}

/// One thread, and formatting within it, hold a block or a row group at a time; an export leaves
/// the other cores to downloads and questions.
const STREAMING: &str = "max_threads = 1, output_format_parallel_formatting = 0, \
    optimize_aggregation_in_order = 1";

impl Format {
    /// Its media type.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Arrow => "application/vnd.apache.arrow.file",
        }
    }

    /// The engine's name for it.
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Self::Csv => "CSVWithNames",
            Self::Ndjson => "JSONEachRow",
            Self::Parquet => "Parquet",
            Self::Arrow => "Arrow",
        }
    }

    /// Whether values keep their types, so that a time is a number to the reader.
    pub(super) fn is_typed(self) -> bool {
        matches!(self, Self::Parquet | Self::Arrow)
    }

    /// Settings that stream the format.
    pub(super) fn settings(self) -> String {
        let own = match self {
            Self::Csv => "date_time_output_format = 'iso'",
            Self::Ndjson => {
                "date_time_output_format = 'iso', output_format_json_escape_forward_slashes = 0, \
                 output_format_json_quote_64bit_integers = 0"
            }
            Self::Parquet => {
                "output_format_parquet_row_group_size = 65536, \
                 output_format_parquet_parallel_encoding = 0, \
                 output_format_parquet_compression_method = 'zstd'"
            }
            Self::Arrow => "output_format_arrow_compression_method = 'zstd'",
        };
        format!("{STREAMING}, {own}")
    }

    /// A text as this format writes it. A spreadsheet takes a cell that begins with one of six
    /// characters for a formula and may run it (OWASP, "CSV injection"); an apostrophe before them
    /// makes it text.
    pub(super) fn text(self, expression: &str) -> String {
        match self {
            Self::Csv => format!(
                "if(match({expression}, '^[=+@\\\\t\\\\r-]'), concat('\\'', {expression}), {expression})"
            ),
            Self::Ndjson | Self::Parquet | Self::Arrow => expression.to_owned(),
        }
    }
}
