//! [`Pictures`] with the image crate (R71-R73): what comes in is decoded within bounds, and a new picture is painted from
//! its pixels. Nothing else of the old file survives: no name, no metadata, no colour profile, no trailing bytes.
//!
//! What comes out is lossless WebP. Against PNG it needs some two fifths fewer bytes for the same photograph-like pixels;
//! it keeps transparency, and every browser of the last years shows it. (Lossy WebP would need libwebp, in C.)
//!
//! | file | idea |
//! |---|---|
//! | `decode.rs` | which kind of picture, how large, its pixels |
//! | `repaint.rs` | pixels to a small new picture |
//! | `turnstile.rs` | no more than so many at once |

#![cfg_attr(test, expect(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly"))]

mod decode;
mod repaint;
mod turnstile;

use std::{
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use selfsame_ports::{PictureError, Pictures, ProcessedPicture};

use self::turnstile::Turnstile;

/// Bounds on decoding. The default is what ships.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureOptions {
    /// Greatest width and height that comes in, in pixels.
    pub max_side: u32,
    /// Greatest width and height that goes out, in pixels.
    pub output_side: u32,
    /// Most memory that a decoder may ask for, in bytes.
    pub max_alloc: u64,
    /// Pictures decoded at once.
    pub permits: usize,
    /// Longest time for one picture, waiting for its turn included.
    pub wait: Duration,
}

impl Default for PictureOptions {
    fn default() -> Self {
        Self { max_side: 4096, output_side: 512, max_alloc: 128 << 20, permits: 2, wait: Duration::from_secs(3) }
    }
}

/// Decodes, bounds and re-encodes pictures.
pub struct ImagePictures {
    options: PictureOptions,
    turnstile: Arc<Turnstile>,
}

impl ImagePictures {
    /// Within `options`.
    pub fn new(options: PictureOptions) -> Self {
        Self { options, turnstile: Arc::new(Turnstile::new(options.permits)) }
    }
}

impl Pictures for ImagePictures {
    /// Each picture has a thread to itself. A decoder cannot be stopped: one that takes too long is left to itself, but
    /// keeps its permit, so that there are never more than so many. One that panics has met a broken picture.
    fn process(&self, bytes: &[u8]) -> Result<ProcessedPicture, PictureError> {
        let deadline = Instant::now() + self.options.wait;
        let kind = decode::kind(bytes)?;
        let permit = Turnstile::enter(&self.turnstile, deadline).ok_or(PictureError::Busy)?;
        let (answer, answered) = mpsc::sync_channel(1);
        let (options, bytes) = (self.options, bytes.to_vec());
        let worker = thread::Builder::new().name("picture".to_owned()).spawn(move || {
            let picture =
                decode::picture(&bytes, kind, &options).and_then(|picture| repaint::repaint(picture, &options));
            drop(permit);
            // An error says that nobody waits any more.
            drop(answer.send(picture));
        });
        worker.map_err(|_| PictureError::Busy)?;
        answered.recv_timeout(deadline.saturating_duration_since(Instant::now())).unwrap_or_else(|error| match error {
            mpsc::RecvTimeoutError::Timeout => Err(PictureError::Busy),
            mpsc::RecvTimeoutError::Disconnected => Err(PictureError::Unsupported),
        })
    }
}

#[cfg(test)]
mod tests;
