//! Plots as a user sees them: well-formed SVG, a PNG of the right size with something on it, the
//! same bytes every time, and an error instead of a picture where the input makes no sense.

#![allow(
    clippy::unwrap_used,
    reason = "a helper that fails is a test that fails"
)]

use proptest::prelude::*;
use rootlake_plot::{Canvas, Colour, Curve, ErrorBars, Panel, PlotError, Series, StackPlot};

fn plot() -> StackPlot {
    let series = |label: &str, contents: [f64; 4]| {
        Series::new(label, Colour::RED, contents.into(), vec![0.5; 4])
    };
    StackPlot {
        processes: vec![
            series("t#bar{t} & <more>", [1.0, 2.0, 3.0, 0.0]),
            series("ZZ", [4.0; 4]),
        ],
        data: Some(Series::new(
            "Data",
            Colour::BLACK,
            vec![5.0, 0.0, 90.0, 4.0],
            vec![],
        )),
        overlays: vec![series("H", [0.0, 1.0, 9.0, 0.0])],
        curves: vec![Curve {
            label: "fit".into(),
            colour: Colour::BLUE,
            points: vec![(-1.0, 3.0), (0.5, 200.0), (9.0, 3.0)],
            dashed: true,
        }],
        x_title: "p_{T}^{all lep} [GeV]".into(),
        y_title: "Events".into(),
        notes: vec!["#sqrt{s} = 13 TeV, 10 fb⁻¹".into()],
        panel: Panel::DataOverPrediction,
        ..StackPlot::new(vec![0.0, 1.0, 2.0, 4.0, 8.0])
    }
}

/// Width, height and the number of different colours of a PNG.
fn decode(png: &[u8]) -> (u32, u32, usize) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png))
        .read_info()
        .unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let samples = info.color_type.samples();
    let colours: std::collections::BTreeSet<&[u8]> = bytes.chunks_exact(samples).collect();
    (info.width, info.height, colours.len())
}

#[test]
fn the_svg_is_well_formed_and_holds_its_texts() {
    let svg = plot().to_svg().unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("viewBox"), Some("0 0 700 750"));
    let texts: Vec<String> = root
        .descendants()
        .filter(|node| node.has_tag_name("text"))
        .map(|node| {
            node.descendants()
                .filter_map(|n| n.text().filter(|_| n.is_text()))
                .collect()
        })
        .collect();
    for expected in [
        "pall lepT [GeV]",
        "Events",
        "s = 13 TeV, 10 fb−1",
        "tt & <more>",
        "Data / Pred.",
    ] {
        assert!(
            texts.iter().any(|text| text == expected),
            "{expected}: {texts:?}"
        );
    }
}

#[test]
fn every_place_in_the_svg_lies_on_the_canvas() {
    let svg = plot().to_svg().unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let paths = document
        .descendants()
        .filter(|node| node.has_tag_name("path"));
    let mut seen = 0;
    for path in paths.filter(|path| path.attribute("transform").is_none()) {
        let numbers = path
            .attribute("d")
            .unwrap()
            .split(|c: char| "MLZ ".contains(c));
        let numbers: Vec<f64> = numbers.filter_map(|number| number.parse().ok()).collect();
        for place in numbers.chunks_exact(2) {
            assert!((0.0..=700.0).contains(&place[0]) && (0.0..=750.0).contains(&place[1]));
            seen += 1;
        }
    }
    assert!(seen > 100);
}

#[test]
fn the_png_has_its_size_and_its_colours() {
    let (width, height, colours) = decode(&plot().to_png(2.0).unwrap());
    assert_eq!((width, height), (1400, 1500));
    assert!(colours > 20);
    let small = StackPlot {
        canvas: Canvas {
            width: 333.0,
            height: 250.0,
        },
        ..plot()
    };
    let (width, height, _) = decode(&small.to_png(1.0).unwrap());
    assert_eq!((width, height), (333, 250));
}

#[test]
fn the_same_plot_gives_the_same_bytes() {
    assert_eq!(plot().to_svg(), plot().to_svg());
    assert_eq!(plot().to_png(1.0), plot().to_png(1.0));
    assert_eq!(plot().to_pdf(), plot().to_pdf());
}

#[test]
fn the_y_axis_is_the_one_set_or_shows_all_there_is() {
    let set = StackPlot {
        y_range: Some((1.0, 300.0)),
        ..plot()
    };
    assert_eq!(set.y_axis(), Ok((1.0, 300.0)));
    let (low, high) = plot().y_axis().unwrap();
    assert!(low == 0.0 && high > 90.0 + 90.0_f64.sqrt());
    // The smallest part of a stack is seen where the stack is everywhere high.
    let process = |content| Series::new("", Colour::RED, vec![content; 4], vec![0.0; 4]);
    let high_stack = StackPlot {
        processes: vec![process(10.0), process(5000.0)],
        data: None,
        log_y: true,
        ..plot()
    };
    assert!(high_stack.y_axis().unwrap().0 < 10.0);
}

#[test]
fn a_point_beyond_the_panel_is_an_arrow() {
    let inside = StackPlot {
        panel_range: Some((0.0, 50.0)),
        ..plot()
    }
    .to_svg()
    .unwrap();
    let outside = plot().to_svg().unwrap();
    let triangles = |svg: &str| {
        let document = roxmltree::Document::parse(svg).unwrap();
        let paths = document
            .descendants()
            .filter(|node| node.has_tag_name("path"));
        let shapes = paths.filter_map(|path| path.attribute("d"));
        shapes
            .filter(|d| d.ends_with('Z') && d.matches('L').count() == 2)
            .count()
    };
    assert_eq!((triangles(&inside), triangles(&outside)), (0, 1));
}

