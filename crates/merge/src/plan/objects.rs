//! Planning the objects that are no trees: what becomes of them, and which inputs hold them.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use super::paths::refuse;
use crate::action::{self, Action};
use crate::error::MergeError;
use crate::survey::input::Input;
use crate::survey::objects::{InputLayouts, InputObject, Place};

/// An object of the output that is no tree.
#[derive(Clone, Debug, Serialize)]
pub struct ObjectPlan {
    /// Its path.
    pub path: Arc<str>,
    /// Its class.
    pub class: Arc<str>,
    /// What becomes of those of the inputs.
    pub action: Action,
    /// How many inputs hold one.
    pub inputs: usize,
    /// How many such objects the output is made of: copies count.
    pub times: u64,
    /// The inputs that hold one.
    #[serde(skip)]
    pub(crate) from: Holders,
}

/// The inputs that hold an object, in order: as runs, since inputs of one kind hold it at the same
/// place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holders(Vec<Run>);

/// Inputs in a row that hold an object, and its number in each.
#[derive(Clone, Debug)]
struct Run {
    inputs: Range<usize>,
    number: usize,
}

impl Holders {
    /// Adds inputs, behind all others or, where they hold cycles, once more.
    fn push(&mut self, inputs: Range<usize>, number: usize) {
        self.0.push(Run { inputs, number });
    }

    /// The first input, and the object's number there.
    pub fn first(&self) -> Option<(usize, usize)> {
        let first = self.0.first()?;
        Some((first.inputs.start, first.number))
    }

    /// The numbers of the objects in the input numbered `input`: several where it holds cycles.
    pub fn within(&self, input: usize) -> impl Iterator<Item = usize> + '_ {
        let start = self.0.partition_point(|run| run.inputs.end <= input);
        let behind = self.0.get(start..).unwrap_or_default().iter();
        let held = behind.take_while(move |run| run.inputs.contains(&input));
        held.map(|run| run.number)
    }

    /// How many objects there are of inputs each of which is there so many times.
    pub fn times(&self, times: &[u64]) -> u64 {
        let of = |run: &Run| times.get(run.inputs.clone());
        self.0.iter().filter_map(of).flatten().sum()
    }

    /// How many inputs hold one at least.
    fn inputs(&self) -> usize {
        let alike = self.0.chunk_by(|a, b| a.inputs == b.inputs);
        alike
            .filter_map(<[Run]>::first)
            .map(|run| run.inputs.len())
            .sum()
    }

    /// The first input of each run, and the object's number there: all others are of its kind.
    fn kinds(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.0.iter().map(|run| (run.inputs.start, run.number))
    }
}

impl ObjectPlan {
    /// The first of the objects, and its input.
    pub(crate) fn first<'a>(&self, inputs: &'a [Input]) -> Option<(&'a InputObject, Place)> {
        let (input, number) = self.from.first()?;
        inputs.get(input)?.objects.get(number)
    }
}

/// The plans of all objects, in the order in which the inputs first hold them.
///
/// # Errors
/// When inputs hold objects of different classes that would have to be merged.
pub(super) fn objects(inputs: &[Input]) -> Result<Vec<ObjectPlan>, MergeError> {
    let mut actions = Actions::default();
    let plans = by_path(inputs).into_iter().map(|(path, from)| {
        let mut classes = from.kinds().filter_map(|(number, object)| {
            let input = inputs.get(number)?;
            let class = &input.objects.names.get(object)?.class;
            Some((number, class, &input.layouts))
        });
        let (first, class, layouts) = classes.next().ok_or(MergeError::NothingToMerge)?;
        let action = actions.of(class, layouts);
        let mut is_merged = |class, layouts| actions.of(class, layouts) != Action::Keep;
        let clash = classes.find(|(_, other, layouts)| {
            *other != class && (action != Action::Keep || is_merged(other, layouts))
        });
        if let Some((other, differs, _)) = clash {
            let difference = format!("{path} is a {differs}, not a {class}");
            return refuse(inputs, first, other, difference);
        }
        let class = Arc::clone(class);
        drop(classes);
        Ok(ObjectPlan {
            action,
            class,
            inputs: from.inputs(),
            times: 0,
            path,
            from,
        })
    });
    plans.collect()
}

/// What becomes of objects of the classes met, by the layouts of their inputs: asked once for each.
#[derive(Default)]
struct Actions<'a>(HashMap<(&'a str, *const InputLayouts), Action>);

impl<'a> Actions<'a> {
    fn of(&mut self, class: &'a Arc<str>, layouts: &'a Arc<InputLayouts>) -> Action {
        let known = self.0.entry((class, Arc::as_ptr(layouts)));
        *known.or_insert_with(|| action::action(class, &layouts.all))
    }
}

/// For each path in order of first appearance, the inputs that hold an object there.
fn by_path(inputs: &[Input]) -> Vec<(Arc<str>, Holders)> {
    let mut places: HashMap<&Arc<str>, usize> = HashMap::new();
    let mut found: Vec<(Arc<str>, Holders)> = Vec::new();
    let mut start = 0;
    // Inputs of one kind share the names.
    for alike in inputs.chunk_by(|a, b| Arc::ptr_eq(&a.objects.names, &b.objects.names)) {
        let run = start..start + alike.len();
        start = run.end;
        let Some(kind) = alike.first() else { continue };
        for (number, object) in kind.objects.names.iter().enumerate() {
            let place = *places.entry(&object.path).or_insert_with(|| {
                found.push((Arc::clone(&object.path), Holders::default()));
                found.len() - 1
            });
            if let Some((_, holders)) = found.get_mut(place) {
                holders.push(run.clone(), number);
            }
        }
    }
    found
}
