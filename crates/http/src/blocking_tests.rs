//! Tests of the lanes: load, panics, deadlines, cancelled requests.

use std::{sync::mpsc, thread};

use futures_util::future::join_all;
use tokio::sync::oneshot;

use super::*;

fn narrow(queue: usize, wait: Duration) -> Lanes {
    let width = LaneWidth { threads: 1, queue, wait };
    Lanes::new(LaneOptions { password: width, picture: width, ..LaneOptions::default() }).unwrap()
}

type Running = tokio::task::JoinHandle<Result<(), LaneError>>;

/// Occupies the one thread of the password lane until the sender is dropped.
async fn occupy(lanes: &Arc<Lanes>) -> (mpsc::Sender<()>, Running) {
    let (release, held) = mpsc::channel::<()>();
    let (begun, has_begun) = oneshot::channel();
    let lanes = Arc::clone(lanes);
    let job = move || {
        begun.send(()).unwrap();
        held.recv().unwrap_err();
    };
    let running = actix_web::rt::spawn(async move { lanes.run(Lane::Password, job).await });
    has_begun.await.unwrap();
    (release, running)
}

#[actix_web::test]
async fn every_lane_answers_what_the_job_answers() {
    let lanes = Lanes::new(LaneOptions::default()).unwrap();
    for lane in [Lane::Database, Lane::Writing, Lane::Reading, Lane::Password, Lane::Picture] {
        assert_eq!(lanes.run(lane, || 42).await, Ok(42));
    }
}

#[actix_web::test]
async fn r98_a_panic_is_an_error_and_the_lane_lives_on() {
    let lanes = narrow(1, Duration::from_secs(2));
    for lane in [Lane::Database, Lane::Reading, Lane::Password] {
        let panicked: Result<(), _> = lanes.run(lane, || panic!("on purpose")).await;
        assert_eq!(panicked, Err(LaneError::Panicked));
        assert_eq!(lanes.run(lane, || 1).await, Ok(1));
    }
}

#[actix_web::test]
async fn r85_a_job_that_takes_too_long_is_not_waited_for() {
    let lanes = Lanes::new(LaneOptions { deadline: Duration::from_millis(20), ..LaneOptions::default() }).unwrap();
    let late = lanes.run(Lane::Database, || thread::sleep(Duration::from_millis(300))).await;
    assert_eq!(late, Err(LaneError::TimedOut));
}

#[actix_web::test]
async fn r82_a_full_queue_refuses_at_once_and_other_lanes_go_on() {
    let lanes = Arc::new(narrow(1, Duration::from_secs(5)));
    let (release, first) = occupy(&lanes).await;
    let second = {
        let lanes = Arc::clone(&lanes);
        actix_web::rt::spawn(async move { lanes.run(Lane::Password, || "second").await })
    };
    tokio::task::yield_now().await;

    assert_eq!(lanes.run(Lane::Password, || "third").await, Err(LaneError::Overloaded));
    assert_eq!(lanes.run(Lane::Picture, || "picture").await, Ok("picture"));
    assert_eq!(lanes.run(Lane::Database, || "profile").await, Ok("profile"));

    drop(release);
    assert_eq!(first.await.unwrap(), Ok(()));
    assert_eq!(second.await.unwrap(), Ok("second"));
    assert_eq!(lanes.run(Lane::Password, || "again").await, Ok("again"));
}

#[actix_web::test]
async fn a_job_that_waited_too_long_is_never_begun() {
    let lanes = Arc::new(narrow(4, Duration::from_millis(20)));
    let (release, first) = occupy(&lanes).await;
    let (begun, has_begun) = mpsc::channel();
    let late = {
        let lanes = Arc::clone(&lanes);
        actix_web::rt::spawn(async move { lanes.run(Lane::Password, move || begun.send(()).unwrap()).await })
    };
    tokio::time::sleep(Duration::from_millis(60)).await;
    drop(release);
    assert_eq!(first.await.unwrap(), Ok(()));
    assert_eq!(late.await.unwrap(), Err(LaneError::Overloaded));
    has_begun.try_recv().unwrap_err();
}

