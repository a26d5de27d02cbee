//! A flag for each of a column's values: selections of objects, over whole columns.

/// Flags, one for each value of some columns.
///
/// Cuts are loops over plain columns without branches, which compilers turn into ones over several
/// values at once where the function that calls them is compiled for such a processor; so all of it
/// is inlined there.
#[derive(Debug)]
pub(crate) struct Mask(Vec<bool>);

impl Mask {
    /// No mark on any of `values` values.
    pub(crate) fn none(values: usize) -> Self {
        Self(vec![false; values])
    }

    /// Keeps the marks of the values that pass.
    #[inline(always)]
    pub(crate) fn cut<A: Copy>(&mut self, column: &[A], passes: impl Fn(A) -> bool) {
        for (mark, &a) in self.0.iter_mut().zip(column) {
            *mark &= passes(a);
        }
    }

    /// Looks again at the marked values that are in doubt; few are.
    pub(crate) fn settle(&mut self, doubts: &Self, passes: impl Fn(u32) -> bool) {
        let settle = |mark: &mut bool, place| {
            if *mark {
                *mark = passes(place);
            }
        };
        // Eight are passed over at once: the bytes of a word.
        let (runs, marks) = self.0.as_chunks_mut::<8>();
        let (doubted, doubts) = doubts.0.as_chunks::<8>();
        let mut first = 0;
        for (marks, doubts) in runs.iter_mut().zip(doubted) {
            let mut left = u64::from_le_bytes(doubts.map(u8::from));
            while left != 0 {
                let at = left.trailing_zeros() / u8::BITS;
                left &= left - 1;
                if let Some(mark) = marks.get_mut(at as usize) {
                    settle(mark, first + at);
                }
            }
            first += 8;
        }
        for ((mark, &doubt), place) in marks.iter_mut().zip(doubts).zip(first..) {
            if doubt {
                settle(mark, place);
            }
        }
    }

    /// The flags.
    pub(crate) fn as_slice(&self) -> &[bool] {
        &self.0
    }

    /// The flags, to be set.
    pub(crate) fn as_mut_slice(&mut self) -> &mut [bool] {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks `values` values where `of` their places says so.
    fn marked(values: usize, of: impl Fn(usize) -> bool) -> Mask {
        let mut mask = Mask::none(values);
        for (place, mark) in mask.as_mut_slice().iter_mut().enumerate() {
            *mark = of(place);
        }
        mask
    }

    #[test]
    fn only_what_passes_stays_marked() {
        let mut mask = marked(4, |place| place > 0);
        mask.cut(&[7.0, 3.0, 5.0, 6.0], |value| value != 3.0);
        assert_eq!(mask.as_slice(), [false, false, true, true]);
    }

    #[test]
    fn what_is_not_doubted_or_not_marked_is_not_asked_for() {
        let mut mask = marked(100, |place| place != 50);
        let doubts = marked(100, |place| [3, 40, 50, 99].contains(&place));
        mask.settle(&doubts, |place| {
            assert!([3, 40, 99].contains(&place), "{place}");
            place == 40
        });
        for (place, &mark) in mask.as_slice().iter().enumerate() {
            assert_eq!(mark, ![3, 50, 99].contains(&place), "{place}");
        }
    }
}
