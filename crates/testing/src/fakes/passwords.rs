//! A password hasher that costs nothing.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use selfsame_domain::{Password, PasswordHash};
use selfsame_ports::{PasswordError, PasswordHasher, Verdict};

/// "Hashes" are `$plain$v=<strength>$<salt>$<password in base64>`.
pub struct PlainPasswords {
    strength: u32,
    salts: AtomicUsize,
    verified: AtomicUsize,
    is_busy: AtomicBool,
}

impl PlainPasswords {
    /// A hasher of today's strength.
    pub fn new() -> Self {
        Self::of_strength(2)
    }

    /// A hasher of yesterday's: what it hashes is right but weak today.
    pub fn weaker() -> Self {
        Self::of_strength(1)
    }

    fn of_strength(strength: u32) -> Self {
        Self { strength, salts: AtomicUsize::new(0), verified: AtomicUsize::new(0), is_busy: AtomicBool::new(false) }
    }

    /// How often a password was compared, those without a hash included: time that a caller could measure (R83).
    pub fn verifications(&self) -> usize {
        self.verified.load(Ordering::Relaxed)
    }

    /// From now on the queue is full, or is not.
    pub fn set_busy(&self, is_busy: bool) {
        self.is_busy.store(is_busy, Ordering::Relaxed);
    }

    fn admitted(&self) -> Result<(), PasswordError> {
        if self.is_busy.load(Ordering::Relaxed) {
            return Err(PasswordError::Busy);
        }
        Ok(())
    }
}

impl Default for PlainPasswords {
    fn default() -> Self {
        Self::new()
    }
}

/// The strength and the password of a "hash".
fn read(hash: &PasswordHash) -> Option<(u32, String)> {
    let mut fields = hash.as_phc().strip_prefix("$plain$v=")?.split('$');
    let [strength, _salt, password] = [fields.next()?, fields.next()?, fields.next()?];
    let password = String::from_utf8(BASE64.decode(password).ok()?).ok()?;
    Some((strength.parse().ok()?, password))
}

impl PasswordHasher for PlainPasswords {
    fn hash(&self, password: &Password) -> Result<PasswordHash, PasswordError> {
        self.admitted()?;
        let salt = self.salts.fetch_add(1, Ordering::Relaxed);
        let phc = format!("$plain$v={}${salt}${}", self.strength, BASE64.encode(password.expose()));
        Ok(PasswordHash::from_phc(phc))
    }

    fn verify(&self, password: &Password, hash: Option<&PasswordHash>) -> Result<Verdict, PasswordError> {
        self.admitted()?;
        self.verified.fetch_add(1, Ordering::Relaxed);
        let Some(hash) = hash else {
            return Ok(Verdict::Wrong);
        };
        match read(hash) {
            None => Err(PasswordError::Internal("not a $plain$ hash".to_owned())),
            Some((_, stored)) if stored != password.expose() => Ok(Verdict::Wrong),
            Some((strength, _)) if strength < self.strength => Ok(Verdict::RightButWeak),
            Some(_) => Ok(Verdict::Right),
        }
    }
}
