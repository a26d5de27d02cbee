//! What describes a merged tree, before its baskets are copied.
//!
//! Where all baskets are copied as they are, the places of all follow from the plan, and how long they
//! are when expanded is what the inputs' trees state (`fTotBytes`). So the record of the tree, which
//! one thread alone can compress, is made while the others copy. What trees state is not taken on
//! trust: where the baskets are of other lengths, the record is made anew.

use std::sync::Arc;

use rootlake_io::codec::{Compressor, Settings};
use rootlake_io::object::Graph;
use rootlake_io::write::{EncodedObject, Packed};

use crate::error::MergeError;
use crate::execute::merged::MergedBranch;
use crate::request::{Request, Verify};
use crate::survey::input::Input;
use crate::survey::kind::TotalBytes;
use crate::task::{Task, Work};

/// With fewer baskets the record is made in no time.
const LEAST_BASKETS: usize = 10_000;

/// A tree's record and its compressed content.
pub(crate) type Record = (EncodedObject, Packed);

/// The record of the tree that `graph` is, under this name.
///
/// # Errors
/// When it cannot be encoded or compressed.
pub(crate) fn record(name: &str, graph: Graph, settings: Settings) -> Result<Record, MergeError> {
    let object = EncodedObject::new(name, &title(&graph)?, &graph)?;
    drop(graph);
    let packed = Packed::new(object.content(), &mut Compressor::new(settings)?)?;
    Ok((object, packed))
}

/// The title of the tree that `graph` is.
///
/// # Errors
/// When it is empty.
pub(super) fn title(graph: &Graph) -> Result<String, MergeError> {
    Ok(graph.root()?.text("fTitle").unwrap_or_default().to_string())
}

/// Whether the places of all baskets are known before they are copied, and that is worth it.
pub(crate) fn is_foreseen(work: &Work<'_>, request: &Request) -> bool {
    request.threads > 1
        && request.compress.is_none()
        && request.vary.is_empty()
        && request.verify != Verify::Full
        && !request.shared
        && work.plan.differences.index.is_none()
        && work.repeats.is_none()
        && !work.widen
        && work
            .tasks
            .iter()
            .all(|task| matches!(task, Task::Copy { .. }))
        && work.counts().sum::<usize>() >= LEAST_BASKETS
}

/// The baskets of all branches of foreseen work as they will stand from `start` on, when those of
/// each branch together expand to `totals`.
///
/// # Errors
/// When the work contradicts itself.
pub(crate) fn branches(
    work: &Work<'_>,
    inputs: &[Input],
    start: u64,
    totals: &[u64],
) -> Result<Vec<MergedBranch>, MergeError> {
    let mut branches: Vec<MergedBranch> = work.counts().map(MergedBranch::with_capacity).collect();
    let mut seek = start;
    for task in &work.tasks {
        let Task::Copy { stretches, .. } = task else {
            return Err(MergeError::Thread);
        };
        for stretch in stretches {
            let unit = work.units.get(stretch.unit).ok_or(MergeError::Thread)?;
            let (tree, _) = work.part(unit, inputs).ok_or(MergeError::Thread)?;
            let list = work.lists.get(unit.list);
            let list = list.and_then(|list| list.get(stretch.range.clone()));
            for listed in list.unwrap_or_default() {
                let basket = listed.basket(tree).ok_or(MergeError::Thread)?;
                let first = unit.entry(basket.first_entry);
                let branch = branches.get_mut(listed.branch());
                let branch = branch.ok_or(MergeError::Thread)?;
                branch.add(seek, basket.nbytes, 0, first, basket.entries);
                seek += u64::from(basket.nbytes);
            }
        }
    }
    for (branch, total) in branches.iter_mut().zip(totals) {
        branch.total_bytes = *total;
    }
    Ok(branches)
}

/// A kind of trees: what they state, where the branches of the first of them stand, and how many are
/// here.
type Kind<'a> = (&'a Arc<TotalBytes>, &'a [Option<usize>], usize);

