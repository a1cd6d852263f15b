//! `audit show|verify`, whether the server runs or not.

use std::{sync::Arc, time::Duration};

use diesel::{RunQueryDsl as _, sql_query};
use selfsame_storage_diesel::{DatabaseOptions, DieselStorage};
use selfsame_testing::server::backends;
use serde_json::{Value, json};

use crate::{
    common::{app, expect_success, fresh_email, text},
    places::places,
    shell::{DONE, FAILED, NO_SUCH_USER, Shell},
};

#[test]
fn r79_a_trail_is_shown_page_by_page() {
    for place in places() {
        let (shell, email) = (&place.shell, fresh_email());
        let id = place.user(&email);
        shell.run(&["user", "disable", &id]).expect(DONE);
        let show =
            |more: &[&str]| shell.run(&[&["audit", "show", &email, "--json"], more].concat()).expect(DONE).json();
        let actions = |page: &Value| -> Vec<String> {
            page["records"].as_array().unwrap().iter().map(|record| text(&record["action"])).collect()
        };
        let all = show(&[]);
        assert_eq!(actions(&all), ["user.created", "user.disabled"]);
        assert_eq!(all["next_after"], Value::Null);
        let record = &all["records"][1];
        assert_eq!((&record["place"], &record["actor"]), (&json!(2), &json!("operator")));
        let first = show(&["--limit", "1"]);
        assert_eq!((actions(&first).len(), &first["next_after"]), (1, &json!(1)));
        assert_eq!(actions(&show(&["--after", "1"])), ["user.disabled"]);
        assert_eq!(actions(&show(&["--since", &text(&record["occurred_at"])])).last().unwrap(), "user.disabled");
        assert!(actions(&show(&["--since", "2100-01-01T00:00:00Z"])).is_empty());
        let table = shell.run(&["audit", "show", &id]).expect(DONE).stdout;
        assert!(table.lines().count() == 2 && table.contains("user.disabled"), "{table}");

        shell.run(&["user", "delete", &id, "--yes"]).expect(DONE);
        let deleted = shell.run(&["audit", "show", &id, "--json"]).expect(DONE).json();
        assert_eq!(actions(&deleted).last().unwrap(), "user.deleted");
        assert_eq!(deleted["records"][0]["ip"], Value::Null);
        shell.run(&["audit", "show", "nobody@example.com"]).refused(NO_SUCH_USER, &["no such user"]);
    }
}

#[test]
fn r80_a_receipt_that_a_user_has_kept_is_checked_with_the_trail_of_the_account() {
    for backend in backends() {
        let app = app(backend);
        let shell = Shell::beside(&app.server);
        let ada = app.user();
        let read = app.get("/api/v1/account/activity/2").bearer_auth(&ada.access);
        let receipt = expect_success(read.send().unwrap())["receipt"].clone();
        let verify = |receipt: &Value| shell.run(&["audit", "verify", "--json", "--receipt", &receipt.to_string()]);
        let held = verify(&receipt).expect(DONE).json();
        assert_eq!((&held["receipt"]["holds"], &held["trails"]), (&json!(true), &json!(1)));
        let mut other = receipt.clone();
        other["mac"] = json!("0".repeat(64));
        let refused = verify(&other).expect(FAILED).json();
        assert_eq!(
            refused["receipt"],
            json!({"sequence": 2, "holds": false, "flaw": "another record is in its place"})
        );
        other["account"] = json!("1");
        verify(&other).refused(NO_SUCH_USER, &["no such user"]);
        let text = shell.run(&["audit", "verify", "--receipt", &receipt.to_string()]).expect(DONE).stdout;
        assert!(text.contains("the receipt holds"), "{text}");

        shell.run(&["user", "delete", &ada.id, "--yes"]).expect(DONE);
        assert_eq!(verify(&receipt).expect(DONE).json()["receipt"]["holds"], true, "also after the deletion");
    }
}

#[test]
fn r80_a_trail_that_somebody_has_changed_in_the_database_is_found() {
    for backend in backends() {
        let mut app = app(backend);
        let shell = Shell::beside(&app.server);
        let [ada, grace] = [(); 2].map(|()| app.user());
        let whole = shell.run(&["audit", "verify", "--json"]).expect(DONE).json();
        assert_eq!((&whole["trails"], &whole["broken"]), (&json!(2), &json!([])));
        assert!(whole["records"].as_i64().unwrap() >= 6, "{whole}");
        shell.run(&["audit", "verify", &ada.email]).expect(DONE);

        app.server.terminate();
        app.server.wait_exit(Duration::from_secs(20));
        let tamper = |statement: &str| {
            let storage = DieselStorage::connect(&DatabaseOptions::new(app.server.database_url())).unwrap();
            let statement = sql_query(statement);
            Arc::new(storage).database().write(|connection| statement.execute(connection)).unwrap();
        };
        tamper(&format!("UPDATE users SET audit_sequence = audit_sequence + 1 WHERE id = {}", ada.id));
        let broken = shell.run(&["audit", "verify", "--json"]).expect(FAILED).json();
        let links = broken["broken"].as_array().unwrap();
        assert_eq!((links.len(), &links[0]["user"], &broken["broken_trails"]), (1, &json!(ada.id), &json!(1)));
        assert!(text(&links[0]["flaw"]).contains("does not end"), "{links:?}");
        shell.run(&["audit", "verify", &grace.email]).expect(DONE);
        let said = shell.run(&["audit", "verify", &ada.email]).expect(FAILED).stdout;
        assert!(said.contains(&ada.id) && said.contains("1 trails are broken"), "{said}");
    }
}
