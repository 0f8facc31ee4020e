//! Which functions a statement may call; pure.
//!
//! Rights cover tables and table functions, but an engine that is a library lets anybody read the
//! machine's files by the function `file`. So ClickHouse parses a statement (`EXPLAIN AST`, which runs
//! none of it) and everything it consists of must be known here: kinds of nodes by name, functions by
//! the engine's own categories. What is new, or named nowhere, is refused.

use std::collections::HashSet;

use serde_json::Value;

use super::WorkbenchError;

/// Names, what they stand for, whether they aggregate, and the categories: what [`Functions::read`] takes.
pub(super) const LISTED: &str =
    "SELECT name, alias_to, is_aggregate, categories FROM system.functions";

/// Categories whose functions compute something from their arguments and reach nothing else.
const CATEGORIES: [&str; 28] = [
    "Arithmetic",
    "Arrays",
    "Bit",
    "Bitmap",
    "Comparison",
    "Conditional",
    "Dates and Times",
    "Distance",
    "Encoding",
    "Financial",
    "Geo",
    "Hash",
    "IP Address",
    "JSON",
    "Logical",
    "Map",
    "Mathematical",
    "Null",
    "Random Number",
    "Rounding",
    "String",
    "String Replacement",
    "String Search",
    "String Splitting",
    "Tuple",
    "Type Conversion",
    "URL",
    "UUID",
];

/// Harmless ones that the engine puts elsewhere. Columns are called `version`.
const BESIDES: [&str; 22] = [
    "bar",
    "currentdatabase",
    "formatreadabledecimalsize",
    "formatreadablequantity",
    "formatreadablesize",
    "formatreadabletimedelta",
    "grouping",
    "identity",
    "ignore",
    "lambda",
    "lowcardinalitykeys",
    "materialize",
    "neighbor",
    "numbers",
    "rownumberinallblocks",
    "runningdifference",
    "timewindow",
    "totypename",
    "transform",
    "tumble",
    "untuple",
    "version",
];

/// In a safe category by name alone.
const NEVER: [&str; 2] = ["chdb", "file"];

/// What may follow an aggregate function's name.
const COMBINATORS: [&str; 14] = [
    "if",
    "array",
    "map",
    "distinct",
    "ordefault",
    "ornull",
    "foreach",
    "resample",
    "mergestate",
    "merge",
    "simplestate",
    "state",
    "argmin",
    "argmax",
];

/// The kinds of nodes of a statement that reads, as `EXPLAIN AST` prints them. Not among them is
/// `ColumnsApplyTransformer`, which calls a function that it does not show.
const NODES: [&str; 26] = [
    "SelectWithUnionQuery",
    "SelectIntersectExceptQuery",
    "SelectQuery",
    "ExpressionList",
    "Function",
    "Identifier",
    "Literal",
    "Asterisk",
    "QualifiedAsterisk",
    "ColumnsTransformerList",
    "ColumnsExceptTransformer",
    "ColumnsListMatcher",
    "ColumnsRegexpMatcher",
    "Subquery",
    "WithElement",
    "TablesInSelectQuery",
    "TablesInSelectQueryElement",
    "TableExpression",
    "TableIdentifier",
    "TableJoin",
    "ArrayJoin",
    "OrderByElement",
    "InterpolateElement",
    "WindowDefinition",
    "WindowListElement",
    "SampleRatio",
];

/// The functions of an engine, in lower case.
pub(super) struct Functions {
    allowed: HashSet<String>,
    aggregates: HashSet<String>,
    known: HashSet<String>,
}

impl Functions {
    /// Reads rows of [`LISTED`].
    pub(super) fn read(rows: &[Vec<Value>]) -> Self {
        let mut functions = Self {
            allowed: BESIDES.map(str::to_owned).into(),
            aggregates: HashSet::new(),
            known: HashSet::new(),
        };
        let mut aliases = Vec::new();
        for row in rows {
            let [
                Value::String(name),
                Value::String(stands_for),
                aggregates,
                Value::String(categories),
            ] = row.as_slice()
            else {
                continue;
            };
            let name = name.to_lowercase();
            functions.known.insert(name.clone());
            if !stands_for.is_empty() {
                aliases.push((name, stands_for.to_lowercase()));
            } else if aggregates.as_u64() == Some(1) {
                functions.aggregates.insert(name);
            } else if categories.split(',').all(|one| CATEGORIES.contains(&one))
                && !NEVER.contains(&name.as_str())
            {
                functions.allowed.insert(name);
            }
        }
        for (name, stands_for) in aliases {
            if functions.aggregates.contains(&stands_for) {
                functions.aggregates.insert(name);
            } else if functions.allowed.contains(&stands_for) {
                functions.allowed.insert(name);
            }
        }
        functions
    }