#[test]
fn empty_and_negative_plots_can_be_drawn() {
    for log_y in [false, true] {
        let empty = StackPlot {
            log_y,
            ..StackPlot::new(vec![0.0, 1.0])
        };
        assert!(empty.to_svg().is_ok());
        let negative = Series::new("", Colour::RED, vec![-4.0, 0.0], vec![1.0, 0.0]);
        let negative = StackPlot {
            processes: vec![negative],
            log_y,
            panel: Panel::DataMinusPrediction,
            ..StackPlot::new(vec![0.0, 1.0, 2.0])
        };
        assert!(negative.to_png(1.0).is_ok());
    }
}

#[test]
fn input_that_makes_no_sense_is_refused() {
    let nan = f64::NAN;
    let edges = |edges: &[f64]| StackPlot::new(edges.into()).to_svg().unwrap_err();
    assert_eq!(edges(&[]), PlotError::NoBins { found: 0 });
    assert_eq!(edges(&[1.0]), PlotError::NoBins { found: 1 });
    assert_eq!(
        edges(&[0.0, 2.0, 2.0]),
        PlotError::Edge {
            index: 2,
            value: 2.0
        }
    );
    assert!(matches!(
        edges(&[0.0, nan]),
        PlotError::Edge { index: 1, .. }
    ));
    assert!(matches!(
        edges(&[0.0, f64::INFINITY]),
        PlotError::Edge { index: 1, .. }
    ));
    assert!(matches!(
        edges(&[1e16, 1e16 + 2.0]),
        PlotError::Range { axis: "x", .. }
    ));
    assert!(matches!(
        edges(&vec![0.0; 20_000]),
        PlotError::TooMany { what: "bins", .. }
    ));

    let broken = |change: &dyn Fn(&mut StackPlot)| {
        let mut plot = plot();
        change(&mut plot);
        plot.to_svg().unwrap_err()
    };
    let process = |p: &mut StackPlot| p.processes[0].contents[1] = f64::NAN;
    assert!(matches!(
        broken(&process),
        PlotError::Value {
            what: "contents",
            index: 1,
            ..
        }
    ));
    let short = broken(&|p| p.processes[0].errors.truncate(3));
    assert!(matches!(
        short,
        PlotError::Length {
            what: "errors",
            found: 3,
            bins: 4,
            ..
        }
    ));
    let error = broken(&|p| p.processes[1].errors[0] = -1.0);
    assert!(matches!(
        error,
        PlotError::Value {
            what: "errors",
            index: 0,
            ..
        }
    ));
    let data = broken(&|p| p.data.as_mut().unwrap().contents[2] = -1.0);
    assert!(matches!(
        data,
        PlotError::Value {
            what: "contents",
            index: 2,
            ..
        }
    ));
    let given = broken(&|p| p.data_errors = ErrorBars::Given);
    assert!(matches!(
        given,
        PlotError::Length {
            what: "errors",
            found: 0,
            ..
        }
    ));
    let curve = broken(&|p| p.curves[0].points.reverse());
    assert!(matches!(curve, PlotError::Curve { .. }));
    let range = broken(&|p| p.y_range = Some((5.0, 5.0)));
    assert!(matches!(range, PlotError::Range { axis: "y", .. }));
    let log = broken(&|p| (p.log_y, p.y_range) = (true, Some((0.0, 5.0))));
    assert!(matches!(log, PlotError::Range { axis: "y", .. }));
    let canvas = broken(&|p| p.canvas.width = nan);
    assert!(matches!(canvas, PlotError::Canvas { .. }));
    for scale in [0.0, -1.0, nan, 1e9] {
        assert!(matches!(
            plot().to_png(scale),
            Err(PlotError::Canvas { .. })
        ));
    }
}

/// Numbers of every kind a damaged file may hold.
fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        40 => 0.0..1000.0_f64,
        20 => 0.0..1e8_f64,
        1 => any::<f64>(),
        9 => Just(0.0),
        1 => prop::num::f64::ANY,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_input_is_drawn_or_refused(
        edges in prop::collection::vec(any_number(), 0..6),
        step in 0.0..1e3_f64,
        contents in prop::collection::vec(any_number(), 4),
        errors in prop::collection::vec(any_number(), 4),
        range in prop::option::of((any_number(), any_number())),
        title in "[#^_{}\\[\\]a-z&<\u{0}\u{ffff}é]{0,30}",
        log_y in any::<bool>(),
        regular in any::<bool>(),
        size in 100.0..900.0_f64,
    ) {
        let even = (0..5).map(|i| f64::from(i) * step - 7.0).collect();
        let series = Series::new(title.as_str(), Colour::RED, contents, errors);
        let plot = StackPlot {
            processes: vec![series.clone(), series.clone()],
            data: Some(series.clone()),
            overlays: vec![series],
            x_title: title.clone(),
            notes: vec![title],
            y_range: range,
            log_y,
            panel: if log_y { Panel::DataOverPrediction } else { Panel::DataMinusPrediction },
            canvas: Canvas { width: size, height: 1000.0 - size },
            ..StackPlot::new(if regular { even } else { edges })
        };
        if let Ok(svg) = plot.to_svg() {
            let document = roxmltree::Document::parse(&svg).unwrap();
            let mut values = document.descendants().flat_map(|node| node.attributes());
            prop_assert!(values.all(|a| !a.value().contains("NaN") && !a.value().contains("inf")));
            prop_assert!(plot.to_png(0.3).is_ok());
            let pdf = plot.to_pdf().unwrap();
            prop_assert!(pdf.starts_with(b"%PDF-") && pdf.ends_with(b"%%EOF"));
        }
    }
}
