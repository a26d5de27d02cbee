//! A flag for each of a column's values: selections of objects, cut by cut over whole columns.

/// Flags that cuts on columns narrow, one for each value.
///
/// Each cut is a loop over plain columns without branches, which compilers turn into one over
/// several values at once where the function that calls it is compiled for such a processor; so
/// all of it is inlined there.
#[derive(Debug)]
pub(crate) struct Mask(Vec<bool>);

impl Mask {
    /// Marks the values that pass.
    #[inline(always)]
    pub(crate) fn of<A: Copy>(column: &[A], passes: impl Fn(A) -> bool) -> Self {
        let mut mask = Self(vec![true; column.len()]);
        mask.cut(column, passes);
        mask
    }

    /// Keeps the marks of the values that pass.
    #[inline(always)]
    pub(crate) fn cut<A: Copy>(&mut self, column: &[A], passes: impl Fn(A) -> bool) {
        for (mark, &a) in self.0.iter_mut().zip(column) {
            *mark &= passes(a);
        }
    }

    /// The same of two columns.
    #[inline(always)]
    pub(crate) fn cut2<A: Copy, B: Copy>(
        &mut self,
        (a, b): (&[A], &[B]),
        passes: impl Fn(A, B) -> bool,
    ) {
        for ((mark, &a), &b) in self.0.iter_mut().zip(a).zip(b) {
            *mark &= passes(a, b);
        }
    }

    /// The same of three columns.
    #[inline(always)]
    pub(crate) fn cut3<A: Copy, B: Copy, C: Copy>(
        &mut self,
        (a, b, c): (&[A], &[B], &[C]),
        passes: impl Fn(A, B, C) -> bool,
    ) {
        for (((mark, &a), &b), &c) in self.0.iter_mut().zip(a).zip(b).zip(c) {
            *mark &= passes(a, b, c);
        }
    }

    /// Looks again at marked values that are in doubt; few are.
    pub(crate) fn settle(&mut self, doubts: &Self, passes: impl Fn(u32) -> bool) {
        for ((mark, &doubt), place) in self.0.iter_mut().zip(&doubts.0).zip(0..) {
            if *mark & doubt {
                *mark = passes(place);
            }
        }
    }

    /// The flags.
    pub(crate) fn as_slice(&self) -> &[bool] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_passes_every_cut_stays_marked() {
        let (a, b, c) = (
            [1, 2, 3, 4, 5, 6],
            [1.0, 2.0, 3.0, 3.0, 5.0, 6.0],
            [true, true, false, true, true, true],
        );
        let mut mask = Mask::of(&a, |a| a > 1);
        mask.cut2((&a, &b), |a, b| f64::from(a) == b);
        mask.cut3((&a, &b, &c), |_, _, c| c);
        assert_eq!(mask.as_slice(), [false, true, false, false, true, true]);
        // What is not marked stays so, and what is not doubted is not asked for.
        mask.settle(&Mask::of(&a, |a| a != 6), |place| {
            assert!([1, 4].contains(&place));
            place == 4
        });
        assert_eq!(mask.as_slice(), [false, false, false, false, true, true]);
    }
}