    /// Passes a statement by the lines of its tree.
    pub(super) fn check(&self, tree: &[Vec<Value>]) -> Result<(), WorkbenchError> {
        let mut lines = tree.iter().filter_map(|row| row.first()?.as_str());
        let first = lines.next().unwrap_or_default();
        if !first.starts_with("SelectWithUnionQuery")
            && !first.starts_with("SelectIntersectExceptQuery")
        {
            return Err(WorkbenchError::NotReading);
        }
        lines.try_for_each(|line| self.check_node(line))
    }

    fn check_node(&self, line: &str) -> Result<(), WorkbenchError> {
        let mut words = line.split_whitespace();
        let (node, name) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        let refused = match node {
            "Function" => !self.may_call(name),
            // `arrayMap(file, …)` calls what looks like a column.
            "Identifier" => self.known.contains(&name.to_lowercase()) && !self.may_call(name),
            _ if NODES.contains(&node) => false,
            _ => return Err(WorkbenchError::Forbidden(node.to_owned())),
        };
        if refused {
            return Err(WorkbenchError::Forbidden(name.to_owned()));
        }
        Ok(())
    }

    fn may_call(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.allowed.contains(&name) || self.aggregates_by(&name)
    }

    /// `sumIfOrNull` is `sum` with two combinators.
    fn aggregates_by(&self, name: &str) -> bool {
        self.aggregates.contains(name)
            || COMBINATORS
                .iter()
                .filter_map(|combinator| name.strip_suffix(combinator))
                .any(|shorter| self.aggregates_by(shorter))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn functions() -> Functions {
        let rows = [
            json!(["plus", "", 0, "Arithmetic"]),
            json!(["arrayMap", "", 0, "Arrays"]),
            json!(["file", "", 0, "Other"]),
            json!(["fichier", "file", 0, ""]),
            json!(["substring", "", 0, "String"]),
            json!(["substr", "substring", 0, ""]),
            json!(["mystery", "", 0, ""]),
            json!(["sum", "", 1, ""]),
        ];
        Functions::read(&rows.map(|row| row.as_array().cloned().expect("a row")))
    }

    fn verdict(lines: &[&str]) -> String {
        let tree: Vec<_> = ["SelectWithUnionQuery (children 1)"]
            .iter()
            .chain(lines)
            .map(|line| vec![json!(line)])
            .collect();
        functions()
            .check(&tree)
            .err()
            .map_or("passes".to_owned(), |error| error.to_string())
    }

    #[test]
    fn what_computes_passes_and_what_reaches_out_or_is_unknown_does_not() {
        for line in [
            "Function plus (children 1)",
            " Function SUBSTR (alias s) (children 1)",
            "Function sumIfOrNull",
            "Identifier sum",
            "Identifier downloads",
            "Literal \\'file\\'",
            "TableIdentifier weir.events",
        ] {
            assert_eq!(verdict(&[line]), "passes", "{line}");
        }
        for line in [
            "Function file (children 1)",
            "  Function FILE",
            "Function fichier",
            "Function mystery",
            "Function fileIf",
            "Function nobodyKnows",
            "Identifier file",
            "Identifier File (alias f)",
            "ColumnsApplyTransformer",
            "Set",
            "",
        ] {
            assert_ne!(verdict(&["Function plus", line]), "passes", "{line}");
        }
    }

    #[test]
    fn only_what_reads_is_run() {
        let tree = [vec![json!("DropQuery  events (children 1)")]];
        assert!(matches!(
            functions().check(&tree),
            Err(WorkbenchError::NotReading)
        ));
        assert!(matches!(
            functions().check(&[]),
            Err(WorkbenchError::NotReading)
        ));
    }
}
