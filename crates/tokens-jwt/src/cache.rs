//! A cache of verified tokens.
//!
//! A client sends the same token with every request for minutes, and the check of its signature costs about 100 us,
//! several times the rest of a read. The cache stores the claims under the SHA-256 of the whole token, so a hit means
//! that every byte was checked before. Expiry is checked at each use, and the caller reads from the database whether
//! the sign-in is live, so revocation is not delayed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

type Fingerprint = [u8; 32];

/// A bounded map in two generations. When the new one is full it becomes the old one, and the old one is dropped. An
/// entry that is used moves to the new one, so no order of uses has to be kept.
pub(crate) struct Cache<T> {
    generations: Mutex<Generations<T>>,
    /// Capacity of one generation.
    capacity: usize,
}

struct Generations<T> {
    young: HashMap<Fingerprint, Arc<T>>,
    old: HashMap<Fingerprint, Arc<T>>,
}

impl<T> Cache<T> {
    /// A cache of at most `capacity` entries.
    pub(crate) fn new(capacity: usize) -> Self {
        let generations = Generations { young: HashMap::new(), old: HashMap::new() };
        Self { generations: Mutex::new(generations), capacity: capacity / 2 }
    }

    pub(crate) fn get(&self, key: &Fingerprint) -> Option<Arc<T>> {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = generations.young.get(key) {
            return Some(Arc::clone(found));
        }
        let found = generations.old.remove(key)?;
        generations.insert(*key, Arc::clone(&found), self.capacity);
        Some(found)
    }

    pub(crate) fn put(&self, key: Fingerprint, value: Arc<T>) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        generations.insert(key, value, self.capacity);
    }
}

impl<T> Generations<T> {
    fn insert(&mut self, key: Fingerprint, value: Arc<T>, capacity: usize) {
        if self.young.len() >= capacity {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u8) -> Fingerprint {
        [number; 32]
    }

    #[test]
    fn it_never_holds_more_than_it_may_and_forgets_what_is_not_used() {
        let cache = Cache::new(8);
        for number in 0..100 {
            cache.put(key(number), Arc::new(number));
            let generations = cache.generations.lock().unwrap();
            assert!(generations.young.len() + generations.old.len() <= 8);
        }
        assert_eq!(cache.get(&key(99)).as_deref(), Some(&99));
        assert_eq!(cache.get(&key(0)), None);
    }

    #[test]
    fn what_is_used_stays() {
        let cache = Cache::new(8);
        cache.put(key(0), Arc::new(0));
        for number in 1..100 {
            cache.put(key(number), Arc::new(number));
            assert_eq!(cache.get(&key(0)).as_deref(), Some(&0), "after {number}");
        }
    }
}
