//! What the port's contract suite cannot know: parameters, the decoy, the queue.

use std::{sync::Mutex, thread};

use selfsame_testing::fakes::TestVault;

use super::*;

const RIGHT: &str = "correct horse battery staple";

fn options() -> Options {
    Options { memory_kib: 64, iterations: 2, parallelism: 1, permits: 1, queue: 3, queue_wait: Duration::from_mins(1) }
}

fn vault() -> Arc<dyn Vault> {
    Arc::new(TestVault::default())
}

fn hasher(options: &Options) -> Argon2Hasher {
    Argon2Hasher::new(options, vault()).unwrap()
}

fn password(text: &str) -> Password {
    Password::new(text)
}

#[test]
fn r19_a_hash_is_argon2id_as_a_phc_string_with_todays_parameters() {
    let hash = hasher(&options()).hash(&password(RIGHT)).unwrap();
    let fields: Vec<_> = hash.as_phc().split('$').collect();
    assert_eq!(fields[1..4], ["argon2id", "v=19", "m=64,t=2,p=1"]);
    assert_eq!(fields[4].len(), 22, "16 bytes of salt");
    assert_eq!(fields[5].len(), 43, "32 bytes of tag");
}

#[test]
fn a_password_is_right_or_wrong_and_salted() {
    let hasher = hasher(&options());
    let hash = hasher.hash(&password(RIGHT)).unwrap();
    let verdict = |text| hasher.verify(&password(text), Some(&hash)).unwrap();
    assert_eq!(verdict(RIGHT), Verdict::Right);
    assert_eq!(verdict("correct horse battery stapl"), Verdict::Wrong);
    assert_eq!(verdict(""), Verdict::Wrong);
    assert_ne!(hash, hasher.hash(&password(RIGHT)).unwrap());
}

#[test]
fn hashes_of_the_reference_implementation_are_understood() {
    // RFC 9106's authors' tool: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32
    let phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ\
               $CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let hash = PasswordHash::from_phc(phc.to_owned());
    let hasher = hasher(&options());
    let verdict = |text| hasher.verify(&password(text), Some(&hash)).unwrap();
    assert_eq!(verdict("password"), Verdict::RightButWeak, "eight bytes of salt are too few");
    assert_eq!(verdict("Password"), Verdict::Wrong);
}

#[test]
fn r19_a_hash_below_todays_parameters_is_right_but_weak() {
    let today = hasher(&options());
    let made_with = |change: &dyn Fn(&mut Options)| {
        let mut options = options();
        change(&mut options);
        let hash = hasher(&options).hash(&password(RIGHT)).unwrap();
        today.verify(&password(RIGHT), Some(&hash)).unwrap()
    };
    assert_eq!(made_with(&|options| options.memory_kib = 32), Verdict::RightButWeak);
    assert_eq!(made_with(&|options| options.iterations = 1), Verdict::RightButWeak);
    assert_eq!(made_with(&|options| options.memory_kib = 128), Verdict::Right);
    assert_eq!(made_with(&|options| options.iterations = 3), Verdict::Right);
}

#[test]
fn r19_another_algorithm_and_an_earlier_version_are_right_but_weak() {
    let params = || hasher(&options()).argon2.params().clone();
    for (algorithm, version) in [(Algorithm::Argon2i, Version::V0x13), (Algorithm::Argon2id, Version::V0x10)] {
        let other = Argon2::new(algorithm, version, params());
        let hash = compute(&other, RIGHT.as_bytes(), vault().as_ref()).unwrap();
        let verdict = hasher(&options()).verify(&password(RIGHT), Some(&hash));
        assert_eq!(verdict, Ok(Verdict::RightButWeak));
    }
}

#[test]
fn r83_an_unknown_user_costs_the_same_hash() {
    let hasher = hasher(&options());
    let hash = hasher.hash(&password(RIGHT)).unwrap();
    assert_eq!(hasher.verify(&password(RIGHT), None), Ok(Verdict::Wrong));
    assert_eq!(hasher.verify(&password("wrong"), Some(&hash)), Ok(Verdict::Wrong));
    let compared = hasher.compared.lock().unwrap();
    assert_eq!(compared.len(), 2);
    assert_eq!(compared[0], compared[1]);
    assert_eq!(&compared[0], hasher.argon2.params());
}

#[test]
fn r83_an_unknown_user_waits_in_the_same_queue() {
    let mut options = options();
    options.queue = 0;
    let hasher = hasher(&options);
    let _permit = hasher.gate.enter().unwrap();
    assert_eq!(hasher.verify(&password(RIGHT), None), Err(PasswordError::Busy));
}

#[test]
fn r83_not_even_the_decoys_own_secret_gets_in() {
    let mut hasher = hasher(&options());
    hasher.decoy = hasher.hash(&password(RIGHT)).unwrap();
    assert_eq!(hasher.verify(&password(RIGHT), None), Ok(Verdict::Wrong));
}

#[test]
fn r82_a_full_queue_answers_busy_while_those_in_it_are_served() {
    let hasher = hasher(&options());
    let hash = hasher.hash(&password(RIGHT)).unwrap();
    let permit = hasher.gate.enter().unwrap();
    let verdicts = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..options().queue {
            scope.spawn(|| {
                let verdict = hasher.verify(&password(RIGHT), Some(&hash));
                verdicts.lock().unwrap().push(verdict);
            });
        }
        while hasher.gate.waiting() < options().queue {
            thread::yield_now();
        }
        assert_eq!(hasher.hash(&password(RIGHT)), Err(PasswordError::Busy));
        assert_eq!(hasher.verify(&password(RIGHT), Some(&hash)), Err(PasswordError::Busy));
        drop(permit);
    });
    assert_eq!(verdicts.into_inner().unwrap(), vec![Ok(Verdict::Right); 3]);
}

#[test]
fn r82_a_wait_beyond_the_limit_answers_busy() {
    let mut options = options();
    options.queue_wait = Duration::from_millis(5);
    let hasher = hasher(&options);
    let _permit = hasher.gate.enter().unwrap();
    assert_eq!(hasher.hash(&password(RIGHT)), Err(PasswordError::Busy));
}

#[test]
fn what_is_no_hash_or_asks_for_too_much_memory_is_an_error_without_the_hash_in_it() {
    let hasher = hasher(&options());
    let tag = "c29tc2FsdHNvbWVzYWx0$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    for phc in [
        String::new(),
        "hunter2hunter2".to_owned(),
        format!("$argon2id$v=19$m=4194304,t=2,p=1${tag}"),
        format!("$scrypt$ln=16,r=8,p=1${tag}"),
    ] {
        let verdict = hasher.verify(&password(RIGHT), Some(&PasswordHash::from_phc(phc.clone())));
        let Err(PasswordError::Internal(error)) = verdict else { unreachable!("{phc}: {verdict:?}") };
        assert!(!error.contains("CTFhFd") && !error.contains("hunter2"), "{error}");
    }
}

#[test]
fn options_that_cannot_work_are_refused() {
    let refused = |change: &dyn Fn(&mut Options)| {
        let mut options = options();
        change(&mut options);
        Argon2Hasher::new(&options, vault()).err()
    };
    assert_eq!(refused(&|options| options.permits = 0), Some(OptionsError::NoPermits));
    let too_little = Some(OptionsError::Parameters(argon2::Error::MemoryTooLittle));
    assert_eq!(refused(&|options| options.memory_kib = 7), too_little);
    assert_eq!(refused(&|options| options.parallelism = 9), too_little);
}
