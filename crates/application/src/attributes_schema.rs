//! The operator's JSON Schema of the attributes.

use selfsame_domain::{Attributes, Claim, Rule, Violations};
use serde_json::Value;

/// The schema: the document, which clients read, and what checks attributes by it. References to other documents are
/// refused and never fetched.
#[derive(Debug)]
pub struct AttributesSchema {
    document: Value,
    validator: jsonschema::Validator,
}

impl AttributesSchema {
    /// Compiles a schema. The error says what is wrong with it.
    pub fn new(document: Value) -> Result<Self, String> {
        let validator = jsonschema::validator_for(&document).map_err(|error| error.to_string())?;
        Ok(Self { document, validator })
    }

    /// The schema as the operator wrote it.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Checks attributes; returns every violation.
    pub(crate) fn check(&self, attributes: &Attributes) -> Result<(), Violations> {
        let instance = Value::Object(attributes.0.clone());
        let mut violations = Violations::default();
        for error in self.validator.iter_errors(&instance) {
            let rule = Rule::Schema { pointer: error.instance_path().to_string(), message: error.to_string() };
            violations.push(Claim::Attributes, rule);
        }
        violations.into_result()
    }
}
