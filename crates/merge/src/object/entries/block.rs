//! A run of 64 000 entries, those of which that passed (`TEntryListBlock`).

use rootlake_io::column::Values;
use rootlake_io::object::{Object, Value};

/// How many words of bits there are (`TEntryListBlock::kBlockSize`), and the number of entries from
/// which on bits take no more room than a list.
const WORDS: usize = 4000;
/// How many entries there are.
const ENTRIES: usize = 16 * WORDS;
/// With more entries than this, those are listed that did not pass.
const MOST: usize = 15 * WORDS;

/// The entries of a block, and how they are kept.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    /// For each entry, whether it passed.
    passed: Vec<bool>,
    /// How many did.
    count: usize,
    kept: Kept,
}

/// How the entries of a block are kept (`fType`, `fPassing`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// In no way: none passed.
    None,
    /// As a bit for each.
    Bits,
    /// As the numbers of those that passed.
    Passed,
    /// As the numbers of those that did not.
    Failed,
}

impl Block {
    /// The entries that `block` keeps.
    ///
    /// # Errors
    /// In words, when it is no such block.
    pub fn of(block: &Object) -> Result<Self, String> {
        let int = |name: &str| block.int(name).map_err(|error| error.to_string());
        let Values::U16(numbers) = block.array("fIndices").map_err(|error| error.to_string())?
        else {
            return Err("its entries have no 16 bits".to_owned());
        };
        let kept = match (int("fType")?, int("fPassing")? != 0) {
            (0, _) => Kept::Bits,
            (-1, _) => Kept::None,
            (1, true) => Kept::Passed,
            (1, false) => Kept::Failed,
            (other, _) => return Err(format!("it keeps entries in an unknown way, {other}")),
        };
        let mut passed = vec![kept == Kept::Failed; ENTRIES];
        match kept {
            Kept::None => {}
            Kept::Bits => {
                for (entries, word) in passed.chunks_mut(16).zip(numbers) {
                    for (bit, passed) in entries.iter_mut().enumerate() {
                        *passed = word >> bit & 1 == 1;
                    }
                }
            }
            Kept::Passed | Kept::Failed => {
                for &number in numbers {
                    let place = passed.get_mut(usize::from(number));
                    *place.ok_or_else(|| format!("entry {number} is in no block"))? =
                        kept == Kept::Passed;
                }
            }
        }
        let count = passed.iter().filter(|passed| **passed).count();
        Ok(Self {
            passed,
            count,
            kept,
        })
    }

    /// How many entries passed.
    pub fn passing(&self) -> i64 {
        i64::try_from(self.count).unwrap_or(i64::MAX)
    }

    /// Adds the entries that passed in `other`; keeps them all in the way that takes the least room
    /// (`TEntryListBlock::Merge`, `OptimizeStorage`).
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = other.clone();
            return;
        }
        // A list goes on being one while both together have no more numbers than there are words.
        let stays = self.kept == Kept::Passed && self.count + other.count <= WORDS;
        for (own, other) in self.passed.iter_mut().zip(&other.passed) {
            *own |= other;
        }
        self.count = self.passed.iter().filter(|passed| **passed).count();
        self.kept = match self.count {
            count if stays || count < WORDS => Kept::Passed,
            count if count > MOST => Kept::Failed,
            _ => Kept::Bits,
        };
    }

    /// Writes the entries into `block`.
    ///
    /// # Errors
    /// In words, when it is no such block.
    pub fn put(&self, block: &mut Object) -> Result<(), String> {
        let numbers: Vec<u16> = match self.kept {
            Kept::None => Vec::new(),
            Kept::Bits => {
                let words = self.passed.chunks(16).map(|entries| {
                    let bits = entries.iter().enumerate();
                    bits.fold(0, |word, (bit, passed)| word | u16::from(*passed) << bit)
                });
                words.collect()
            }
            Kept::Passed | Kept::Failed => {
                let entries = (0..).zip(&self.passed);
                let listed = entries.filter(|(_, passed)| **passed == (self.kept == Kept::Passed));
                listed.map(|(entry, _)| entry).collect()
            }
        };
        let listed = match self.kept {
            Kept::Failed => numbers.len(),
            _ => self.count,
        };
        let size = match self.kept {
            Kept::None => WORDS,
            _ => numbers.len(),
        };
        let kind = match self.kept {
            Kept::None => -1,
            Kept::Bits => 0,
            Kept::Passed | Kept::Failed => 1,
        };
        let count = |count: usize| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
        for (name, value) in [
            ("fNPassed", count(listed)),
            ("fN", count(size)),
            ("fIndices", Value::Array(Values::U16(numbers))),
            ("fType", Value::Int(kind)),
            ("fPassing", Value::Int((self.kept != Kept::Failed).into())),
        ] {
            block.set(name, value).map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(entries: impl IntoIterator<Item = usize>, kept: Kept) -> Block {
        let mut passed = vec![false; ENTRIES];
        entries.into_iter().for_each(|entry| passed[entry] = true);
        let count = passed.iter().filter(|passed| **passed).count();
        Block {
            passed,
            count,
            kept,
        }
    }

    /// What `a` and `b` are together.
    fn together(a: &Block, b: &Block) -> (usize, Kept) {
        let mut sum = a.clone();
        sum.merge(b);
        let expected = a.passed.iter().zip(&b.passed).map(|(a, b)| *a || *b);
        assert!(sum.passed.iter().copied().eq(expected));
        (sum.count, sum.kept)
    }

    #[test]
    fn entries_are_kept_in_the_way_that_takes_the_least_room() {
        let few = |entries: std::ops::Range<usize>| block(entries, Kept::Passed);
        let bits = |entries: std::ops::Range<usize>| block(entries, Kept::Bits);
        let none = block([], Kept::None);
        assert_eq!(together(&none, &bits(0..9)), (9, Kept::Bits));
        assert_eq!(together(&bits(0..9), &none), (9, Kept::Bits));
        assert_eq!(together(&few(0..9), &few(5..12)), (12, Kept::Passed));
        assert_eq!(together(&bits(0..9), &few(5..12)), (12, Kept::Passed));
        assert_eq!(
            together(&few(0..2000), &few(2000..4000)),
            (4000, Kept::Passed)
        );
        assert_eq!(
            together(&bits(0..2000), &few(2000..4000)),
            (4000, Kept::Bits)
        );
        assert_eq!(
            together(&few(0..2001), &few(2000..4000)),
            (4000, Kept::Bits)
        );
        let most = block(5..ENTRIES, Kept::Failed);
        assert_eq!(together(&most, &few(0..3)), (ENTRIES - 2, Kept::Failed));
        assert_eq!(
            together(&bits(0..30_000), &bits(29_000..60_001)),
            (60_001, Kept::Failed)
        );
    }
}