/// The bytes of all baskets of each planned branch, expanded, as the inputs' trees state them; none
/// where the trees that were examined are not all here, each once and whole.
pub(crate) fn totals(work: &Work<'_>, inputs: &[Input]) -> Option<Vec<u64>> {
    let mut kinds: Vec<Kind<'_>> = Vec::new();
    for unit in &work.units {
        let (tree, map) = work.part(unit, inputs)?;
        if unit.entries != (0..tree.entries) {
            return None;
        }
        let known = kinds
            .iter_mut()
            .find(|(of, ..)| Arc::ptr_eq(of, &tree.total_bytes));
        match known {
            Some((_, _, count)) => *count += 1,
            None => kinds.push((&tree.total_bytes, map, 1)),
        }
    }
    let mut totals = vec![0u64; work.plan.branches.len()];
    for (total_bytes, map, count) in kinds {
        let stated = total_bytes.of(count)?;
        for (total, own) in totals.iter_mut().zip(map) {
            *total = total.saturating_add(*stated.get((*own)?)?);
        }
    }
    Some(totals)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use bytes::Bytes;
    use rootlake_io::file::RootFile;
    use rootlake_io::object::Value;
    use rootlake_io::tree::Tree;

    use super::*;
    use crate::plan::Plan;
    use crate::request::Order;
    use crate::store::LocalFiles;
    use crate::support::{merge, usual, write, write_changed};
    use crate::survey::survey;

    /// What is foreseen of the bytes of each branch, and what the merged tree states; which has the
    /// same record when nothing is foreseen.
    fn totals_of(inputs: &[&Path], order: Order, output: &Path) -> (Option<Vec<u64>>, Vec<u64>) {
        let request = |threads| Request {
            order,
            ..usual(threads)
        };
        let names = inputs.iter().map(|path| path.to_str().unwrap().to_owned());
        let found = survey(&LocalFiles, &names.collect::<Vec<_>>(), 2);
        let plan = Plan::new(&found.inputs, &request(2)).unwrap();
        let sequence = (&plan.sequence[..], None);
        let two = request(2);
        let work = Work::new(&plan.trees[0], sequence, &found.inputs, &two, 100, None);
        assert!(is_foreseen(&work, &two) && !is_foreseen(&work, &request(1)));
        let foreseen = totals(&work, &found.inputs);

        merge(inputs, &two, output).unwrap();
        let bytes = std::fs::read(output).unwrap();
        merge(inputs, &request(1), output).unwrap();
        assert!(bytes == std::fs::read(output).unwrap());
        let file = RootFile::open(Bytes::from(bytes), "t").unwrap();
        let key = file.find("t").unwrap();
        let tree = Tree::read(&file, &key, &file.layouts().unwrap()).unwrap();
        let stated = tree.branches.iter().map(|branch| branch.total_bytes);
        (foreseen, stated.collect())
    }

    #[test]
    fn what_trees_state_is_used_where_it_is_true_and_all_is_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (a, b, lie, out) = (path("a"), path("b"), path("lie"), path("out"));
        let values: Vec<i32> = (0..10_000).collect();
        write(&a, &values, false, 1, "zlib:1");
        write(&b, &values[5_000..], false, 1, "zlib:1");
        write_changed(&lie, &values[..1_000], 1, |graph| {
            let branch = graph.root().unwrap().list("fBranches").unwrap().items[0].unwrap();
            let branch = graph.get_mut(branch).unwrap();
            branch.set("fTotBytes", Value::Int(7)).unwrap();
        });

        let (foreseen, stated) = totals_of(&[&a, &b], Order::File, &out);
        assert_eq!(foreseen, Some(stated.clone()));
        let (foreseen, with_lie) = totals_of(&[&a, &b, &lie], Order::Entry, &out);
        assert_eq!(foreseen, Some(vec![stated[0] + 7]));
        assert!(with_lie[0] > stated[0] + 7);
        let (foreseen, _) = totals_of(&[&a, &b, &a], Order::Branch, &out);
        assert_eq!(foreseen, None);
    }
}
