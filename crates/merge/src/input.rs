//! An opened input: its keys and the trees behind them.

use rootlake_io::file::{Key, ReadAt, RootFile};
use rootlake_io::object::Layouts;
use rootlake_io::tree::Tree;

use crate::error::MergeError;

/// An input file with everything in it that will be merged.
#[derive(Debug)]
pub struct Input<S> {
    /// The file.
    pub file: RootFile<S>,
    /// Its trees: the highest cycle of each name.
    pub trees: Vec<Tree>,
    /// The layouts of its classes.
    pub layouts: Layouts,
}

impl<S: ReadAt> Input<S> {
    /// Reads the description of every tree in `file`.
    ///
    /// # Errors
    /// When the file is damaged, or holds anything but trees in its top directory.
    pub fn read(file: RootFile<S>) -> Result<Self, MergeError> {
        let layouts = file.layouts()?;
        let mut trees = Vec::new();
        for key in newest(file.keys(file.top())?) {
            if !Tree::is_tree(&key) {
                return Err(MergeError::Unsupported {
                    file: file.name().to_string(),
                    what: format!("{} {}", key.class, key.name),
                });
            }
            let tree = Tree::read(&file, &key, &layouts)?;
            if let Some((branch, damage)) = damage(&tree) {
                let file = file.name().to_string();
                return Err(MergeError::Damaged {
                    file,
                    branch,
                    damage,
                });
            }
            trees.push(tree);
        }
        Ok(Self {
            file,
            trees,
            layouts,
        })
    }
}

/// Of keys with one name, that of the highest cycle: the others are its backups.
fn newest(keys: Vec<Key>) -> Vec<Key> {
    let mut newest: Vec<Key> = Vec::new();
    for key in keys {
        match newest.iter_mut().find(|known| known.name == key.name) {
            Some(known) if known.cycle < key.cycle => *known = key,
            Some(_) => {}
            None => newest.push(key),
        }
    }
    newest
}

fn damage(tree: &Tree) -> Option<(String, String)> {
    tree.branches.iter().find_map(|branch| {
        branch
            .damage
            .as_ref()
            .map(|damage| (branch.path.clone(), damage.clone()))
    })
}
