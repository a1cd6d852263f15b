//! Responses of RiverGen: `success`, `data` and `message`, or `error`.

use serde_json::{Value, json};

use super::Answer;

impl Answer {
    /// `data` of a success. Checks that the envelope has no other members.
    #[track_caller]
    pub(crate) fn succeeded(&self, status: u16, message: &str) -> &Value {
        assert_eq!(self.status, status, "{}", self.text());
        let data = &self.json()["data"];
        assert_eq!(self.json(), &json!({"success": true, "data": data, "message": message}));
        data
    }

    /// `details` of an error. Checks the members that all errors have.
    #[track_caller]
    pub(crate) fn failed(&self, status: u16, code: &str) -> &Value {
        assert_eq!(self.status, status, "{}", self.text());
        let (message, details) = (&self.json()["message"], &self.json()["error"]["details"]);
        super::text(message);
        assert!(details.is_object(), "{}", self.text());
        let error = json!({"code": code, "message": message, "details": details});
        assert_eq!(self.json(), &json!({"success": false, "error": error, "message": message}));
        details
    }

    /// The fields of a 422.
    #[track_caller]
    pub(crate) fn wrong_fields(&self) -> Vec<&str> {
        let errors = self.failed(422, "VALIDATION_ERROR")["errors"].as_array().unwrap();
        assert!(errors.iter().all(|error| !super::text(&error["reason"]).is_empty()));
        errors.iter().map(|error| super::text(&error["field"])).collect()
    }
}
