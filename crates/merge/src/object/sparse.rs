//! Adding histograms of many axes (`THnBase::Merge`): those that keep filled bins only
//! (`THnSparse`) and those that keep all (`THn`).

use std::collections::HashMap;

use rootlake_io::column::{ScalarType, Values};
use rootlake_io::object::{Body, Graph, Object, ObjectId, Value};

use super::axis::Axis;
use super::bins::array_mut;
use super::numbers;

/// Adds the histogram `from` of `more` to `to` of `sum`.
///
/// # Errors
/// In words, when they are binned differently.
pub(super) fn add(
    sum: &mut Graph,
    to: ObjectId,
    more: &Graph,
    from: ObjectId,
) -> Result<(), String> {
    let (own, other) = (get(sum, to)?, get(more, from)?);
    let (axes, others) = (axes(sum, own)?, axes(more, other)?);
    let same = |(a, b): (&Axis, &Axis)| a.same_bins(b) && a.labels == b.labels;
    if axes.len() != others.len() || !axes.iter().zip(&others).all(same) {
        return Err("its axes differ".to_owned());
    }
    let weighted = |histogram: &Object| histogram.float("fTsumw2").is_ok_and(|sum| sum >= 0.0);
    let (is_weighted, weighs) = (weighted(own), weighted(other));
    let mut totals = Vec::new();
    for name in ["fEntries", "fTsumw", "fTsumw2"] {
        let (a, b) = (number(own, name)?, number(other, name)?);
        // The sum of squares is -1 where there is none. `hadd` adds that up too: one less for each
        // such input, and no errors at all where the others' sum is 0.
        let value = if name == "fTsumw2" {
            a.max(0.0) + b.max(0.0)
        } else {
            a + b
        };
        let none = name == "fTsumw2" && !is_weighted && !weighs;
        totals.push((name, if none { -1.0 } else { value }));
    }
    if own.member("fBinContent").is_ok() {
        let mut bins = Bins::of(sum, own, is_weighted || weighs)?;
        bins.add(Bins::of(more, other, is_weighted || weighs)?);
        let model = other
            .list("fBinContent")
            .map_err(|error| error.to_string())?;
        bins.set(sum, to, || match model.items.first() {
            Some(Some(model)) => Ok((more, *model)),
            _ => Err("it lacks a chunk".to_owned()),
        })?;
    } else {
        dense(get_mut(sum, to)?, is_weighted, other, weighs)?;
    }
    let own = get_mut(sum, to)?;
    for (name, value) in totals {
        set(own, name, Value::Float(value))?;
    }
    for name in ["fTsumwx", "fTsumwx2"] {
        let more = other.array(name).map_err(|error| error.to_string())?;
        numbers::add(array_mut(own, name)?, more)?;
    }
    Ok(())
}

fn get(graph: &Graph, id: ObjectId) -> Result<&Object, String> {
    graph.get(id).map_err(|error| error.to_string())
}

fn get_mut(graph: &mut Graph, id: ObjectId) -> Result<&mut Object, String> {
    graph.get_mut(id).map_err(|error| error.to_string())
}

fn set(object: &mut Object, name: &str, value: Value) -> Result<(), String> {
    object.set(name, value).map_err(|error| error.to_string())
}

fn number(object: &Object, name: &str) -> Result<f64, String> {
    object.float(name).map_err(|error| error.to_string())
}

fn axes(graph: &Graph, histogram: &Object) -> Result<Vec<Axis>, String> {
    let list = histogram.list("fAxes").map_err(|error| error.to_string())?;
    let axis = |id: &ObjectId| graph.get(*id).and_then(|axis| Axis::read(graph, axis));
    let axes: rootlake_io::Result<Vec<Axis>> = list.items.iter().flatten().map(axis).collect();
    axes.map_err(|error| error.to_string())
}

/// The filled bins of a `THnSparse`.
struct Bins {
    /// Of each bin, the packed numbers on all axes (`THnSparseArrayChunk::fCoordinates`), this
    /// many bytes.
    coordinates: Vec<Vec<u8>>,
    contents: Vec<f64>,
    /// Squared errors, where they are kept.
    squares: Option<Vec<f64>>,
}

