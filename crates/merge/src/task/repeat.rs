//! Baskets that stand in the output several times, each time as they are: read and checked once.

use super::Work;
use crate::output::share;
use crate::request::{Order, Request};
use crate::survey::input::Input;

/// Where all copies stand.
#[derive(Debug)]
pub(crate) struct Repeats {
    /// For each unit, where its baskets begin, in bytes behind the first of all.
    starts: Vec<u64>,
    /// For each list, the units that have it, in order: the first leads.
    units: Vec<Vec<usize>>,
    /// For each list, where each basket stands in the unit, and where the last one ends.
    offsets: Vec<Vec<u64>>,
    leads: Vec<bool>,
    /// What is left free, so that copies can share blocks: where, in bytes behind the first basket
    /// of all, and how much.
    pub gaps: Vec<(u64, u64)>,
}

impl Repeats {
    /// Where all copies of `work` stand; none where no basket is repeated, or where its place
    /// cannot be known before those before it are made. Copies begin so that they can share blocks
    /// of `block` bytes, where there are such.
    pub fn find(
        work: &Work<'_>,
        inputs: &[Input],
        request: &Request,
        block: Option<u64>,
    ) -> Option<Self> {
        let is_plain = request.compress.is_none()
            && request.vary.is_empty()
            && request.recluster.is_none()
            && request.order != Order::Branch
            && work.lists.len() < work.units.len();
        let copied = |unit| {
            let part = work.part(unit, inputs);
            let narrow = part.is_some_and(|(tree, _)| tree.narrow && work.widen);
            let lacks = part.is_none_or(|(_, map)| map.contains(&None));
            !narrow && !lacks && unit.weight.embedded == 0
        };
        if !is_plain || !work.units.iter().all(copied) {
            return None;
        }
        let mut repeats = Self {
            starts: Vec::with_capacity(work.units.len()),
            units: vec![Vec::new(); work.lists.len()],
            offsets: vec![Vec::new(); work.lists.len()],
            leads: Vec::with_capacity(work.units.len()),
            gaps: Vec::new(),
        };
        let mut end = 0u64;
        for (number, unit) in work.units.iter().enumerate() {
            let (tree, _) = work.part(unit, inputs)?;
            let units = repeats.units.get_mut(unit.list)?;
            let offsets = repeats.offsets.get_mut(unit.list)?;
            repeats.leads.push(units.is_empty());
            if units.is_empty() {
                let mut behind = 0u64;
                offsets.push(0);
                for &place in work.lists.get(unit.list)?.iter() {
                    behind += u64::from(place.basket(tree)?.nbytes);
                    offsets.push(behind);
                }
            }
            units.push(number);
            repeats.starts.push(end);
            let length = *offsets.last()?;
            end = end.checked_add(length)?;
            let baskets = offsets.len() as u64 - 1;
            let gap = block.map_or(0, |block| share::gap(length, baskets, block));
            if gap > 0 {
                repeats.gaps.push((end, gap));
                end = end.checked_add(gap)?;
            }
        }
        Some(repeats)
    }

    /// Whether the unit is the first that has its list.
    pub fn leads(&self, unit: usize) -> bool {
        self.leads.get(unit).copied().unwrap_or(true)
    }

    /// For each unit that has the list: its number, and where the basket `index` of the list
    /// stands in it, in bytes behind the first of all.
    pub fn places(&self, list: usize, index: usize) -> impl Iterator<Item = (usize, u64)> {
        let offset = self
            .offsets
            .get(list)
            .and_then(|offsets| offsets.get(index));
        let offset = offset.copied().unwrap_or(0);
        let units = self.units.get(list).map_or(&[][..], Vec::as_slice);
        units.iter().filter_map(move |&unit| {
            let start = self.starts.get(unit)?;
            Some((unit, start + offset))
        })
    }
}
