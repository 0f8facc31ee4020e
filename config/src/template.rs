//! URL templates (skeleton).
/// A template.
#[derive(Debug)]
pub struct Template(());
