//! What a merge will do, before it does it.

use rootlake_io::file::ReadAt;
use rootlake_io::tree::Branch;
use serde::Serialize;

use crate::error::MergeError;
use crate::input::Input;
use crate::schema;

/// What goes where: all inputs in order, so many times over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The names of the inputs.
    pub inputs: Vec<String>,
    /// How often the run of inputs is repeated.
    pub copies: u64,
    /// The trees of the output.
    pub trees: Vec<TreePlan>,
}

/// A tree of the output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TreePlan {
    /// Its name.
    pub name: String,
    /// Its branches, those within branches counted too.
    pub branches: usize,
    /// The entries it will have.
    pub entries: u64,
    /// The baskets that will be copied as they are.
    pub baskets: u64,
    /// The bytes of these baskets.
    pub basket_bytes: u64,
    /// The baskets in the inputs' own tree records, which will get records of their own.
    pub embedded_baskets: u64,
    /// For each input, the entries it gives to each copy.
    pub entries_per_input: Vec<u64>,
}

impl Plan {
    /// Plans `copies` times all of `inputs` in order.
    ///
    /// # Errors
    /// When the inputs hold no tree, or their trees differ ([`MergeError::Schema`]).
    pub fn new<S: ReadAt>(inputs: &[Input<S>], copies: u64) -> Result<Self, MergeError> {
        if copies == 0 {
            return Err(MergeError::NoCopies);
        }
        let first = inputs
            .first()
            .filter(|input| !input.trees.is_empty())
            .ok_or(MergeError::NothingToMerge)?;
        for other in inputs {
            compare(first, other)?;
        }
        let trees = (0..first.trees.len())
            .map(|index| tree(inputs, index, copies))
            .collect::<Option<_>>()
            .ok_or(MergeError::NothingToMerge)?;
        let inputs = inputs
            .iter()
            .map(|input| input.file.name().to_string())
            .collect();
        Ok(Self {
            inputs,
            copies,
            trees,
        })
    }

    /// The bytes of baskets that will be written, embedded ones aside.
    pub fn basket_bytes(&self) -> u64 {
        self.trees.iter().map(|tree| tree.basket_bytes).sum()
    }
}

fn compare<S: ReadAt>(first: &Input<S>, other: &Input<S>) -> Result<(), MergeError> {
    let refuse = |difference| {
        Err(MergeError::Schema {
            file: other.file.name().to_string(),
            difference,
            first: first.file.name().to_string(),
        })
    };
    let names = |input: &Input<S>| -> Vec<String> {
        input.trees.iter().map(|tree| tree.name.clone()).collect()
    };
    if names(first) != names(other) {
        return refuse(format!(
            "it holds the trees {:?}, not {:?}",
            names(other),
            names(first)
        ));
    }
    for (a, b) in first.trees.iter().zip(&other.trees) {
        if let Some(difference) = schema::difference(a, b) {
            return refuse(difference);
        }
        if b.graph
            .root()
            .and_then(|tree| tree.pointer("fTreeIndex"))
            .is_ok_and(|id| id.is_some())
        {
            return Err(MergeError::Unsupported {
                file: other.file.name().to_string(),
                what: format!("the index of tree {}", b.name),
            });
        }
    }
    Ok(())
}

/// The plan of the tree numbered `index` in every input.
fn tree<S>(inputs: &[Input<S>], index: usize, copies: u64) -> Option<TreePlan> {
    let trees: Vec<_> = inputs
        .iter()
        .map(|input| input.trees.get(index))
        .collect::<Option<_>>()?;
    let first = trees.first()?;
    let of_all = |of_branch: fn(&Branch) -> u64| {
        let once: u64 = trees
            .iter()
            .flat_map(|tree| &tree.branches)
            .map(of_branch)
            .sum();
        once.saturating_mul(copies)
    };
    let entries_per_input: Vec<u64> = trees.iter().map(|tree| tree.entries).collect();
    Some(TreePlan {
        name: first.name.clone(),
        branches: first.branches.len(),
        entries: entries_per_input.iter().sum::<u64>().saturating_mul(copies),
        baskets: of_all(|branch| {
            branch
                .baskets
                .iter()
                .filter(|basket| basket.is_stored())
                .count() as u64
        }),
        basket_bytes: of_all(|branch| {
            let stored = branch.baskets.iter().filter(|basket| basket.is_stored());
            stored.map(rootlake_io::tree::Basket::stored_bytes).sum()
        }),
        embedded_baskets: of_all(|branch| {
            branch
                .baskets
                .iter()
                .filter(|basket| !basket.is_stored())
                .count() as u64
        }),
        entries_per_input,
    })
}
