//! A scene as a PDF document of one page. The same scene always gives the same bytes.

mod content;
mod text;

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref};

use crate::error::PlotError;
use crate::font::Fonts;
use crate::geometry::narrow;
use crate::scene::Scene;

use text::UsedFonts;

/// Points, 1/72 of an inch, for each pixel, which CSS takes as 1/96.
const POINTS: f64 = 0.75;

/// How hard streams are compressed, of 10.
const LEVEL: u8 = 6;

/// Writes a scene as a complete PDF document.
pub(crate) fn write(scene: &Scene, fonts: &Fonts) -> Result<Vec<u8>, PlotError> {
    let mut next = Ref::new(1);
    let mut id = || next.bump();
    let (catalogue, pages, page, stream) = (id(), id(), id(), id());
    let mut used = UsedFonts::new(fonts);
    let content = content::of(scene, &mut used);

    let mut pdf = Pdf::new();
    pdf.catalog(catalogue).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    compressed(&mut pdf, stream, &content);
    let embedded = used.embed(&mut pdf, &mut id)?;
    let mut writer = pdf.page(page);
    let (width, height) = (scene.width * POINTS, scene.height * POINTS);
    writer
        .parent(pages)
        .media_box(Rect::new(0.0, 0.0, narrow(width), narrow(height)))
        .contents(stream);
    let mut resources = writer.resources();
    let mut dictionary = resources.fonts();
    for (file, font) in embedded {
        dictionary.pair(Name(file.name().as_bytes()), font);
    }
    dictionary.finish();
    resources.finish();
    writer.finish();
    Ok(pdf.finish())
}

/// Writes a stream, compressed.
fn compressed(pdf: &mut Pdf, id: Ref, bytes: &[u8]) {
    let packed = compress_to_vec_zlib(bytes, LEVEL);
    pdf.stream(id, &packed).filter(Filter::FlateDecode);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Colour;
    use crate::geometry::Polyline;
    use crate::geometry::{Point, Rect};
    use crate::typeset::typeset;

    fn document() -> Vec<u8> {
        let fonts = Fonts::load().unwrap();
        let mut scene = Scene::new(200.0, 100.0);
        let square = Rect {
            left: 10.0,
            top: 20.0,
            right: 30.0,
            bottom: 40.0,
        };
        scene.fill(vec![Polyline::closed(square.corners())], Colour::RED);
        scene.discs(vec![Point::new(50.0, 50.0)], 3.0, Colour::BLUE);
        scene.text(
            Point::new(60.0, 50.0),
            typeset(&fonts, "#sqrt{s} #bf{H}", 12.0),
        );
        write(&scene, &fonts).unwrap()
    }

    /// The first place of `needle`.
    fn find(bytes: &[u8], needle: &str) -> Option<usize> {
        let needle = needle.as_bytes();
        bytes
            .windows(needle.len())
            .position(|window| window == needle)
    }

    fn number(text: &str) -> usize {
        text.trim().parse().unwrap()
    }

    #[test]
    fn every_object_lies_where_the_table_says() {
        let pdf = document();
        let start = find(&pdf, "startxref").unwrap();
        let end = std::str::from_utf8(&pdf[start..]).unwrap();
        let table = number(end.lines().nth(1).unwrap());
        let table = std::str::from_utf8(&pdf[table..start]).unwrap();
        let mut lines = table.lines();
        assert_eq!(lines.next(), Some("xref"));
        let objects = number(lines.next().unwrap().strip_prefix("0 ").unwrap());
        // Four for the page, five for each of two fonts, and the head of the free list.
        assert_eq!(objects, 4 + 2 * 5 + 1);
        for (id, line) in lines.take(objects).enumerate().skip(1) {
            let at = number(&line[..10]);
            assert!(pdf[at..].starts_with(format!("{id} 0 obj").as_bytes()));
        }
    }

    #[test]
    fn the_page_holds_its_shapes_and_texts() {
        let pdf = document();
        let stream = find(&pdf, "stream\n").unwrap() + "stream\n".len();
        let content = miniz_oxide::inflate::decompress_to_vec_zlib(&pdf[stream..]).unwrap();
        let holds = |text: &str| find(&content, text).is_some();
        // Points upwards from pixels downwards; a red square; a disc; two fonts.
        assert!(holds("0.75 0 0 -0.75 0 75 cm"));
        assert!(holds("1 0 0 rg\n10 20 m\n30 20 l\n30 40 l\n10 40 l\nh\nf"));
        assert!(holds("53 50 m"));
        assert!(holds("/LiberationSans 12 Tf") && holds("/LiberationSans-Bold 12 Tf"));
        assert!(find(&pdf, "/MediaBox [0 0 150 75]").is_some());
        assert!(find(&pdf, "<0001> <0073>").is_some(), "the s is searchable");
    }

    #[test]
    fn fonts_are_cut_down_to_their_glyphs() {
        let document = document();
        assert!(document.len() < 20_000, "{}", document.len());
    }
}
