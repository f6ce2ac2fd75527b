//! Changes as they are written: JSON texts.

use crate::document::open::{self, Format};
use crate::layer::{LayerKind, Origin};
use crate::path::FieldPath;
use crate::report::{Finding, Report, Severity};
use crate::value::Value;

impl Value {
    /// Reads JSON, with comments allowed.
    ///
    /// # Errors
    /// Everything that is wrong with the text.
    pub fn from_json(name: &str, text: &str) -> Result<Self, Report> {
        let mut faults = Vec::new();
        let document = open::parse_text(Format::Json, name.to_owned().into(), text.to_owned(), &mut faults);
        if faults.is_empty() {
            return Ok(Self::of_document(&document));
        }
        let mut report = Report::new();
        for fault in faults {
            let (line, column) = document.position(fault.span.start);
            let mut finding = Finding::new(Severity::Error, fault.code, FieldPath::ROOT, fault.message);
            finding.origin = Some(Origin::new(LayerKind::File, format!("{name}:{line}:{column}")));
            report.push(finding);
        }
        Err(report)
    }
}