impl Bins {
    /// The filled bins of `histogram`, with squared errors where they are `wanted`.
    fn of(graph: &Graph, histogram: &Object, wanted: bool) -> Result<Self, String> {
        let words = |error: rootlake_io::Error| error.to_string();
        let mut bins = Self {
            coordinates: Vec::new(),
            contents: Vec::new(),
            squares: wanted.then(Vec::new),
        };
        let chunks = &histogram.list("fBinContent").map_err(words)?.items;
        for &chunk in chunks.iter().flatten() {
            let chunk = graph.get(chunk).map_err(words)?;
            let width = chunk.int("fSingleCoordinateSize").map_err(words)?;
            let width = usize::try_from(width).ok().filter(|width| *width > 0);
            let width = width.ok_or("its bins have no coordinates")?;
            let mut bytes = Vec::new();
            let coordinates = chunk.array("fCoordinates").map_err(words)?;
            coordinates.to_big_endian(0..coordinates.len(), &mut bytes);
            let before = bins.coordinates.len();
            let packed = bytes.chunks_exact(width).map(<[u8]>::to_vec);
            bins.coordinates.extend(packed);
            let count = bins.coordinates.len() - before;
            let contents = array(graph, chunk, "fContent")?.ok_or("its bins hold nothing")?;
            let squares = array(graph, chunk, "fSumw2")?.unwrap_or_else(|| contents.clone());
            bins.contents.extend(contents.iter().take(count));
            if let Some(all) = &mut bins.squares {
                all.extend(squares.iter().take(count));
            }
            if bins.contents.len() != bins.coordinates.len() {
                return Err("it has fewer contents than bins".to_owned());
            }
        }
        Ok(bins)
    }

    /// Adds the bins of `more`; those that are new come last, in their order.
    fn add(&mut self, more: Self) {
        let known = self.coordinates.iter().cloned().zip(0..);
        let mut places: HashMap<Vec<u8>, usize> = known.collect();
        let squares = more.squares.unwrap_or_else(|| more.contents.clone());
        let bins = more.coordinates.into_iter().zip(more.contents).zip(squares);
        for ((coordinates, content), square) in bins {
            let next = self.coordinates.len();
            let place = *places.entry(coordinates.clone()).or_insert(next);
            if place == next {
                self.coordinates.push(coordinates);
                self.contents.push(0.0);
                if let Some(squares) = &mut self.squares {
                    squares.push(0.0);
                }
            }
            if let Some(sum) = self.contents.get_mut(place) {
                *sum += content;
            }
            if let Some(sum) = self.squares.as_mut().and_then(|all| all.get_mut(place)) {
                *sum += square;
            }
        }
    }

    /// Puts the bins into the histogram `id`, in chunks like its first; where it has none, like
    /// the `other`.
    fn set<'g>(
        self,
        graph: &mut Graph,
        id: ObjectId,
        other: impl FnOnce() -> Result<(&'g Graph, ObjectId), String>,
    ) -> Result<(), String> {
        let words = |error: rootlake_io::Error| error.to_string();
        let histogram = graph.get(id).map_err(words)?;
        let length = histogram.int("fChunkSize").map_err(words)?;
        let length = usize::try_from(length).unwrap_or(0).max(1);
        let mut chunks = histogram.list("fBinContent").map_err(words)?.items.clone();
        let count = self.coordinates.len();
        if count == 0 {
            return Ok(());
        }
        if chunks.is_empty() {
            let (other, model) = other()?;
            let model = graph.graft(other, model, &mut HashMap::new());
            chunks.push(Some(model.map_err(words)?));
        }
        let model = chunks.first().copied().flatten();
        let model = model.ok_or("it lacks a chunk")?;
        for (number, coordinates) in self.coordinates.chunks(length).enumerate() {
            let range = number * length..(number * length + coordinates.len());
            if number >= chunks.len() {
                let copy = graph.get(model).map_err(words)?.clone();
                chunks.push(Some(graph.add(copy)));
            }
            let chunk = chunks
                .get(number)
                .copied()
                .flatten()
                .ok_or("it lacks a chunk")?;
            let of = |values: &[f64]| {
                let mut values = values.get(range.clone()).unwrap_or_default().to_vec();
                values.resize(length, 0.0);
                values
            };
            let contents = of(&self.contents);
            let like = graph.get(model).and_then(|model| model.pointer("fContent"));
            let like = like.map_err(words)?.ok_or("its bins hold nothing")?;
            let mut held = graph.get(like).map_err(words)?.clone();
            if let Body::Array(values) = &mut held.body {
                *values = numbers::like(values, &contents);
            }
            let held = graph.add(held);
            let squares = self.squares.as_ref().map(|squares| {
                graph.add(Object {
                    class: "TArrayD".into(),
                    body: Body::Array(Values::F64(of(squares))),
                })
            });
            let bytes = coordinates.concat();
            let size = i64::try_from(bytes.len()).map_err(|error| error.to_string())?;
            let mut packed = Values::with_capacity(ScalarType::I8, bytes.len());
            packed.extend_big_endian(&bytes);
            let chunk = get_mut(graph, chunk)?;
            set(chunk, "fCoordinatesSize", Value::Int(size))?;
            set(chunk, "fCoordinates", Value::Array(packed))?;
            set(chunk, "fContent", Value::Pointer(Some(held)))?;
            set(chunk, "fSumw2", Value::Pointer(squares))?;
        }
        let histogram = get_mut(graph, id)?;
        histogram.list_mut("fBinContent").map_err(words)?.items = chunks;
        let count = i64::try_from(count).map_err(|error| error.to_string())?;
        set(histogram, "fFilledBins", Value::Int(count))
    }
}

