//! The text of a PDF: glyphs by number, of fonts cut down to what is shown (ISO 32000-1, 9.7).

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Finish, Name, Pdf, Rect, Ref, Str};
use subsetter::{GlyphRemapper, subset};
use ttf_parser::{Face, GlyphId};

use crate::error::PlotError;
use crate::font::{CAP_HEIGHT, FontFile, Fonts, glyph};
use crate::geometry::narrow;

use super::compressed;

/// Thickness of upright stems in 1/1000 em: the format demands one, viewers use it where they lack
/// the embedded font.
const STEM: f32 = 80.0;

/// The fonts of a document, and which of their glyphs it shows.
pub(super) struct UsedFonts<'a> {
    fonts: &'a Fonts,
    glyphs: BTreeMap<FontFile, Glyphs>,
}

/// Glyphs of one font: their new numbers, and what they stand for.
#[derive(Default)]
struct Glyphs {
    numbers: GlyphRemapper,
    characters: BTreeMap<u16, char>,
}

impl<'a> UsedFonts<'a> {
    /// No glyphs as yet.
    pub fn new(fonts: &'a Fonts) -> Self {
        Self {
            fonts,
            glyphs: BTreeMap::new(),
        }
    }

    /// The numbers of a text's glyphs, two bytes each.
    pub fn encode(&mut self, file: FontFile, text: &str) -> Vec<u8> {
        let face = self.fonts.face(file);
        let used = self.glyphs.entry(file).or_default();
        let number = |character| {
            let number = used.numbers.remap(glyph(face, character).0);
            used.characters.entry(number).or_insert(character);
            number
        };
        text.chars()
            .map(number)
            .flat_map(u16::to_be_bytes)
            .collect()
    }

    /// Writes the fonts into a document; gives the number of each.
    pub fn embed(
        &self,
        pdf: &mut Pdf,
        id: &mut impl FnMut() -> Ref,
    ) -> Result<Vec<(FontFile, Ref)>, PlotError> {
        let embed = |(file, glyphs): (&FontFile, &Glyphs)| {
            let font = id();
            let face = self.fonts.face(*file);
            embed(pdf, [font, id(), id(), id(), id()], (*file, face), glyphs)?;
            Ok((*file, font))
        };
        self.glyphs.iter().map(embed).collect()
    }
}

/// Writes one font: the font of which text is set, its descendant that holds the widths, the
/// descriptor, the file, and the characters that the glyphs stand for.
fn embed(
    pdf: &mut Pdf,
    [font, descendant, descriptor, stream, unicode]: [Ref; 5],
    (file, face): (FontFile, &Face<'_>),
    glyphs: &Glyphs,
) -> Result<(), PlotError> {
    let bytes = subset(file.bytes(), 0, &glyphs.numbers)
        .map_err(|error| PlotError::Font(error.to_string()))?;
    // Six letters before the name say that the font is a subset.
    let name = format!("ROOTLK+{}", file.name());
    let name = Name(name.as_bytes());
    pdf.type0_font(font)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(descendant)
        .to_unicode(unicode);
    let mut cid = pdf.cid_font(descendant);
    cid.subtype(CidFontType::Type2)
        .base_font(name)
        .system_info(IDENTITY)
        .font_descriptor(descriptor)
        .cid_to_gid_map_predefined(Name(b"Identity"));
    cid.widths().consecutive(0, widths(face, glyphs));
    cid.finish();
    describe(pdf, descriptor, name, face, stream);
    compressed(pdf, stream, &bytes);
    let mut characters = UnicodeCmap::new(Name(b"Characters"), IDENTITY);
    for (number, character) in &glyphs.characters {
        characters.pair(*number, *character);
    }
    pdf.cmap(unicode, &characters.finish());
    Ok(())
}

/// Glyphs are numbered by the font itself.
const IDENTITY: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// The advances in 1/1000 em, by new number.
fn widths(face: &Face<'_>, glyphs: &Glyphs) -> Vec<f32> {
    let advance = |old| face.glyph_hor_advance(GlyphId(old)).unwrap_or(0);
    let old = glyphs.numbers.remapped_gids();
    old.map(|old| thousandths(face, f64::from(advance(old))))
        .collect()
}

fn describe(pdf: &mut Pdf, id: Ref, name: Name<'_>, face: &Face<'_>, stream: Ref) {
    let length = |units: i16| thousandths(face, f64::from(units));
    let bounds = face.global_bounding_box();
    let mut flags = FontFlags::NON_SYMBOLIC;
    flags.set(FontFlags::ITALIC, face.is_italic());
    pdf.font_descriptor(id)
        .name(name)
        .flags(flags)
        .bbox(Rect::new(
            length(bounds.x_min),
            length(bounds.y_min),
            length(bounds.x_max),
            length(bounds.y_max),
        ))
        .italic_angle(face.italic_angle())
        .ascent(length(face.ascender()))
        .descent(length(face.descender()))
        .cap_height(narrow(CAP_HEIGHT * 1000.0))
        .stem_v(STEM)
        .font_file2(stream);
}

/// A font's own units as 1/1000 em.
fn thousandths(face: &Face<'_>, units: f64) -> f32 {
    narrow(units * 1000.0 / f64::from(face.units_per_em()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glyph_has_one_number_however_often_it_is_shown() {
        let fonts = Fonts::load().unwrap();
        let mut used = UsedFonts::new(&fonts);
        assert_eq!(used.encode(FontFile::Regular, "aba"), [0, 1, 0, 2, 0, 1]);
        assert_eq!(used.encode(FontFile::Bold, "b"), [0, 1]);
        assert_eq!(used.encode(FontFile::Regular, "b"), [0, 2]);
    }

    #[test]
    fn widths_follow_the_new_numbers() {
        let fonts = Fonts::load().unwrap();
        let mut used = UsedFonts::new(&fonts);
        used.encode(FontFile::Regular, "W0");
        let widths = widths(
            fonts.face(FontFile::Regular),
            &used.glyphs[&FontFile::Regular],
        );
        // Arial's advances in units of 1/2048 em: W 1933, a digit 1139; before them .notdef.
        let expected = [1933.0, 1139.0].map(|units| narrow(units * 1000.0 / 2048.0));
        assert_eq!(widths[1..], expected);
    }
}
