//! What the lists of keys say: of inputs that hold the same in other places, once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rootlake_io::file::{Key, ReadAt, RootFile};
use rootlake_io::object::Layouts;
use rootlake_io::tree::Tree;

use crate::action::{self, Action};
use crate::error::MergeError;
use crate::survey::objects::{InputLayouts, InputObject, Place};
use crate::survey::process;

/// How many lists are kept to be shared.
const KEPT: usize = 64;

/// The keys of a file.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// What they say but for numbers, byte for byte: directories, cycles, classes, names, titles.
    texts: Vec<u8>,
    /// Where their records stand.
    pub places: Vec<Place>,
    /// Those of trees, with their places among all.
    pub trees: Vec<(usize, Key)>,
}

impl Keys {
    /// All keys of `file`.
    ///
    /// # Errors
    /// When a directory is damaged.
    pub fn of(file: &RootFile<impl ReadAt>) -> Result<Self, MergeError> {
        let mut keys = Self::default();
        let mut last = String::new();
        file.visit(|directory, key| {
            // Of texts without bytes the place may be none, and comparing there is slow.
            let is_top = directory.is_empty() && last.is_empty();
            if !is_top && directory != last {
                directory.clone_into(&mut last);
                keys.text(&[]);
                keys.text(directory.as_bytes());
            }
            for text in [key.class, key.name, key.title] {
                keys.text(text);
            }
            keys.texts.extend(key.cycle.to_be_bytes());
            if Tree::is_tree(&key) {
                keys.trees.push((keys.places.len(), key.to_owned()));
            }
            keys.places.push(Place {
                seek: key.seek_key,
                nbytes: key.nbytes,
            });
        })?;
        Ok(keys)
    }

    /// Adds a text behind its length. No class is empty: an empty text begins a directory.
    fn text(&mut self, text: &[u8]) {
        self.texts.extend(text.len().to_be_bytes());
        self.texts.extend(text);
    }

    /// Where the keys with these numbers say that their records stand.
    pub fn places(&self, numbers: &[usize]) -> Arc<[Place]> {
        let places = numbers.iter().map(|&number| self.places.get(number));
        places
            .map(|place| place.copied().unwrap_or_default())
            .collect()
    }
}

/// What the lists of keys of a file say.
#[derive(Debug)]
pub(crate) struct Listing {
    /// The layouts by which it was decided what counts.
    layouts: Arc<InputLayouts>,
    /// The paths of all that counts, in the order of the keys.
    pub order: Arc<[Arc<str>]>,
    /// The trees: their paths, and the numbers of their keys.
    pub trees: Vec<(Arc<str>, usize)>,
    /// The paths and titles of directories.
    pub directories: Arc<[(Arc<str>, Arc<str>)]>,
    /// All other objects.
    pub objects: Arc<[InputObject]>,
    /// The numbers of their keys.
    pub object_keys: Vec<usize>,
    /// Which of them say whose references there are.
    pub processes: Vec<usize>,
}

impl Listing {
    /// What counts in `file`.
    ///
    /// # Errors
    /// When a directory is damaged, or holds what cannot be merged.
    fn read(
        file: &RootFile<impl ReadAt>,
        layouts: &Arc<InputLayouts>,
        text: impl Fn(String) -> Arc<str>,
    ) -> Result<Self, MergeError> {
        let (mut trees, mut objects, mut directories) = (Vec::new(), Vec::new(), Vec::new());
        let (mut order, mut object_keys) = (Vec::new(), Vec::new());
        for (path, number, key) in counting(file.walk()?, &layouts.all) {
            refuse_bound(file, &path, &key)?;
            let path = text(path);
            order.push(Arc::clone(&path));
            if Tree::is_tree(&key) {
                trees.push((path, number));
            } else if is_directory(&key) {
                directories.push((path, text(key.title)));
            } else {
                object_keys.push(number);
                objects.push(InputObject {
                    path,
                    class: text(key.class),
                    title: text(key.title),
                });
            }
        }
        Ok(Self {
            layouts: Arc::clone(layouts),
            order: order.into(),
            trees,
            directories: directories.into(),
            processes: (0..).zip(&objects).filter_map(is_process).collect(),
            objects: objects.into(),
            object_keys,
        })
    }
}

/// The lists met so far, by what they say.
#[derive(Debug, Default)]
pub(crate) struct Listings(Mutex<HashMap<Vec<u8>, Arc<Listing>>>);

impl Listings {
    /// What the `keys` of `file` say: what those of an earlier file said, where they are the same.
    /// `text` shares texts.
    ///
    /// # Errors
    /// When the file holds what cannot be merged.
    pub fn of(
        &self,
        file: &RootFile<impl ReadAt>,
        keys: &mut Keys,
        layouts: &Arc<InputLayouts>,
        text: impl Fn(String) -> Arc<str>,
    ) -> Result<Arc<Listing>, MergeError> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = known.get(&keys.texts).map(Arc::clone);
        drop(known);
        if let Some(listing) = same.filter(|same| Arc::ptr_eq(&same.layouts, layouts)) {
            return Ok(listing);
        }
        let listing = Arc::new(Listing::read(file, layouts, text)?);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < KEPT {
            known.insert(std::mem::take(&mut keys.texts), Arc::clone(&listing));
        }
        Ok(listing)
    }
}

/// Of keys with one path, that of the highest cycle: the others are its backups. Of objects that
/// are not merged, all, from the lowest cycle on. With the numbers that they had among all.
fn counting(keys: Vec<(String, Key)>, layouts: &Layouts) -> Vec<(String, usize, Key)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<(String, Vec<(usize, Key)>)> = Vec::new();
    for (number, (path, key)) in keys.into_iter().enumerate() {
        match places.get(&path).and_then(|&place| found.get_mut(place)) {
            Some((_, cycles)) => cycles.push((number, key)),
            None => {
                places.insert(path.clone(), found.len());
                found.push((path, vec![(number, key)]));
            }
        }
    }
    let counting = found.into_iter().flat_map(|(path, mut cycles)| {
        cycles.sort_by_key(|(_, key)| key.cycle);
        if let Some((_, newest)) = cycles.last().filter(|_| cycles.len() > 1)
            && (Tree::is_tree(newest)
                || is_directory(newest)
                || action::action(&newest.class, layouts) != Action::Keep)
        {
            cycles.drain(..cycles.len() - 1);
        }
        let cycles = cycles.into_iter();
        cycles.map(move |(number, key)| (path.clone(), number, key))
    });
    counting.collect()
}

fn is_process((number, object): (usize, &InputObject)) -> Option<usize> {
    (&*object.class == process::CLASS).then_some(number)
}

fn is_directory(key: &Key) -> bool {
    key.class.starts_with("TDirectory")
}

/// Refuses objects whose meaning depends on the file in which they stand.
fn refuse_bound(file: &RootFile<impl ReadAt>, path: &str, key: &Key) -> Result<(), MergeError> {
    let why = match key.class.as_str() {
        "ROOT::RNTuple" | "ROOT::Experimental::RNTuple" => "its pages are not of a TTree",
        _ => return Ok(()),
    };
    Err(MergeError::Unsupported {
        file: file.name().to_string(),
        what: format!("{} {path} ({why})", key.class),
    })
}
