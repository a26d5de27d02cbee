//! The layouts of all classes that a file holds, or may be written to one.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::builtin;
use super::layout::ClassLayout;

/// The layouts known while reading or writing: those of the file, then those built in.
#[derive(Clone, Debug, Default)]
pub struct Layouts {
    of_file: HashMap<Arc<str>, Vec<Arc<ClassLayout>>>,
}

impl Layouts {
    /// The layouts of the classes that ROOT 6.40 writes for trees and histograms.
    pub fn builtin() -> Self {
        Self::default()
    }

    /// Adds a layout; one of the same class and version is replaced: what a file says of its own
    /// content goes before what is built in.
    pub fn insert(&mut self, layout: ClassLayout) {
        let versions = self.of_file.entry(Arc::clone(&layout.name)).or_default();
        versions.retain(|known| known.version != layout.version);
        versions.push(Arc::new(layout));
    }

    /// The layout of `class` at `version`, or with `checksum` where the version is 0 because the
    /// class has no version of its own.
    pub fn get(
        &self,
        class: &str,
        version: u16,
        checksum: Option<u32>,
    ) -> Option<&Arc<ClassLayout>> {
        self.versions(class).find(|layout| match checksum {
            Some(checksum) => layout.checksum == checksum,
            None => layout.version == i32::from(version),
        })
    }

    /// The newest layout of `class`: the one to write with.
    pub fn newest(&self, class: &str) -> Option<&Arc<ClassLayout>> {
        self.versions(class).max_by_key(|layout| layout.version)
    }

    /// The layout with which a file's own objects of `class` were written, as far as no version
    /// tells: its newest in the file, or the newest built in where the file has none.
    pub fn written(&self, class: &str) -> Option<&Arc<ClassLayout>> {
        let of_file = self.of_file.get(class).into_iter().flatten();
        of_file
            .max_by_key(|layout| layout.version)
            .or_else(|| self.newest(class))
    }

    /// All layouts, in the order of class name and version.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<ClassLayout>> {
        let mut classes: BTreeSet<&str> = builtin::classes().collect();
        classes.extend(self.of_file.keys().map(|class| &**class));
        let mut all: Vec<_> = classes
            .into_iter()
            .flat_map(|class| self.versions(class))
            .collect();
        all.sort_by(|a, b| (&a.name, a.version).cmp(&(&b.name, b.version)));
        all.into_iter()
    }

    /// The versions of a class: the file's, and those built in that the file does not describe.
    fn versions(&self, class: &str) -> impl Iterator<Item = &Arc<ClassLayout>> {
        let of_file = self.of_file.get(class).map_or(&[][..], Vec::as_slice);
        let is_new = |layout: &&Arc<ClassLayout>| {
            let mut known = of_file.iter();
            known.all(|known| known.version != layout.version)
        };
        let others = builtin::versions(class).iter().filter(is_new);
        of_file.iter().chain(others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_says_of_a_class_goes_before_what_is_built_in() {
        let mut layouts = Layouts::builtin();
        let newest = layouts.newest("TBranch").unwrap().version;
        let count = layouts.iter().count();
        let described = |version| ClassLayout {
            name: "TBranch".into(),
            version,
            checksum: 7,
            elements: Vec::new(),
        };
        layouts.insert(described(1));
        assert_eq!(layouts.written("TBranch").unwrap().version, 1);
        let mut layouts = Layouts::builtin();
        layouts.insert(described(newest));
        assert_eq!(layouts.newest("TBranch").unwrap().checksum, 7);
        assert_eq!(layouts.iter().count(), count);
        layouts.insert(described(1));
        assert_eq!(layouts.newest("TBranch").unwrap().version, newest);
        assert_eq!(layouts.written("TLeaf"), layouts.newest("TLeaf"));
        assert_eq!(layouts.get("TBranch", 1, None).unwrap().checksum, 7);
        assert_eq!(layouts.iter().count(), count + 1);
        assert!(layouts.get("TBranch", 2, None).is_none());
    }
}
