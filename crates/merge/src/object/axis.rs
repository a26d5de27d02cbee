//! Axes of histograms: bins, labels, and what two of them have in common (`TAxis`).

use rootlake_io::column::Values;
use rootlake_io::object::{Body, Graph, Object, ObjectId, Value};

/// The members that are axes.
pub(super) const MEMBERS: [&str; 3] = ["fXaxis", "fYaxis", "fZaxis"];

/// `TAxis::kCanExtend` in `fBits2`: fills beyond the limits make the axis longer.
const CAN_EXTEND: i64 = 1 << 1;
/// `TAxis::kAxisRange`: only the bins `fFirst` to `fLast` count.
const AXIS_RANGE: u32 = 1 << 11;
/// The largest number of bins that two axes are joined to.
const MAX_BINS: f64 = 1e8;

/// An axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    /// Bins, without underflow and overflow.
    pub bins: usize,
    pub min: f64,
    pub max: f64,
    /// The edges of bins of unequal width; none where all are equal.
    edges: Vec<f64>,
    /// Texts with the bins they stand at.
    pub labels: Vec<(usize, String)>,
    pub extendable: bool,
    /// The first and the last bin that count, where not all do.
    pub range: Option<(usize, usize)>,
}

impl Axis {
    /// The axis `member` of `histogram`.
    ///
    /// # Errors
    /// In words, when it is no axis.
    pub fn of(graph: &Graph, histogram: &Object, member: &str) -> Result<Self, String> {
        let words = |error: rootlake_io::Error| error.to_string();
        Self::read(graph, histogram.object(member).map_err(words)?).map_err(words)
    }

    /// The axis that `axis` is.
    ///
    /// # Errors
    /// When it lacks a member.
    pub fn read(graph: &Graph, axis: &Object) -> rootlake_io::Result<Self> {
        let bin = |name| axis.int(name).map(|bin| usize::try_from(bin).unwrap_or(0));
        let bits = match axis.object("TObject").map(|root| &root.body) {
            Ok(Body::Root { bits, .. }) => *bits,
            _ => 0,
        };
        let edges = match axis.array("fXbins")? {
            Values::F64(edges) => edges.clone(),
            _ => Vec::new(),
        };
        Ok(Self {
            bins: bin("fNbins")?,
            min: axis.float("fXmin")?,
            max: axis.float("fXmax")?,
            edges,
            labels: labels(graph, axis)?,
            extendable: axis.int("fBits2").unwrap_or(0) & CAN_EXTEND != 0,
            range: if bits & AXIS_RANGE == 0 {
                None
            } else {
                Some((bin("fFirst")?, bin("fLast")?))
            },
        })
    }

    /// Bins, underflow and overflow.
    pub fn cells(&self) -> usize {
        self.bins.saturating_add(2)
    }

    /// Whether the bins stand somewhere: an axis may wait for its first fills to find its limits.
    pub fn has_limits(&self) -> bool {
        self.min < self.max
    }

    /// Whether the bins of both are the same. Limits may differ by rounding
    /// (`TH1::SameLimitsAndNBins`).
    pub fn same_bins(&self, other: &Self) -> bool {
        let near = |a: f64, b: f64| a == b || (a - b).abs() <= self.width().abs() * 1e-10;
        self.bins == other.bins
            && near(self.min, other.min)
            && near(self.max, other.max)
            && self.edges.len() == other.edges.len()
            && self
                .edges
                .iter()
                .zip(&other.edges)
                .all(|(a, b)| near(*a, *b))
    }

    #[allow(clippy::cast_precision_loss, reason = "far fewer bins than 2^53")]
    fn width(&self) -> f64 {
        (self.max - self.min) / self.bins as f64
    }

    /// The middle of a bin; underflow and overflow are as wide as the others on average.
    #[allow(clippy::cast_precision_loss, reason = "far fewer bins than 2^53")]
    pub fn center(&self, bin: usize) -> f64 {
        let edge = |index: usize| self.edges.get(index);
        match (bin.checked_sub(1).and_then(edge), edge(bin)) {
            (Some(low), Some(high)) if bin <= self.bins => low + 0.5 * (high - low),
            _ => self.min + (bin as f64 - 1.0) * self.width() + 0.5 * self.width(),
        }
    }

