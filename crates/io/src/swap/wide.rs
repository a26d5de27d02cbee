//! What plain Rust has no word for: loops compiled twice, for every processor, and for those with
//! registers of 32 bytes and instructions that shuffle bytes, which the loops here are mostly made
//! of; and memory asked for ahead.

/// A loop worth compiling for wide registers. All that it calls must be inlined, or it is left
/// out of that.
pub(crate) trait Kernel {
    /// What comes out.
    type Output;

    /// Runs it: with `#[inline(always)]`.
    fn run(self) -> Self::Output;
}

/// Runs `kernel` as it is compiled for this processor.
#[cfg(target_arch = "x86_64")]
pub(crate) fn run<K: Kernel>(kernel: K) -> K::Output {
    #[target_feature(enable = "avx2,bmi1,bmi2,movbe")]
    fn wide<K: Kernel>(kernel: K) -> K::Output {
        kernel.run()
    }
    let is_wide = is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("movbe");
    if !is_wide {
        return kernel.run();
    }
    #[allow(unsafe_code, reason = "no type tells what the processor has")]
    // SAFETY: `wide` is safe code that needs nothing but the four features just detected.
    unsafe {
        wide(kernel)
    }
}

/// Runs `kernel`: other processors have one width.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn run<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

/// Asks for `bytes` to be in the nearest cache by the time they are looked at.
#[inline(always)]
#[cfg(target_arch = "x86_64")]
pub(crate) fn prefetch(bytes: &[u8]) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    /// The bytes that come at once.
    const LINE: usize = 64;
    for line in bytes.chunks(LINE) {
        #[allow(unsafe_code, reason = "it takes a pointer")]
        // SAFETY: the pointer is that of a slice, and to ask for memory changes nothing.
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast());
        }
    }
}

/// Asks for `bytes`: other processors look ahead by themselves.
#[inline(always)]
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn prefetch(_: &[u8]) {}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sum<'a>(&'a [u8]);

    impl Kernel for Sum<'_> {
        type Output = u64;

        #[inline(always)]
        fn run(self) -> u64 {
            self.0.iter().map(|&byte| u64::from(byte)).sum()
        }
    }

    #[test]
    fn a_kernel_gives_the_same_at_every_width() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1000).collect();
        for length in [0, 1, 31, 32, 33, 1000] {
            let expected = Sum(&bytes[..length]).run();
            assert_eq!(run(Sum(&bytes[..length])), expected);
        }
    }
}
