//! In which order the baskets of a tree stand in its file.

use std::sync::Arc;

use rootlake_io::tree::BasketPlaces;

/// The numbers of a tree's stored baskets, among those of all branches, in the order in which they
/// stand in the file. Trees of one kind mostly share it.
#[derive(Clone, Debug)]
pub(crate) struct Standing(Option<Arc<[u32]>>);

impl Standing {
    /// That of `baskets`; none where two stand at one place.
    pub fn of(baskets: &BasketPlaces) -> Self {
        let numbered = (0..).zip(baskets.all());
        let stored = numbered.filter(|(_, basket)| basket.is_stored());
        let mut stored: Vec<(u64, u32)> = stored
            .map(|(number, basket)| (basket.seek(), number))
            .collect();
        stored.sort_unstable();
        let are_apart = stored.windows(2).all(|pair| match pair {
            [(before, _), (next, _)] => before < next,
            _ => true,
        });
        Self(are_apart.then(|| stored.into_iter().map(|(_, number)| number).collect()))
    }

    /// That of `baskets`, shared with the tree that has `self` where it is the same.
    pub fn shared(&self, baskets: &BasketPlaces) -> Self {
        match &self.0 {
            Some(numbers) if is_order(numbers, baskets) => self.clone(),
            _ => Self::of(baskets),
        }
    }

    /// Whether it is known to be the same as another.
    pub fn is_shared(&self, other: &Self) -> bool {
        let both = self.0.as_ref().zip(other.0.as_ref());
        both.is_some_and(|(own, other)| Arc::ptr_eq(own, other))
    }
}

/// Whether the stored ones of `baskets` are those with these `numbers`, each of which stands behind
/// the one before.
fn is_order(numbers: &[u32], baskets: &BasketPlaces) -> bool {
    let all = baskets.all();
    let stored = all.iter().filter(|basket| basket.is_stored()).count();
    let mut last = None;
    stored == numbers.len()
        && numbers.iter().all(|&number| {
            let basket = all.get(number as usize).filter(|basket| basket.is_stored());
            let seek = basket.map(|basket| basket.seek());
            let is_next = seek.is_some() && last < seek;
            last = seek;
            is_next
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::LocalFiles;
    use crate::support;
    use crate::survey::survey;

    #[test]
    fn trees_whose_baskets_stand_alike_share_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let values: Vec<i32> = (0..100).collect();
        let names = [(100, 10), (95, 10), (100, 7)].map(|(entries, basket)| {
            let path = folder.path().join(format!("{entries} {basket}"));
            support::write(&path, &values[..entries], true, basket, "none");
            path.to_str().unwrap().to_owned()
        });
        let found = survey(&LocalFiles, &names, 1);
        let trees = found.inputs.iter().map(|input| &input.trees[0]);
        let trees: Vec<_> = trees.collect();
        assert!(trees[0].standing.is_shared(&trees[1].standing));
        assert!(!trees[0].standing.is_shared(&trees[2].standing));
        for tree in trees {
            let numbers = tree.standing.0.clone().unwrap().to_vec();
            let is_order = |numbers: &[u32]| is_order(numbers, &tree.baskets);
            assert!(is_order(&numbers) && !is_order(&numbers[1..]));
            let twice = [&numbers[1..2], &numbers[1..]].concat();
            let behind = numbers.iter().map(|number| number + 1).collect::<Vec<_>>();
            let back = numbers.iter().rev().copied().collect::<Vec<_>>();
            assert!(!is_order(&twice) && !is_order(&behind) && !is_order(&back));
        }
    }
}
