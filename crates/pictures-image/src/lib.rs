//! [`Pictures`] with the image crate (R71-R73): a picture is decoded within bounds, its colours are converted to sRGB,
//! and a new one is encoded from its pixels. Nothing else of the old file is kept: no name, no metadata, no colour
//! profile, no trailing bytes.
//!
//! The most memory that a picture takes follows from its headers, whatever its compressed data are. It is reserved in a
//! budget for all pictures before anything is allocated, so [`PictureOptions::max_memory`] bounds them together.
//!
//! The output is lossless WebP. It needs about two fifths fewer bytes than PNG for photographs, keeps transparency, and
//! is supported by all current browsers. (Lossy WebP would need libwebp, in C.)
//!
//! | file | idea |
//! |---|---|
//! | `container/` | sizes, memory and parts of the four kinds of file, without decoding |
//! | `decode.rs` | kind, size and pixels of a picture |
//! | `colour.rs` | from the colours of a profile to sRGB |
//! | `encode.rs` | a small new picture from pixels |
//! | `budget.rs` | limits number and memory of the pictures at once |

#![cfg_attr(test, expect(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly"))]

mod budget;
mod colour;
mod container;
mod decode;
mod encode;

use std::{
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use selfsame_ports::{PictureError, Pictures, ProcessedPicture};

use self::budget::Budget;

/// Bounds on decoding, with the shipped defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureOptions {
    /// Greatest width and height of the input, in pixels.
    pub max_side: u32,
    /// Greatest number of pixels of the input, in millions.
    pub max_megapixels: u32,
    /// Greatest width and height of the output, in pixels.
    pub output_side: u32,
    /// Most memory that all pictures take together, in bytes. One that needs more alone is refused.
    pub max_memory: u64,
    /// Pictures decoded at once, if the memory suffices.
    pub permits: usize,
    /// Longest time for one picture, including the wait for a permit.
    pub wait: Duration,
}

impl Default for PictureOptions {
    fn default() -> Self {
        Self {
            max_side: 16_384,
            max_megapixels: 65,
            output_side: 512,
            max_memory: 256 << 20,
            permits: 2,
            wait: Duration::from_secs(5),
        }
    }
}

/// Decodes, bounds and re-encodes pictures.
pub struct ImagePictures {
    options: PictureOptions,
    budget: Arc<Budget>,
}

impl ImagePictures {
    /// Within `options`.
    pub fn new(options: PictureOptions) -> Self {
        Self { options, budget: Arc::new(Budget::new(options.permits, options.max_memory)) }
    }

    /// Most memory that a picture takes while it is processed, in bytes. [`Pictures::process`] reserves it.
    pub fn memory(&self, bytes: &[u8]) -> Result<u64, PictureError> {
        Ok(decode::accept(bytes, &self.options)?.memory)
    }
}

impl Pictures for ImagePictures {
    /// Each picture has its own thread. A decoder cannot be stopped: after the deadline it runs on, without a waiter,
    /// and keeps its share of the budget. A panic means a broken picture.
    fn process(&self, bytes: &[u8]) -> Result<ProcessedPicture, PictureError> {
        let deadline = Instant::now() + self.options.wait;
        let accepted = decode::accept(bytes, &self.options)?;
        let share = Budget::acquire(&self.budget, accepted.memory, deadline).ok_or(PictureError::Busy)?;
        let (answer, answered) = mpsc::sync_channel(1);
        let (options, bytes) = (self.options, bytes.to_vec());
        let worker = thread::Builder::new().name("picture".to_owned()).spawn(move || {
            let picture = accepted.decode(bytes).and_then(|picture| encode::shrink_and_encode(picture, &options));
            drop(share);
            // An error means that the waiter has left.
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
