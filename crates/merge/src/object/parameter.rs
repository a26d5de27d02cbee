//! Merging a parameter as its bits say (`TParameter::Merge`).

use rootlake_io::object::{Body, Object, Value};

use super::statistics;

/// `TParameter::kMultiply`.
const MULTIPLY: u32 = 1 << 16;
/// `TParameter::kMax`.
const MAX: u32 = 1 << 17;
/// `TParameter::kMin`.
const MIN: u32 = 1 << 18;
/// `TParameter::kFirst`.
const FIRST: u32 = 1 << 19;
/// `TParameter::kLast`.
const LAST: u32 = 1 << 20;
/// `TParameter::kIsConst`: all values merged so far were the same.
const IS_CONST: u32 = 1 << 21;

/// Merges `more` into `sum`; without a bit that says how, it is added.
///
/// # Errors
/// In words, when one has no value.
pub(super) fn merge(sum: &mut Object, more: &Object) -> Result<(), String> {
    let words = |error: rootlake_io::Error| error.to_string();
    let bits = statistics::bits(sum);
    let is = |bit: u32| bits & bit != 0;
    let is_bool = sum.class.contains("<bool>") || sum.class.contains("<Bool_t>");
    let (a, b) = (
        sum.member("fVal").map_err(words)?,
        more.member("fVal").map_err(words)?,
    );
    let value = match (a, b) {
        (a, _) if is(FIRST) => a.clone(),
        (_, b) if is(LAST) => b.clone(),
        (Value::Int(a), Value::Int(b)) if is_bool => Value::Int(if is(MULTIPLY) || is(MIN) {
            a & b
        } else {
            a | b
        }),
        (Value::Int(a), Value::Int(b)) => Value::Int(if is(MULTIPLY) {
            a.wrapping_mul(*b)
        } else if is(MAX) {
            *a.max(b)
        } else if is(MIN) {
            *a.min(b)
        } else {
            a.wrapping_add(*b)
        }),
        (Value::Float(a), Value::Float(b)) => Value::Float(if is(MULTIPLY) {
            a * b
        } else if is(MAX) {
            a.max(*b)
        } else if is(MIN) {
            a.min(*b)
        } else {
            a + b
        }),
        _ => return Err("its values are of two types".to_owned()),
    };
    let differs = match (a, b) {
        (Value::Int(a), Value::Int(b)) => a != b,
        (Value::Float(a), Value::Float(b)) => a != b,
        _ => true,
    };
    sum.set("fVal", value).map_err(words)?;
    if let Body::Root { bits, .. } = &mut sum.root_object_mut().map_err(words)?.body
        && differs
    {
        *bits &= !IS_CONST;
    }
    Ok(())
}
