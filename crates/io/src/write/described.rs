//! Streamer info as it is stored, made once for files of the same classes.

use std::sync::{Arc, Mutex, PoisonError};

use super::record::Packed;
use crate::codec::{Compressor, Settings};
use crate::error::Result;
use crate::object::{ClassLayout, encode_streamer_info};

/// What was made last: a job that writes many files writes the same classes into all.
static LAST: Mutex<Option<Made>> = Mutex::new(None);

struct Made {
    layouts: Vec<Arc<ClassLayout>>,
    settings: Settings,
    key_length: u16,
    packed: Arc<Packed>,
}

impl Made {
    fn is_of(&self, layouts: &[Arc<ClassLayout>], settings: Settings, key_length: u16) -> bool {
        let mut pairs = self.layouts.iter().zip(layouts);
        (self.settings, self.key_length) == (settings, key_length)
            && self.layouts.len() == layouts.len()
            && pairs.all(|(known, layout)| Arc::ptr_eq(known, layout))
    }
}

/// The content of the record that describes these classes, behind a key of `key_length` bytes.
///
/// # Errors
/// When a layout is too large for its record, or the codec's library fails.
pub(super) fn packed_streamer_info(
    layouts: Vec<Arc<ClassLayout>>,
    key_length: u16,
    compressor: &mut Compressor,
) -> Result<Arc<Packed>> {
    let settings = compressor.settings();
    // Held until it is made: who writes a file meanwhile most likely wants the same.
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(made) = &*last
        && made.is_of(&layouts, settings, key_length)
    {
        return Ok(Arc::clone(&made.packed));
    }
    let content = encode_streamer_info(layouts.iter().map(AsRef::as_ref), key_length.into())?;
    let packed = Arc::new(Packed::new(&content, compressor)?);
    *last = Some(Made {
        layouts,
        settings,
        key_length,
        packed: Arc::clone(&packed),
    });
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Layouts;

    #[test]
    fn the_same_record_serves_the_same_classes_only() {
        let layouts = Layouts::builtin();
        let get = |class: &&str| Arc::clone(layouts.get(class, 1, None).unwrap());
        let of = |classes: &[&str], settings, key_length| {
            let mut compressor = Compressor::new(settings).unwrap();
            let layouts = classes.iter().map(get).collect();
            packed_streamer_info(layouts, key_length, &mut compressor).unwrap()
        };
        let first = of(&["TNamed"], Settings::ZLIB_1, 64);
        let others = [
            of(&["TNamed", "TObject"], Settings::ZLIB_1, 64),
            of(&["TObject"], Settings::ZLIB_1, 64),
            of(&["TNamed"], Settings::NONE, 64),
        ];
        let again = of(&["TNamed"], Settings::ZLIB_1, 64);
        let bytes = |packed: &Packed| format!("{packed:?}");
        assert_eq!(bytes(&first), bytes(&again));
        for other in others {
            assert_ne!(bytes(&first), bytes(&other));
        }
    }
}
