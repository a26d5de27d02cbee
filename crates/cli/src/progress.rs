//! Progress bars on standard error, where that is a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that shows how far a job is.
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar for `job`, of bytes where they are counted; nothing is drawn but on a terminal.
    pub fn new(job: &str, in_bytes: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        let template = if in_bytes {
            "{msg:24} {bar:32} {bytes:>10} {binary_bytes_per_sec:>12} {eta:>4}"
        } else {
            "{msg:24} {bar:32} {pos:>7}/{len:7} {per_sec:>12} {eta:>4}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(job.to_owned());
        Self(bar)
    }

    /// Work done, and all there is; 0 where that is not known.
    pub fn set(&self, done: u64, all: u64) {
        if all > 0 {
            self.0.set_length(all);
        }
        self.0.set_position(done);
    }

    /// Says anew what the job is at.
    pub fn say(&self, job: &str) {
        self.0.set_message(job.to_owned());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
