//! [`PasswordHasher`] by Argon2id (RFC 9106), stored as PHC strings.
//!
//! A hash costs tens of milliseconds and tens of megabytes on purpose. So that this cannot be used to overload the
//! server, the number of hashes at once and the number of waiting callers are limited (R82): the memory in use is at
//! most the number of permits times the memory of one hash.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may stop at the first surprise"))]

mod gate;

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::{self, phc},
};
use selfsame_domain::{Password, PasswordHash};
use selfsame_ports::{PasswordError, PasswordHasher, Vault, Verdict};

use crate::gate::{Gate, Permit};

const SALT_BYTES: usize = 16;
const TAG_BYTES: usize = 32;

/// Greatest memory of a *stored* hash, in KiB. It may be above the current parameters, which can be lowered while older
/// hashes are still stored; no sane configuration exceeds this.
const STORED_MEMORY_MAX_KIB: u32 = 1024 * 1024;

/// The cost of a hash (R19), and the limits on their number (R82).
#[derive(Clone, Debug)]
pub struct Options {
    /// Memory of one hash, in KiB; at least 8 times `parallelism`.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub iterations: u32,
    /// Lanes. They are computed one after the other, so more lanes are not faster.
    pub parallelism: u32,
    /// Hashes computed at the same time; at least 1.
    pub permits: usize,
    /// Callers that may wait for a permit; further ones get [`PasswordError::Busy`] at once.
    pub queue: usize,
    /// Longest wait for a permit; then [`PasswordError::Busy`].
    pub queue_wait: Duration,
}

/// Why the options cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// The number of permits is zero.
    #[error("at least one password must be hashed at a time")]
    NoPermits,
    /// Argon2 does not accept the parameters.
    #[error("argon2: {0}")]
    Parameters(argon2::Error),
    /// The decoy hash could not be made.
    #[error(transparent)]
    Decoy(#[from] PasswordError),
}

/// The hasher.
pub struct Argon2Hasher {
    argon2: Argon2<'static>,
    gate: Gate,
    vault: Arc<dyn Vault>,
    /// The decoy: the hash to which the password of an unknown user is compared.
    decoy: PasswordHash,
    #[cfg(test)]
    compared: std::sync::Mutex<Vec<Params>>,
}

impl Argon2Hasher {
    /// A hasher with these options. Salts are random bytes from the vault.
    pub fn new(options: &Options, vault: Arc<dyn Vault>) -> Result<Self, OptionsError> {
        if options.permits == 0 {
            return Err(OptionsError::NoPermits);
        }
        let params = Params::new(options.memory_kib, options.iterations, options.parallelism, Some(TAG_BYTES))
            .map_err(OptionsError::Parameters)?;
        Ok(Self {
            decoy: decoy(&params, vault.as_ref()).map_err(internal)?,
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            gate: Gate::new(options.permits, options.queue, options.queue_wait),
            vault,
            #[cfg(test)]
            compared: std::sync::Mutex::default(),
        })
    }

    fn permit(&self) -> Result<Permit<'_>, PasswordError> {
        self.gate.enter().ok_or(PasswordError::Busy)
    }

    /// Whether a hash is weaker than the current parameters.
    fn is_weak(&self, hash: &phc::PasswordHash, params: &Params) -> bool {
        let today = self.argon2.params();
        hash.algorithm != Algorithm::Argon2id.ident()
            || hash.version != Some(Version::V0x13.into())
            || params.m_cost() < today.m_cost()
            || params.t_cost() < today.t_cost()
            || hash.salt.is_none_or(|salt| salt.len() < SALT_BYTES)
            || hash.hash.is_none_or(|tag| tag.len() < TAG_BYTES)
    }
}

impl PasswordHasher for Argon2Hasher {
    fn hash(&self, password: &Password) -> Result<PasswordHash, PasswordError> {
        let _permit = self.permit()?;
        compute(&self.argon2, password.expose().as_bytes(), self.vault.as_ref())
    }

    fn verify(&self, password: &Password, hash: Option<&PasswordHash>) -> Result<Verdict, PasswordError> {
        let stored = phc::PasswordHash::new(hash.unwrap_or(&self.decoy).as_phc())
            .map_err(|error| PasswordError::Internal(error.to_string()))?;
        let params = Params::try_from(&stored).map_err(internal)?;
        if params.m_cost() > STORED_MEMORY_MAX_KIB.max(self.argon2.params().m_cost()) {
            let error = "the stored hash asks for too much memory";
            return Err(PasswordError::Internal(error.to_owned()));
        }
        let _permit = self.permit()?;
        #[cfg(test)]
        self.compared.lock().unwrap().push(params.clone());
        let compared = self.argon2.verify_password(password.expose().as_bytes(), &stored);
        match compared {
            // Even the right secret of the decoy is wrong, because there is no account.
            Ok(()) if hash.is_none() => Ok(Verdict::Wrong),
            Ok(()) if self.is_weak(&stored, &params) => Ok(Verdict::RightButWeak),
            Ok(()) => Ok(Verdict::Right),
            Err(password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
            Err(error) => Err(internal(error)),
        }
    }
}

/// The decoy: the current parameters with a random salt and a random tag, so nobody knows its password. A comparison
/// costs the same as any other; making it costs nothing.
fn decoy(params: &Params, vault: &dyn Vault) -> Result<PasswordHash, password_hash::Error> {
    let (mut salt, mut tag) = ([0; SALT_BYTES], [0; TAG_BYTES]);
    vault.fill_random(&mut salt);
    vault.fill_random(&mut tag);
    let hash = phc::PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: params.try_into()?,
        salt: Some(phc::Salt::new(&salt)?),
        hash: Some(phc::Output::new(&tag)?),
    };
    Ok(PasswordHash::from_phc(hash.to_string()))
}

fn compute(argon2: &Argon2<'_>, secret: &[u8], vault: &dyn Vault) -> Result<PasswordHash, PasswordError> {
    let mut salt = [0; SALT_BYTES];
    vault.fill_random(&mut salt);
    let hash = argon2.hash_password_with_salt(secret, &salt).map_err(internal)?;
    Ok(PasswordHash::from_phc(hash.to_string()))
}

fn internal(error: password_hash::Error) -> PasswordError {
    PasswordError::Internal(error.to_string())
}

#[cfg(test)]
mod tests;
