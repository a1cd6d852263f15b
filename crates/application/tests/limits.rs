//! The charges to the rate limiter, over a mock of it.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use common::*;
use selfsame_application::{
    Fault,
    password::request_reset::{RequestPasswordReset, RequestPasswordResetError},
};
use selfsame_ports::{Charge, Exhausted, rate_limits::MockRateLimits};

const EMAIL: &str = "ada@example.com";

fn request_reset(test: &TestCore) -> Result<(), RequestPasswordResetError> {
    RequestPasswordReset { email: EMAIL.into(), context: context() }.execute(&test.core)
}

#[test]
fn the_key_of_a_budget_is_a_mac_of_its_name_in_the_settings_and_of_whose_it_is() {
    let test = TestCore::new();
    let told: Arc<Mutex<Vec<Charge>>> = Arc::default();
    let charges = told.clone();
    let mut limits = MockRateLimits::new();
    limits.expect_take().times(1).returning(move |all, _| {
        charges.lock().unwrap().extend(all);
        Ok(Ok(vec![Duration::ZERO; all.len()]))
    });
    let test = test.over(|ports| ports.rate_limits = Arc::new(limits));
    request_reset(&test).unwrap();
    let charge = |whose: &str, cost, burst| Charge {
        key: test.ports.vault.mac("rate limit", whose.as_bytes()),
        cost,
        capacity: cost * burst,
    };
    let expected = [
        charge("mail_per_ip:192.0.2.1", Duration::from_mins(6), 10),
        charge("reset_per_address:ada@example.com", Duration::from_hours(1), 3),
    ];
    assert_eq!(*told.lock().unwrap(), expected);
}

#[test]
fn a_limit_that_is_reached_is_told_with_its_wait() {
    let test = TestCore::new();
    let wait = Duration::from_secs(7);
    let mut limits = MockRateLimits::new();
    limits.expect_take().returning(move |all, _| Ok(Err(Exhausted { key: all[1].key, wait })));
    let test = test.over(|ports| ports.rate_limits = Arc::new(limits));
    let refused = request_reset(&test).unwrap_err();
    assert_eq!(refused, RequestPasswordResetError::Fault(Fault::Limited(wait)));
}
