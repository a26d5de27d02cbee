//! Lists of entries of one tree, or of those of a chain (`TEntryList`, `TEntryListArray`), by their
//! numbers.
//!
//! The numbers stay what they are: they are those of the tree and file that a list names.

mod block;

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use rootlake_io::object::{Body, Graph, Layouts, List, ListKind, Object, ObjectId, Value};

use block::Block;

/// What tells lists of one tree from those of others.
const NAMES: [&str; 2] = ["fTreeName", "fFileName"];

/// Adds the entries of the list `from` of `more` to the list `to` of `sum` (`TEntryList::Add`):
/// those of one tree to each other, those of another behind them as a list of its own.
///
/// # Errors
/// In words, when one is no such list.
pub(super) fn add(
    sum: &mut Graph,
    to: ObjectId,
    more: &Graph,
    from: ObjectId,
) -> Result<(), String> {
    let copies = HashMap::new();
    Adding { sum, more, copies }.add(to, from)
}

/// Objects to which others are added.
struct Adding<'a> {
    sum: &'a mut Graph,
    more: &'a Graph,
    /// What the objects of `more` that were copied are in `sum`: what they share is copied once.
    copies: HashMap<ObjectId, ObjectId>,
}

impl Adding<'_> {
    fn add(&mut self, to: ObjectId, from: ObjectId) -> Result<(), String> {
        let (own, other) = (get(self.sum, to)?, get(self.more, from)?);
        of_whole_entries(own)?;
        of_whole_entries(other)?;
        let lists = items(self.sum, own, "fLists")?;
        let is_blank = lists.is_none() && int(own, "fN")? == 0 && names(own)?.concat().is_empty();
        if is_blank {
            return self.become_other(to, from);
        }
        if let Some(others) = items(self.more, other, "fLists")? {
            for other in others {
                of_one_tree(get(self.more, other)?)?;
                self.add(to, other)?;
            }
            return Ok(());
        }
        match lists {
            Some(lists) => self.add_to_one_of(&lists, to, from),
            None if names(own)? == names(other)? => self.add_blocks(to, from),
            None => {
                self.become_lists(to)?;
                self.push_list(to, from)
            }
        }
    }

    /// Makes a list that is of no tree yet what another is, but for its name.
    fn become_other(&mut self, to: ObjectId, from: ObjectId) -> Result<(), String> {
        let other = get(self.more, from)?;
        for name in ["fNBlocks", "fN", "fTreeName", "fFileName"] {
            let value = other.member(name).map_err(words)?.clone();
            set(self.sum, to, name, value)?;
        }
        for name in ["fLists", "fBlocks"] {
            let copy = pointer(other, name)?.map(|id| self.copy(id)).transpose()?;
            set(self.sum, to, name, Value::Pointer(copy))?;
        }
        Ok(())
    }

    /// Makes a list of one tree one of several: a list of lists.
    fn become_lists(&mut self, to: ObjectId) -> Result<(), String> {
        let first = without_name(get(self.sum, to)?)?;
        let first = self.sum.add(first);
        let mut list = Object::empty("TList", &Layouts::builtin()).map_err(words)?;
        push(&mut list.body, first)?;
        let list = self.sum.add(list);
        set(self.sum, to, "fLists", Value::Pointer(Some(list)))?;
        set(self.sum, to, "fBlocks", Value::Pointer(None))
    }

    /// Adds to the one of `lists` that is of the same tree, or behind them all.
    fn add_to_one_of(
        &mut self,
        lists: &[ObjectId],
        to: ObjectId,
        from: ObjectId,
    ) -> Result<(), String> {
        let wanted = names(get(self.more, from)?)?;
        for &list in lists {
            let own = get(self.sum, list)?;
            if names(own)? == wanted {
                of_one_tree(own)?;
                let before = int(own, "fN")?;
                self.add_blocks(list, from)?;
                let after = int(get(self.sum, list)?, "fN")?;
                return grow(self.sum, to, after.saturating_sub(before));
            }
        }
        self.push_list(to, from)
    }

    /// Puts a copy of the list `from` behind those within the list `to`.
    fn push_list(&mut self, to: ObjectId, from: ObjectId) -> Result<(), String> {
        let copy = self.copy(from)?;
        let list = self.sum.get_mut(copy).map_err(words)?;
        if is_array(list) {
            *list = without_name(list)?;
        }
        self.push(to, "fLists", copy)?;
        grow(self.sum, to, int(get(self.more, from)?, "fN")?)
    }

    /// Adds the entries of a list of the same tree, block by block.
    fn add_blocks(&mut self, to: ObjectId, from: ObjectId) -> Result<(), String> {
        let Some(others) = items(self.more, get(self.more, from)?, "fBlocks")? else {
            return Ok(());
        };
        let Some(blocks) = items(self.sum, get(self.sum, to)?, "fBlocks")? else {
            return self.become_other(to, from);
        };
        let mut added = 0;
        for (&block, &other) in blocks.iter().zip(&others) {
            let mut own = Block::of(get(self.sum, block)?)?;
            let before = own.passing();
            own.merge(&Block::of(get(self.more, other)?)?);
            added += own.passing() - before;
            own.put(self.sum.get_mut(block).map_err(words)?)?;
        }
        for &other in others.iter().skip(blocks.len()) {
            added += Block::of(get(self.more, other)?)?.passing();
            let copy = self.copy(other)?;
            self.push(to, "fBlocks", copy)?;
        }
        let count = i64::try_from(blocks.len().max(others.len()));
        let count = count.map_err(|error| error.to_string())?;
        set(self.sum, to, "fNBlocks", Value::Int(count))?;
        grow(self.sum, to, added)
    }

    fn copy(&mut self, id: ObjectId) -> Result<ObjectId, String> {
        let copy = self.sum.graft(self.more, id, &mut self.copies);
        copy.map_err(words)
    }

    /// Puts an object behind those in the list that a member of `of` points to.
    fn push(&mut self, of: ObjectId, member: &str, item: ObjectId) -> Result<(), String> {
        let list = pointer(get(self.sum, of)?, member)?;
        let list = list.ok_or_else(|| format!("it has no {member}"))?;
        push(&mut self.sum.get_mut(list).map_err(words)?.body, item)
    }
}

