//! `/api/v1/me/mfa`.

use serde_json::json;

use crate::testing::TestServer;

const EMAIL: &str = "jane@example.com";
const MFA: &str = "/api/v1/me/mfa";
const REGENERATE: &str = "/api/v1/me/mfa/backup-codes/regenerate";

#[actix_web::test]
async fn the_second_factors_are_shown_without_secrets() {
    let server = TestServer::new().await;
    let none = json!({"mfa_enabled": false, "methods": [], "backup_codes_remaining": 0});
    assert_eq!(server.bearer(EMAIL).get(MFA).await.json(), &none);
    let (jane, _) = server.bearer_with_totp(EMAIL);
    let totp = json!({"mfa_enabled": true, "methods": ["totp"], "backup_codes_remaining": 0});
    assert_eq!(jane.get(MFA).await.json(), &totp);
}

#[actix_web::test]
async fn r30_backup_codes_are_regenerated_by_a_code() {
    let server = TestServer::new().await;
    let without = server.bearer(EMAIL).post(REGENERATE, json!({"code": "123456"})).await;
    assert_eq!(without.detail(), (400, "MFA is not enabled"));
    let (jane, secret) = server.bearer_with_totp(EMAIL);
    let missing = jane.post(REGENERATE, json!({"kode": "123456"})).await;
    assert_eq!(missing.validation_errors(), [("missing", &json!(["body", "code"]), &json!({"kode": "***"}))]);
    assert_eq!(jane.post(REGENERATE, json!({"code": "000000"})).await.detail(), (400, "Invalid code"));
    let code = server.totp_code(&secret);
    let made = jane.post(REGENERATE, json!({"code": code})).await;
    assert_eq!(made.json()["backup_codes"].as_array().unwrap().len(), 10);
    assert_eq!(jane.get(MFA).await.json()["backup_codes_remaining"], 10);
    assert_eq!(jane.post(REGENERATE, json!({"code": code})).await.detail(), (400, "Invalid code"), "r29");
    for _ in 0..3 {
        jane.post(REGENERATE, json!({"code": "000000"})).await;
    }
    let limited = jane.post(REGENERATE, json!({"code": "000000"})).await;
    assert_eq!(limited.detail(), (400, "Too many wrong codes. Try again in 15 minutes"), "r35");
    assert_eq!(limited.header("retry-after"), "900");
}
