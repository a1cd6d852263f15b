//! Responses of the Profile API: FastAPI's errors.

use serde_json::{Value, json};

use super::Answer;

impl Answer {
    /// Status and text of an error without a list.
    #[track_caller]
    pub(crate) fn detail(&self) -> (u16, &str) {
        let detail = &self.json()["detail"];
        assert_eq!(self.json(), &json!({ "detail": detail }));
        (self.status, detail.as_str().unwrap())
    }

    /// The type, place and `input` of each validation error.
    #[track_caller]
    pub(crate) fn validation_errors(&self) -> Vec<(&str, &Value, &Value)> {
        assert_eq!(self.status, 422, "{}", self.text());
        let errors = self.json()["detail"].as_array().unwrap().iter();
        errors.map(|error| (error["type"].as_str().unwrap(), &error["loc"], &error["input"])).collect()
    }
}
