//! Draws the two plots everyone knows, with smooth pseudo data from formulae:
//! `cargo run -p rootlake-plot --example pictures -- FOLDER`.

use std::error::Error;
use std::path::Path;

use rootlake_plot::{Colour, Curve, ErrorBars, Panel, Series, StackPlot};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "pictures".to_owned());
    std::fs::create_dir_all(&folder)?;
    for (name, plot) in [
        ("four_lepton_mass", four_leptons()),
        ("diphoton_mass", diphotons()),
        ("missing_energy_log", missing_energy()),
        ("eta", pseudorapidity()),
    ] {
        let path = Path::new(&folder).join(name);
        std::fs::write(path.with_extension("svg"), plot.to_svg()?)?;
        std::fs::write(path.with_extension("png"), plot.to_png(2.0)?)?;
        println!("{}", path.with_extension("png").display());
    }
    Ok(())
}

/// The stack of H → ZZ* → 4ℓ with a Z, the ZZ continuum and a 125 GeV resonance.
fn four_leptons() -> StackPlot {
    let edges = even(80.0, 170.0, 24);
    let other = |m: f64| 0.9 + 1.4 * gauss(m, 95.0, 22.0);
    let continuum = |m: f64| {
        21.0 * gauss(m, 91.2, 3.4) + 2.1 + 0.6 * gauss(m, 118.0, 20.0) + 3.0 * rise(m, 178.0)
    };
    let higgs = |m: f64| 9.6 * gauss(m, 124.6, 2.6);
    let process = |label: &str, colour, f: &dyn Fn(f64) -> f64, relative: f64| {
        let contents = at_middles(&edges, f);
        let errors = contents.iter().map(|y| relative * y.sqrt()).collect();
        Series::new(label, colour, contents, errors)
    };
    let total = |m: f64| other(m) + continuum(m) + higgs(m);
    StackPlot {
        processes: vec![
            process("Other", Colour::BLUE_M6, &other, 0.4),
            process("ZZ*", Colour::AZURE_P8, &continuum, 0.15),
            process(
                "H #rightarrow ZZ* (m_{H} = 125 GeV)",
                Colour::RED,
                &higgs,
                0.1,
            ),
        ],
        data: Some(Series::new(
            "Data",
            Colour::BLACK,
            pseudo_data(&edges, &total),
            vec![],
        )),
        x_title: "m_{4l} [GeV]".into(),
        y_title: "Events / 3.75 GeV".into(),
        notes: vec![
            "#font[72]{rootlake} demo".into(),
            "generated events".into(),
            "#sqrt{s} = 13 TeV, 10 fb^{-1}".into(),
        ],
        panel: Panel::DataOverPrediction,
        ..StackPlot::new(edges)
    }
}

/// Two photons: a fitted polynomial and a Gaussian, and the data less the polynomial.
fn diphotons() -> StackPlot {
    let edges = even(105.0, 160.0, 30);
    let background = |m: f64| 9600.0 * (-(m - 105.0) / 27.0).exp() + 700.0;
    let signal = |m: f64| background(m) + 260.0 * gauss(m, 125.0, 2.4);
    let sampled = |f: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
        even(105.0, 160.0, 220)
            .into_iter()
            .map(|m| (m, f(m)))
            .collect()
    };
    let curve = |label: &str, colour, f: &dyn Fn(f64) -> f64, dashed| Curve {
        label: label.into(),
        colour,
        points: sampled(f),
        dashed,
    };
    StackPlot {
        data: Some(Series::new(
            "Data",
            Colour::BLACK,
            pseudo_data(&edges, &signal),
            vec![],
        )),
        data_errors: ErrorBars::SquareRoot,
        curves: vec![
            curve("Background", Colour::BLUE, &background, true),
            curve(
                "Signal + background (m_{H} = 125 GeV)",
                Colour::RED,
                &signal,
                false,
            ),
        ],
        x_title: "m_{#gamma#gamma} [GeV]".into(),
        y_title: "Events / 1.83 GeV".into(),
        notes: vec![
            "#font[72]{rootlake} demo, generated events".into(),
            "#sqrt{s} = 13 TeV, 10 fb^{-1}".into(),
            "H #rightarrow #gamma#gamma".into(),
        ],
        panel: Panel::DataMinusBackground(sampled(&background)),
        ..StackPlot::new(edges)
    }
}