    /// The bin in which `x` lies.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "x lies between the limits"
    )]
    pub fn find(&self, x: f64) -> usize {
        if x < self.min {
            0
        } else if x < self.max {
            if self.edges.is_empty() {
                1 + (self.bins as f64 * (x - self.min) / (self.max - self.min)) as usize
            } else {
                self.edges.partition_point(|edge| *edge <= x)
            }
        } else {
            self.bins + 1
        }
    }

    /// The bin of a label.
    pub fn labelled(&self, label: &str) -> Option<usize> {
        let found = self.labels.iter().find(|(_, text)| text == label);
        found.map(|(bin, _)| *bin)
    }

    /// The label of a bin.
    pub fn label(&self, bin: usize) -> Option<&str> {
        let found = self.labels.iter().find(|(at, _)| *at == bin);
        found.map(|(_, text)| &**text)
    }

    /// The axis that takes the bins of both (`TH1::RecomputeAxisLimits`): the width of one must be
    /// a multiple of the other's, and their edges must meet.
    pub fn joined(&self, other: &Self) -> Option<Self> {
        if self.same_bins(other) {
            return Some(self.clone());
        }
        if !self.edges.is_empty() || !other.edges.is_empty() {
            return None;
        }
        let (own, others) = (self.width(), other.width());
        let width = own.max(others);
        if !(own > 0.0 && others > 0.0 && whole(width / own) && whole(width / others)) {
            return None;
        }
        let up = |steps: f64| {
            if whole(steps) {
                0.0
            } else {
                steps.ceil() - steps
            }
        };
        let mut min = self.min.min(other.min);
        min -= up((self.min - min) / own) * own;
        min -= up((other.min - min) / others) * others;
        let mut max = self.max.max(other.max);
        max += up((max - self.max) / own) * own;
        max += up((max - other.max) / others) * others;
        let meet = whole((self.min - min) / own) && whole((max - self.max) / own);
        let bins = ((max - min) / width).round();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range is checked"
        )]
        (meet && (1.0..MAX_BINS).contains(&bins)).then(|| Self {
            bins: bins as usize,
            min,
            max,
            edges: Vec::new(),
            ..self.clone()
        })
    }

    /// Sets the bins of `member` of `histogram` to those of this axis, all of which count.
    ///
    /// # Errors
    /// In words, when it is no axis.
    pub fn set_bins(&self, histogram: &mut Object, member: &str) -> Result<(), String> {
        let set = || -> rootlake_io::Result<()> {
            let axis = histogram.object_mut(member)?;
            let bins = i64::try_from(self.bins).unwrap_or(i64::MAX);
            for (name, value) in [
                ("fNbins", Value::Int(bins)),
                ("fXmin", Value::Float(self.min)),
                ("fXmax", Value::Float(self.max)),
                ("fFirst", Value::Int(1)),
                ("fLast", Value::Int(bins)),
            ] {
                axis.set(name, value)?;
            }
            axis.object_mut("fXbins")?.body = Body::Array(Values::F64(self.edges.clone()));
            if let Body::Root { bits, .. } = &mut axis.root_object_mut()?.body {
                *bits &= !AXIS_RANGE;
            }
            Ok(())
        };
        let mut set = set;
        set().map_err(|error| error.to_string())
    }
}

/// Whether a number is whole, up to rounding.
fn whole(number: f64) -> bool {
    (number - number.round()).abs() < 1e-8
}

/// The list of labels of an axis.
pub(super) fn label_list(axis: &Object) -> Option<ObjectId> {
    axis.pointer("fLabels").ok().flatten()
}

/// The labels of an axis with the bins they stand at, in the order of their list.
fn labels(graph: &Graph, axis: &Object) -> rootlake_io::Result<Vec<(usize, String)>> {
    let Some(id) = label_list(axis) else {
        return Ok(Vec::new());
    };
    let Body::List(list) = &graph.get(id)?.body else {
        return Ok(Vec::new());
    };
    let label = |id: &ObjectId| -> rootlake_io::Result<(usize, String)> {
        let label = graph.get(*id)?;
        let bin = match label.object("TObject").map(|root| &root.body) {
            Ok(Body::Root { unique_id, .. }) => *unique_id,
            _ => 0,
        };
        Ok((usize::try_from(bin).unwrap_or(0), label.text("fString")?))
    };
    list.items.iter().flatten().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(bins: usize, min: f64, max: f64) -> Axis {
        Axis {
            bins,
            min,
            max,
            edges: Vec::new(),
            labels: Vec::new(),
            extendable: false,
            range: None,
        }
    }

    #[test]
    fn axes_are_joined_where_their_edges_meet() {
        let joined = axis(10, 0.0, 10.0).joined(&axis(20, 1.0, 11.0)).unwrap();
        assert_eq!((joined.bins, joined.min, joined.max), (11, 0.0, 11.0));
        let joined = axis(4, 0.0, 4.0).joined(&axis(3, -3.0, 3.0)).unwrap();
        assert_eq!((joined.bins, joined.min, joined.max), (4, -3.0, 5.0));
        assert_eq!(axis(10, 0.0, 10.0).joined(&axis(7, 0.0, 10.0)), None);
        assert_eq!(axis(10, 0.0, 10.0).joined(&axis(10, 0.5, 10.5)), None);
    }

    #[test]
    fn a_bin_holds_its_middle() {
        let mut axis = axis(4, -1.0, 1.0);
        for edges in [vec![], vec![-1.0, -0.5, 0.0, 0.7, 1.0]] {
            axis.edges = edges;
            for bin in 0..axis.cells() {
                assert_eq!(axis.find(axis.center(bin)), bin);
            }
        }
    }
}