fn push(list: &mut Body, item: ObjectId) -> Result<(), String> {
    let Body::List(List {
        kind,
        items,
        options,
        ..
    }) = list
    else {
        return Err("it holds no list".to_owned());
    };
    items.push(Some(item));
    if *kind == ListKind::Linked {
        options.push(Bytes::new());
    }
    Ok(())
}

/// Whether the list could say what passed within entries (`TEntryListArray`).
fn is_array(list: &Object) -> bool {
    list.find("fSubLists").is_some()
}

/// What passed within entries (`TEntryListArray::fSubLists`) is not added.
fn of_whole_entries(list: &Object) -> Result<(), String> {
    if is_array(list) && pointer(list, "fSubLists")?.is_some() {
        return Err("it has lists of places within entries (fSubLists)".to_owned());
    }
    Ok(())
}

/// A list within another is of one tree: it has no lists itself.
fn of_one_tree(list: &Object) -> Result<(), String> {
    of_whole_entries(list)?;
    match pointer(list, "fLists")? {
        Some(_) => Err("its lists hold lists".to_owned()),
        None => Ok(()),
    }
}

/// What a list of one tree is within one of several.
fn without_name(list: &Object) -> Result<Object, String> {
    let mut list = list.clone();
    for name in ["fName", "fTitle"] {
        list.set(name, Value::Text(Bytes::new())).map_err(words)?;
    }
    for name in ["fEntriesToProcess", "fReapply"] {
        // Old versions have no such members.
        if list.find(name).is_some() {
            list.set(name, Value::Int(0)).map_err(words)?;
        }
    }
    Ok(list)
}

/// The tree and the file that a list is of.
fn names(list: &Object) -> Result<[String; 2], String> {
    let [tree, file] = NAMES.map(|name| list.text(name).map_err(words));
    Ok([tree?, file?])
}

/// The objects in the list that a member points to; none where it points to none.
fn items(graph: &Graph, of: &Object, member: &str) -> Result<Option<Vec<ObjectId>>, String> {
    let Some(list) = pointer(of, member)? else {
        return Ok(None);
    };
    let Body::List(list) = &get(graph, list)?.body else {
        return Err(format!("its {member} are no list"));
    };
    let items: Vec<_> = list.items.iter().flatten().copied().collect();
    let different: HashSet<_> = items.iter().collect();
    if different.len() < items.len() {
        return Err(format!("its {member} hold an object twice"));
    }
    Ok(Some(items))
}