/// A logarithmic stack of many processes over a wide range, without data in its tail.
fn missing_energy() -> StackPlot {
    let edges = even(30.0, 330.0, 30);
    let falling = |height: f64, slope: f64| move |x: f64| height * (-(x - 30.0) / slope).exp();
    let parts = [
        ("Single top", Colour::AZURE_P8, 9e3, 42.0),
        ("t#bar{t}", Colour::ORANGE_M3, 4e4, 48.0),
        ("Diboson", Colour::BLUE_M6, 3e4, 40.0),
        ("Z + jets", Colour::PINK_P9, 5e5, 17.0),
        ("W + jets", Colour::GREEN_M3, 4e6, 19.0),
    ];
    let total = move |x: f64| {
        parts
            .iter()
            .map(|(_, _, height, slope)| falling(*height, *slope)(x))
            .sum::<f64>()
            * 1.03
    };
    let processes = parts.map(|(label, colour, height, slope)| {
        let contents = at_middles(&edges, &falling(height, slope));
        let errors = contents.iter().map(|y| 3.0 * y.sqrt()).collect();
        Series::new(label, colour, contents, errors)
    });
    let signal = at_middles(&edges, &|x: f64| 900.0 * gauss(x, 180.0, 60.0));
    StackPlot {
        processes: processes.into(),
        data: Some(Series::new(
            "Data",
            Colour::BLACK,
            pseudo_data(&edges, &total),
            vec![],
        )),
        overlays: vec![Series::new(
            "Z' (1 TeV) #times 10",
            Colour::BLACK,
            signal,
            vec![],
        )],
        x_title: "E_{T}^{miss} [GeV]".into(),
        y_title: "Events / 10 GeV".into(),
        log_y: true,
        notes: vec![
            "#font[72]{rootlake} demo".into(),
            "#sqrt{s} = 13 TeV, 10 fb^{-1}".into(),
            "W #rightarrow l#nu".into(),
        ],
        panel: Panel::DataOverPrediction,
        panel_range: Some((0.5, 1.5)),
        ..StackPlot::new(edges)
    }
}

/// A flat distribution with large numbers and no lower panel.
fn pseudorapidity() -> StackPlot {
    let edges = even(-3.0, 3.0, 30);
    let flat = |eta: f64| 1.9e6 * rise(2.5, eta.abs()) * (1.0 - 0.03 * eta * eta);
    let contents = at_middles(&edges, &flat);
    let errors = contents.iter().map(|y| 0.03 * y).collect();
    StackPlot {
        processes: vec![Series::new(
            "Z #rightarrow ll",
            Colour::PINK_P9,
            contents,
            errors,
        )],
        data: Some(Series::new(
            "Data",
            Colour::BLACK,
            pseudo_data(&edges, &flat),
            vec![],
        )),
        x_title: "#eta^{leadlep}".into(),
        y_title: "Events".into(),
        notes: vec![
            "#sqrt{s} = 13 TeV, 10 fb^{-1}".into(),
            "Z #rightarrow #mu#mu".into(),
        ],
        ..StackPlot::new(edges)
    }
}

fn even(lo: f64, hi: f64, bins: u32) -> Vec<f64> {
    (0..=bins)
        .map(|i| lo + (hi - lo) * f64::from(i) / f64::from(bins))
        .collect()
}

fn at_middles(edges: &[f64], f: &dyn Fn(f64) -> f64) -> Vec<f64> {
    edges
        .windows(2)
        .map(|bin| f(bin.iter().sum::<f64>() / 2.0))
        .collect()
}

/// Whole counts that waver about the expectation as far as real ones would, without chance.
fn pseudo_data(edges: &[f64], f: &dyn Fn(f64) -> f64) -> Vec<f64> {
    let waver = (1..).map(|i| 1.6 * (f64::from(i) * 2.4).sin() * (f64::from(i) * 0.7).cos());
    let counts = at_middles(edges, f).into_iter().zip(waver);
    counts
        .map(|(mean, w)| (mean + w * mean.sqrt()).round().max(0.0))
        .collect()
}

fn gauss(x: f64, mean: f64, sigma: f64) -> f64 {
    (-0.5 * ((x - mean) / sigma).powi(2)).exp()
}

fn rise(x: f64, from: f64) -> f64 {
    1.0 / (1.0 + (-(x - from) / 0.05_f64.max(0.03 * from.abs())).exp())
}
