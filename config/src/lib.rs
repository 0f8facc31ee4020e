//! What an operator writes, as written and as used.

pub mod catalogue;
pub mod settings;