fn grow(sum: &mut Graph, list: ObjectId, by: i64) -> Result<(), String> {
    let entries = int(get(sum, list)?, "fN")?.saturating_add(by);
    set(sum, list, "fN", Value::Int(entries))
}

fn get(graph: &Graph, id: ObjectId) -> Result<&Object, String> {
    graph.get(id).map_err(words)
}

fn int(object: &Object, name: &str) -> Result<i64, String> {
    object.int(name).map_err(words)
}

fn pointer(object: &Object, name: &str) -> Result<Option<ObjectId>, String> {
    object.pointer(name).map_err(words)
}

fn set(graph: &mut Graph, id: ObjectId, name: &str, value: Value) -> Result<(), String> {
    let object = graph.get_mut(id).map_err(words)?;
    object.set(name, value).map_err(words)
}

#[allow(clippy::needless_pass_by_value, reason = "errors are mapped by it")]
fn words(error: rootlake_io::Error) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use rootlake_io::object::ClassLayout;

    use super::*;

    /// A list of no entries of the tree `tree`, as far as it is needed here.
    fn list(tree: &str) -> Object {
        let mut layouts = Layouts::builtin();
        let mut layout = ClassLayout::clone(layouts.newest("TNamed").unwrap());
        let text = layout.elements.pop().unwrap();
        let members = [("fLists", 64), ("fNBlocks", 3), ("fBlocks", 64), ("fN", 16)];
        let texts = NAMES.map(|name| (name, text.code));
        for (name, code) in members.into_iter().chain(texts) {
            let mut element = text.clone();
            (element.name, element.code) = (name.into(), code);
            layout.elements.push(element);
        }
        layout.elements.push(text);
        (layout.name, layout.version) = ("TEntryList".into(), 2);
        layouts.insert(layout);
        let mut list = Object::empty("TEntryList", &layouts).unwrap();
        let name = Bytes::copy_from_slice(tree.as_bytes());
        list.set("fTreeName", Value::Text(name)).unwrap();
        list
    }

    fn graph(list: Object) -> Graph {
        let mut graph = Graph::default();
        graph.add(list);
        graph
    }

    /// A list that holds `items` within itself.
    fn holding(items: &[ObjectId]) -> Graph {
        let mut graph = graph(list("a"));
        let mut lists = Object::empty("TList", &Layouts::builtin()).unwrap();
        for &item in items {
            push(&mut lists.body, item).unwrap();
        }
        let lists = graph.add(lists);
        set(
            &mut graph,
            Graph::ROOT,
            "fLists",
            Value::Pointer(Some(lists)),
        )
        .unwrap();
        graph
    }

    #[test]
    fn a_list_that_holds_itself_is_refused() {
        for items in [&[Graph::ROOT][..], &[Graph::ROOT; 2]] {
            let (own, other) = (holding(items), graph(list("a")));
            for (mut sum, more) in [(own.clone(), &other), (other.clone(), &own)] {
                let added = add(&mut sum, Graph::ROOT, more, Graph::ROOT);
                assert!(added.is_err(), "{items:?}");
            }
        }
    }

    #[test]
    fn what_lists_share_is_copied_once() {
        let mut more = holding(&[]);
        let blocks = more.add(Object::empty("TObjArray", &Layouts::builtin()).unwrap());
        for tree in ["b", "c", "d"] {
            let mut list = list(tree);
            list.set("fBlocks", Value::Pointer(Some(blocks))).unwrap();
            let list = more.add(list);
            let lists = pointer(more.root().unwrap(), "fLists").unwrap().unwrap();
            push(&mut more.get_mut(lists).unwrap().body, list).unwrap();
        }
        let mut sum = graph(list("a"));
        add(&mut sum, Graph::ROOT, &more, Graph::ROOT).unwrap();
        let lists = items(&sum, sum.root().unwrap(), "fLists").unwrap().unwrap();
        let blocks = |id| pointer(sum.get(id).unwrap(), "fBlocks").unwrap();
        assert_eq!(lists.len(), 4);
        assert!(blocks(lists[1]).is_some() && blocks(lists[1]) == blocks(lists[3]));
    }
}
