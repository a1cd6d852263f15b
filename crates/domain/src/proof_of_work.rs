//! A proof of work, as the Cap widget solves it (github.com/tiagozip/cap): for each of several salts a number whose hash
//! with the salt begins with a target. Salts and targets follow from the token of the challenge.

use sha2::{Digest as _, Sha256};

/// How much work a challenge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difficulty {
    /// Number of salts.
    pub count: usize,
    /// Hex digits of a salt.
    pub salt_length: usize,
    /// Hex digits of a target.
    pub target_length: usize,
}

impl Difficulty {
    /// About half a million hashes: a fraction of a second with WebAssembly, a few seconds without.
    pub const SHIPPED: Self = Self { count: 8, salt_length: 32, target_length: 4 };

    /// Whether these are the solutions of the challenge with this token.
    pub fn is_solved(&self, token: &str, solutions: &[u64]) -> bool {
        let solves = |(place, solution): (usize, &u64)| {
            let (salt, target) = self.salt_and_target(token, place + 1);
            hash(&salt, *solution).starts_with(&target)
        };
        solutions.len() == self.count && solutions.iter().enumerate().all(solves)
    }

    /// The smallest solutions, for tests and for clients without a browser.
    pub fn solve(&self, token: &str) -> Vec<u64> {
        let smallest = |place| {
            let (salt, target) = self.salt_and_target(token, place);
            (0..u64::MAX).find(|number| hash(&salt, *number).starts_with(&target)).unwrap_or_default()
        };
        (1..=self.count).map(smallest).collect()
    }

    fn salt_and_target(&self, token: &str, place: usize) -> (String, String) {
        let salt = pseudo_random(&format!("{token}{place}"), self.salt_length);
        (salt, pseudo_random(&format!("{token}{place}d"), self.target_length))
    }
}

/// The first 16 hex digits of the hash.
fn hash(salt: &str, number: u64) -> String {
    let digest = Sha256::digest(format!("{salt}{number}"));
    let head: [u8; 8] = std::array::from_fn(|place| digest[place]);
    format!("{:016x}", u64::from_be_bytes(head))
}

/// Hex digits of a xorshift generator of 32 bits, seeded by FNV-1a. They need not be secret.
fn pseudo_random(seed: &str, length: usize) -> String {
    let mut state =
        seed.bytes().fold(2_166_136_261_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
    let mut digits = String::new();
    while digits.len() < length {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        digits = format!("{digits}{state:08x}");
    }
    digits.truncate(length);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    const EASY: Difficulty = Difficulty { count: 3, salt_length: 32, target_length: 2 };

    #[test]
    fn digits_are_those_of_the_widget() {
        // Computed by the function `prng` of @cap.js/widget 0.1.57.
        assert_eq!(pseudo_random("token1", 32), "8539570754e5fd8b81c9ec01357bd685");
        assert_eq!(pseudo_random("token1d", 4), "4bb7");
    }

    #[test]
    fn only_right_solutions_in_order_and_number_solve_a_challenge() {
        let solutions = EASY.solve("token");
        assert!(EASY.is_solved("token", &solutions));
        assert!(!EASY.is_solved("other", &solutions));
        let mut wrong = solutions.clone();
        wrong.swap(0, 2);
        assert!(!EASY.is_solved("token", &wrong));
        assert!(!EASY.is_solved("token", &solutions[..2]));
        assert!(!EASY.is_solved("token", &[]));
        assert!(!EASY.is_solved("token", &[&solutions[..], &[0]].concat()));
    }
}