#[actix_web::test]
async fn a_job_whose_caller_went_away_is_never_begun() {
    let lanes = Arc::new(narrow(4, Duration::from_secs(5)));
    let (release, first) = occupy(&lanes).await;
    let (begun, has_begun) = mpsc::channel();
    let abandoned =
        tokio::time::timeout(Duration::from_millis(20), lanes.run(Lane::Password, move || begun.send(()).unwrap()));
    abandoned.await.unwrap_err();
    drop(release);
    first.await.unwrap().unwrap();
    assert_eq!(lanes.run(Lane::Password, || "next").await, Ok("next"));
    has_begun.try_recv().unwrap_err();
}

#[actix_web::test]
async fn a_place_in_the_queue_is_free_again_whatever_became_of_the_job() {
    let lanes = narrow(0, Duration::from_secs(2));
    for _ in 0..3 {
        let jobs = (0..5).map(|_| lanes.run(Lane::Password, || thread::sleep(Duration::from_millis(5))));
        let answers = join_all(jobs).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    }
}

#[actix_web::test]
async fn r91_a_job_that_waits_for_a_stuck_thread_is_answered_in_time() {
    let wait = Duration::from_millis(50);
    let lanes = Lanes::new(LaneOptions { database_wait: wait, database_threads: 1, ..LaneOptions::default() }).unwrap();
    let (release, held) = mpsc::channel::<()>();
    let stuck = lanes.run(Lane::Database, move || held.recv().unwrap_err());
    let later = async {
        tokio::task::yield_now().await;
        let asked = Instant::now();
        assert_eq!(lanes.run(Lane::Database, || ()).await, Err(LaneError::Overloaded));
        assert!(asked.elapsed() < wait * 10, "{:?}", asked.elapsed());
        assert_eq!(lanes.run(Lane::Reading, || "read").await, Ok("read"), "a reader does not queue behind it");
        drop(release);
    };
    futures_util::future::join(stuck, later).await.0.unwrap();
}

#[actix_web::test]
async fn r91_threads_that_are_stuck_after_the_deadline_are_replaced() {
    let (wait, deadline) = (Duration::from_millis(500), Duration::from_millis(250));
    let width = LaneWidth { threads: 1, queue: 4, wait };
    let options = LaneOptions { database_wait: wait, database_threads: 1, password: width, picture: width, deadline };
    let lanes = Lanes::new(options).unwrap();
    for lane in [Lane::Database, Lane::Reading, Lane::Password] {
        let mut stuck = Vec::new();
        for _ in 0..SPARE_THREADS {
            let (release, held) = mpsc::channel::<()>();
            stuck.push(release);
            let answer = lanes.run(lane, move || held.recv().unwrap_err()).await;
            assert_eq!(answer.unwrap_err(), LaneError::TimedOut);
            assert_eq!(lanes.run(lane, || 1).await, Ok(1), "{lane:?}");
        }
        let (release, held) = mpsc::channel::<()>();
        assert_eq!(lanes.run(lane, move || held.recv().unwrap_err()).await.unwrap_err(), LaneError::TimedOut);
        assert_eq!(lanes.run(lane, || 1).await, Err(LaneError::Overloaded), "no more spare ones");
        drop((stuck, release));
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(lanes.run(lane, || 1).await, Ok(1), "the stuck ones have ended");
    }
}

#[actix_web::test]
async fn a_client_that_goes_away_leaves_no_task_when_its_job_has_ended() {
    let lanes = Arc::new(narrow(4, Duration::from_secs(5)));
    let before = Handle::current().metrics().num_alive_tasks();
    let (release, running) = occupy(&lanes).await;
    running.abort();
    running.await.unwrap_err();
    drop(release);
    // Much earlier than the deadline of the lanes.
    let until = Instant::now() + Duration::from_secs(5);
    while Handle::current().metrics().num_alive_tasks() > before && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(Handle::current().metrics().num_alive_tasks() <= before);
}
