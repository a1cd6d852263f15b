//! Responses of the account contract: problem details.

use super::Answer;

impl Answer {
    /// Status and last part of the type of a problem. Checks the members that all problems have.
    #[track_caller]
    pub(crate) fn problem(&self) -> (u16, &str) {
        let problem = self.json();
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], self.status);
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        assert!(problem["title"].is_string() && problem["detail"].is_string(), "{problem}");
        (self.status, problem["type"].as_str().unwrap().rsplit_once(':').unwrap().1)
    }

    /// The pointer and rule of each error of a body.
    #[track_caller]
    pub(crate) fn broken_rules(&self) -> Vec<(&str, &str)> {
        assert_eq!(self.problem(), (422, "invalid"));
        let errors = self.json()["errors"].as_array().unwrap().iter();
        errors.map(|error| (error["pointer"].as_str().unwrap(), error["rule"].as_str().unwrap())).collect()
    }
}