/// The array that a member points to.
fn array(graph: &Graph, object: &Object, member: &str) -> Result<Option<Vec<f64>>, String> {
    let words = |error: rootlake_io::Error| error.to_string();
    let Some(id) = object.pointer(member).map_err(words)? else {
        return Ok(None);
    };
    match &graph.get(id).map_err(words)?.body {
        Body::Array(values) => Ok(Some(numbers::doubles(values))),
        _ => Err(format!("{member} is no array")),
    }
}

/// Adds the bins of a `THn`, in whose arrays (`TNDArrayT`) each has a place.
fn dense(sum: &mut Object, is_weighted: bool, more: &Object, weighs: bool) -> Result<(), String> {
    let words = |error: rootlake_io::Error| error.to_string();
    let mut contents = Data::of(sum.object("fArray").map_err(words)?)?;
    let mut others = Data::of(more.object("fArray").map_err(words)?)?;
    // An array stays empty until it is filled.
    let length = contents.values.len().max(others.values.len());
    for data in [&mut contents, &mut others] {
        if data.values.is_empty() {
            data.values = numbers::zeros(&data.values, length);
        }
    }
    if is_weighted || weighs {
        // Where squared errors are not kept, they are those of counts.
        let squares = |object: &Object, kept: bool, contents: &Data| -> Result<Vec<f64>, String> {
            let data = Data::of(object.object("fSumw2").map_err(words)?)?;
            let kept = kept && data.values.len() == contents.values.len();
            Ok(numbers::doubles(if kept {
                &data.values
            } else {
                &contents.values
            }))
        };
        let mut total = squares(sum, is_weighted, &contents)?;
        let others = squares(more, weighs, &others)?;
        total
            .iter_mut()
            .zip(others)
            .for_each(|(sum, more)| *sum += more);
        let array = sum.object_mut("fSumw2").map_err(words)?;
        let sizes = more
            .object("fArray")
            .and_then(|array| array.member("fSizes"));
        set(array, "fSizes", sizes.map_err(words)?.clone())?;
        Data::of(array)?.set(array, Values::F64(total))?;
    }
    let mut total = contents.values.clone();
    numbers::add(&mut total, &others.values)?;
    contents.set(sum.object_mut("fArray").map_err(words)?, total)
}

/// The data of a `TNDArrayT`: a `std::vector`, which stands behind a byte count and a version.
struct Data {
    header: Option<[u8; 6]>,
    values: Values,
}

impl Data {
    fn of(array: &Object) -> Result<Self, String> {
        let unknown = || "its bins are kept in another way".to_owned();
        let raw = match array.member("fData") {
            Ok(Value::Array(values)) => {
                return Ok(Self {
                    header: None,
                    values: values.clone(),
                });
            }
            Ok(Value::Opaque(raw)) => raw,
            _ => return Err(unknown()),
        };
        let (header, rest) = raw.split_first_chunk::<6>().ok_or_else(unknown)?;
        let (count, data) = rest.split_first_chunk::<4>().ok_or_else(unknown)?;
        let class = array
            .class
            .trim_start_matches("TNDArrayT<")
            .trim_end_matches('>');
        let scalar = scalar(class).ok_or_else(unknown)?;
        let mut values = Values::with_capacity(scalar, data.len() / scalar.width());
        values.extend_big_endian(data);
        if u32::try_from(values.len()) != Ok(u32::from_be_bytes(*count)) {
            return Err(unknown());
        }
        Ok(Self {
            header: Some(*header),
            values,
        })
    }

    /// Sets the data of `array` to `values`.
    fn set(&self, array: &mut Object, values: Values) -> Result<(), String> {
        let Some([.., high, low]) = self.header else {
            let count = i64::try_from(values.len()).map_err(|error| error.to_string())?;
            set(array, "fNumData", Value::Int(count))?;
            return set(array, "fData", Value::Array(values));
        };
        let count = u32::try_from(values.len()).map_err(|error| error.to_string())?;
        let mut body = vec![high, low];
        body.extend(count.to_be_bytes());
        values.to_big_endian(0..values.len(), &mut body);
        let length = u32::try_from(body.len()).map_err(|error| error.to_string())?;
        let mut raw = (length | BYTE_COUNT).to_be_bytes().to_vec();
        raw.append(&mut body);
        set(array, "fData", Value::Opaque(raw.into()))
    }
}

/// The bit that tells a byte count (`kByteCountMask`).
const BYTE_COUNT: u32 = 0x4000_0000;

/// The type of the bins of a `THnT`.
fn scalar(name: &str) -> Option<ScalarType> {
    Some(match name {
        "char" => ScalarType::I8,
        "short" => ScalarType::I16,
        "int" => ScalarType::I32,
        "long" | "Long64_t" | "long long" => ScalarType::I64,
        "float" => ScalarType::F32,
        "double" => ScalarType::F64,
        _ => return None,
    })
}
